#include "net/race.hpp"

#include <algorithm>
#include <utility>

namespace venice_keys::net {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds attempt_delay{250}; // RFC 8305 section 8: the recommended value

} // namespace

std::vector<asio::ip::tcp::endpoint> interleave(const std::vector<asio::ip::tcp::endpoint>& resolved)
{
    std::vector<asio::ip::tcp::endpoint> ordered = resolved;
    if (ordered.empty())
        return ordered;
    const bool first_is_v6 = ordered.front().address().is_v6();
    auto other = std::stable_partition(ordered.begin(), ordered.end(), [first_is_v6](const auto& each) {
        return each.address().is_v6() == first_is_v6;
    });
    // Rotate one of the second family in behind each of the first.
    for (auto place = ordered.begin() + 1; place < other && other != ordered.end(); place += 2) {
        std::rotate(place, other, other + 1);
        ++other;
    }
    return ordered;
}

race::race(asio::any_io_executor executor, std::vector<tcp::endpoint> addresses, callback done)
    : executor_(std::move(executor)), addresses_(interleave(addresses)), stagger_(executor_), done_(std::move(done))
{
    sockets_.reserve(addresses_.size());
}

void race::start()
{
    next();
}

void race::cancel()
{
    done_ = nullptr;
    stagger_.cancel();
    for (tcp::socket& each : sockets_) {
        boost::system::error_code ignored; // it is being given up
        each.close(ignored);
    }
}

void race::next()
{
    const std::size_t which = sockets_.size();
    if (which == addresses_.size())
        return;
    sockets_.emplace_back(executor_);
    sockets_[which].async_connect(addresses_[which], [self = shared_from_this(), which](boost::system::error_code ec) {
        self->ended(which, ec);
    });
    if (which + 1 == addresses_.size())
        return;
    stagger_.expires_after(attempt_delay);
    stagger_.async_wait([self = shared_from_this(), which](boost::system::error_code ec) {
        // A later attempt may have been started since, when this one failed early.
        if (!ec && self->done_ && self->sockets_.size() == which + 1)
            self->next();
    });
}

void race::ended(std::size_t which, boost::system::error_code ec)
{
    if (!done_)
        return;
    if (!ec)
        return finish(ec, std::move(sockets_[which]));
    if (++failed_ == addresses_.size())
        return finish(ec, tcp::socket(executor_));
    if (failed_ == sockets_.size())
        next();
}

void race::finish(boost::system::error_code ec, tcp::socket winner)
{
    const callback done = std::exchange(done_, nullptr);
    cancel();
    done(ec, std::move(winner));
}

} // namespace venice_keys::net
