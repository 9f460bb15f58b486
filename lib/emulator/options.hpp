// What an emulator starts with: its options, an address, a token, or one plain line that says why it can't start.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>

#include <string>

namespace venice_keys::emulation {

// Throws a boost::system::system_error whose what() is `what` with the reason behind it.
void throw_if(boost::system::error_code ec, const std::string& what);

// Returns VENICE_ADMIN_KEY_ with random digits behind it.
[[nodiscard]] std::string make_token();

[[nodiscard]] boost::asio::ip::address read_address(const std::string& text);
// Whether a client on this machine reaches the address as localhost.
[[nodiscard]] bool is_local(const boost::asio::ip::address& address);
[[nodiscard]] std::string in_url(const boost::asio::ip::address& address);

} // namespace venice_keys::emulation
