#include "net/connect_fault.hpp"

#include <boost/asio/error.hpp>

#include <sstream>
#include <utility>

namespace venice_keys::net {

std::string connect_fault(std::string step, const boost::system::error_code& why)
{
    std::string text = std::move(step) + " failed";
    if (why)
        text += ": " + why.message();
    return text;
}

std::string connect_fault(std::string step, const boost::system::error_code& why,
                          const boost::asio::ip::tcp::endpoint& address, bool is_proxy)
{
    std::ostringstream text;
    text << connect_fault(std::move(step), why);
    if (why == boost::asio::error::connection_refused)
        text << " (does a " << (is_proxy ? "proxy" : "server") << " listen at " << address << "?)";
    return std::move(text).str();
}

} // namespace venice_keys::net
