// What an emulator starts with: its options, an address, a token, or one plain line that says why it can't start.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>

#include <string>

namespace venice_keys::emulation {

// A boost::system::system_error whose what() is `what` and why.
void throw_if(boost::system::error_code ec, const std::string& what);

// As VENICE_ADMIN_KEY_ and random digits.
[[nodiscard]] std::string make_token();

[[nodiscard]] boost::asio::ip::address read_address(const std::string& text);
// A client on this machine reaches it as localhost.
[[nodiscard]] bool is_local(const boost::asio::ip::address& address);
[[nodiscard]] std::string in_url(const boost::asio::ip::address& address);

} // namespace venice_keys::emulation
