// Checks whether the service would accept the body of an update or a creation, and says what it would say of another.
#pragma once

#include "emulator/key_store.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace venice_keys::emulation {

struct issue {
    std::vector<std::string> path; // empty: the body as a whole
    std::string code;
    std::string message;
};

struct checked_body {
    key_fields fields;     // of use only without issues
    std::string challenge; // of a wallet's creation: the token or message that was signed
    std::string address;   // of a wallet's creation
    std::vector<issue> issues;
};

[[nodiscard]] checked_body check_update(const boost::json::value& body);
[[nodiscard]] checked_body check_creation(const boost::json::value& body);
// Checks a creation for a wallet. Address and signature must have the right form; whether they match is not checked.
[[nodiscard]] checked_body check_web3_creation(const boost::json::value& body, wallet_form form);
// Whether the text is 0x with 40 hexadecimal digits behind it.
[[nodiscard]] bool is_wallet_address(std::string_view text);

} // namespace venice_keys::emulation
