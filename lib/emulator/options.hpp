// What an emulator starts with: its options, an address, a token, or one plain line that says why it can't start.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>

#include <string>
#include <string_view>

namespace venice_keys::emulation {

// Throws a boost::system::system_error whose what() is `what` with the reason behind it, and then the advice.
void throw_if(boost::system::error_code ec, const std::string& what, std::string_view advice = {});

// What to do when an address can't be listened on for this reason; empty when there is nothing to say.
[[nodiscard]] std::string_view advice_for(boost::system::error_code listening) noexcept;

// Returns VENICE_ADMIN_KEY_ with random digits behind it.
[[nodiscard]] std::string make_token();

[[nodiscard]] boost::asio::ip::address read_address(const std::string& text);
// Whether a client on this machine reaches the address as localhost.
[[nodiscard]] bool is_local(const boost::asio::ip::address& address);
[[nodiscard]] std::string in_url(const boost::asio::ip::address& address);

} // namespace venice_keys::emulation
