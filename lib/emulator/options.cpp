#include "emulator/options.hpp"

#include "emulator/encoding.hpp"
#include "emulator/tls_settings.hpp"

#include <venice_keys/emulator.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace venice_keys {

namespace {

constexpr std::size_t most_keys = 1'000'000; // about a gigabyte
constexpr unsigned most_failures = 1'000'000;
constexpr std::chrono::hours longest_service{1};
constexpr std::uint32_t most_in_http2 = 0x7FFF'FFFF; // RFC 9113 section 6.5.2

error out_of_range(const std::string& field, const std::string& value, const std::string& range)
{
    return error{errc::invalid_argument, field + ": " + value + " is not in " + range};
}

} // namespace

result<void> emulator_options::validate() const
{
    if (initial_keys > most_keys)
        return out_of_range("initial_keys", std::to_string(initial_keys), "0 … " + std::to_string(most_keys));
    if (service_time < std::chrono::milliseconds{0} || service_time > longest_service)
        return out_of_range("service_time", std::to_string(service_time.count()) + " ms", "0 ms … 1 h");
    if (max_streams > most_in_http2)
        return out_of_range("max_streams", std::to_string(max_streams), "0 … " + std::to_string(most_in_http2));
    if (initial_window > most_in_http2)
        return out_of_range("initial_window", std::to_string(initial_window), "0 … " + std::to_string(most_in_http2));
    if (error_budget && (*error_budget == 0 || *error_budget > most_failures))
        return out_of_range("error_budget", std::to_string(*error_budget), "1 … " + std::to_string(most_failures));
    if (unknown_key_status && *unknown_key_status != 400 && *unknown_key_status != 404)
        return error{errc::invalid_argument,
                     "unknown_key_status: " + std::to_string(*unknown_key_status) + " is neither 400 nor 404"};
    if (certificate_file.empty() != private_key_file.empty())
        return error{errc::invalid_argument,
                     "certificate_file and private_key_file: only one is set; set both or neither"};
    return result<void>::success();
}

namespace emulation {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// The text of system_error itself ends with the place in Asio's headers where the error was made, which helps nobody.
class start_failure : public boost::system::system_error {
public:
    start_failure(error_code ec, const std::string& what, std::string_view advice)
        : system_error(ec), text_(what + ": " + ec.message())
    {
        if (!advice.empty())
            text_.append("; ").append(advice);
    }

    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

private:
    std::string text_;
};

} // namespace

void throw_if(error_code ec, const std::string& what, std::string_view advice)
{
    if (ec)
        throw start_failure(ec, what, advice);
}

std::string_view advice_for(error_code listening) noexcept
{
    if (listening == asio::error::address_in_use)
        return "give another port, or 0 for a free one";
    if (listening == asio::error::access_denied)
        return "give a port above 1023, or 0 for a free one";
    if (listening == boost::system::errc::address_not_available)
        return "give an address of this machine";
    return {};
}

std::string make_token()
{
    const auto digits = random_hex(20);
    if (!digits)
        throw_if(take_openssl_error(), "cannot make a token");
    return "VENICE_ADMIN_KEY_" + *digits;
}

asio::ip::address read_address(const std::string& text)
{
    error_code ec;
    asio::ip::address address = asio::ip::make_address(text, ec);
    throw_if(ec, "address: '" + text + "' is not an IP address");
    return address;
}

bool is_local(const asio::ip::address& address)
{
    return address.is_loopback() || address.is_unspecified();
}

std::string in_url(const asio::ip::address& address)
{
    return address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
}

} // namespace emulation

} // namespace venice_keys
