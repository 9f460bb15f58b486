// Settings for clients that never get as far as to connect, and a handler that writes down how its call ended.
#pragma once

#include "support/certificates.hpp"
#include "support/tracking_executor.hpp"

#include <venice_keys/client.hpp>

#include <optional>
#include <string>
#include <utility>

namespace venice_keys::test {

using namespace detail;

inline constexpr auto both = {threading::multi, threading::single};

// Nothing listens at this address, and no test gets as far as to try.
inline config settings(threading how = threading::multi)
{
    static const std::string root = ::test::authority().pem(); // reading the system's store would take long
    config made;
    made.tls.ca_pem = root;
    made.base_url = "https://192.0.2.1:1";
    made.threading = how;
    return made;
}

inline credentials someone(std::string token = "t0ken")
{
    return credentials{secret(std::move(token))};
}

// An update that is refused before it is sent.
inline key_update bad_update()
{
    return key_update("");
}

struct ends {
    unsigned count = 0;
    std::optional<boost::system::error_code> code;
    std::string detail;
    int mark = 0;

    auto handler()
    {
        return [this](auto with) {
            ++count;
            mark = ::test::tracked::current();
            code = with ? boost::system::error_code() : with.error().code;
            if (!with)
                detail = with.error().detail;
        };
    }
};

} // namespace venice_keys::test
