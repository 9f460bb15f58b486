// Where the examples find the service and the token: in the environment, because a command line can be read by others.
//
//     VENICE_API_KEY    the token: an admin key
//     VENICE_BASE_URL   another server than https://api.venice.ai/api/v1
//     VENICE_CA_FILE    whom to trust instead of the system's certificates
//     HTTPS_PROXY       a proxy on the way to it
//     NO_PROXY          servers that are reached without that
#pragma once

#include <venice_keys/config.hpp>
#include <venice_keys/credentials.hpp>

// [environment]
inline venice_keys::config config_from_environment()
{
    return venice_keys::config::from_environment().value();
}

inline venice_keys::credentials credentials_from_environment()
{
    return venice_keys::credentials{venice_keys::secret::from_environment("VENICE_API_KEY").value()};
}
// [/environment]
