// Where the examples find the service and the token: in the environment, because a command line can be read by others.
//
//     VENICE_API_KEY    the token: an admin key
//     VENICE_BASE_URL   another server than https://api.venice.ai/api/v1
//     VENICE_CA_FILE    whom to trust instead of the system's certificates
#pragma once

#include <venice_keys/config.hpp>
#include <venice_keys/credentials.hpp>

#include <cstdlib>

// [environment]
inline venice_keys::config config_from_environment()
{
    venice_keys::config config;
    if (const char* const url = std::getenv("VENICE_BASE_URL"))
        config.base_url = url;
    if (const char* const file = std::getenv("VENICE_CA_FILE"))
        config.tls.ca_file = file;
    return config;
}

inline venice_keys::credentials credentials_from_environment()
{
    return venice_keys::credentials{venice_keys::secret::from_environment("VENICE_API_KEY").value()};
}
// [/environment]
