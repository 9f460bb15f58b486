#include "emulator/http_server.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <utility>

namespace venice_keys::emulation {

http_server::http_server(std::shared_ptr<channel> bytes, std::shared_ptr<service> serves, std::uint64_t connection)
    : channel_(std::move(bytes)), service_(std::move(serves)), connection_(connection)
{
}

decision http_server::decide(const request& asked)
{
    decision made = service_->take(asked, wall_clock());
    if (made.apply_late) {
        auto timer = std::make_shared<boost::asio::steady_timer>(channel_->get_executor(), service::lateness);
        timer->async_wait([timer, serves = service_, asked](boost::system::error_code ec) {
            if (!ec)
                serves->apply_late(asked, wall_clock());
        });
    }
    return made;
}

timestamp wall_clock()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

} // namespace venice_keys::emulation
