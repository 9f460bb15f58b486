#include "emulator/dialogue.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>

namespace venice_keys::emulation {

timestamp wall_clock()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

exchange ask(const std::shared_ptr<service>& whom, const request& asked, const boost::asio::any_io_executor& executor)
{
    exchange out{wall_clock(), {}};
    out.what = whom->take(asked, out.when);
    if (out.what.apply_late) {
        auto timer = std::make_shared<boost::asio::steady_timer>(executor, service::lateness);
        timer->async_wait([timer, whom, asked](boost::system::error_code ec) {
            if (!ec)
                whom->apply_late(asked, wall_clock());
        });
    }
    return out;
}

} // namespace venice_keys::emulation
