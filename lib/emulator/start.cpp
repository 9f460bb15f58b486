#include "emulator/start.hpp"

#include "emulator/encoding.hpp"
#include "emulator/tls_settings.hpp"

#include <boost/system/system_error.hpp>

namespace venice_keys::emulation {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// system_error's own text ends with where in Asio's headers the error was made, which helps nobody.
class start_failure : public boost::system::system_error {
public:
    start_failure(error_code ec, const std::string& what) : system_error(ec), text_(what + ": " + ec.message()) {}

    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

private:
    std::string text_;
};

} // namespace

void throw_if(error_code ec, const std::string& what)
{
    if (ec)
        throw start_failure(ec, what);
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
    throw_if(ec, "the address '" + text + "' can't be read");
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

} // namespace venice_keys::emulation
