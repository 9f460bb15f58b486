#include "emulator/http2_server.hpp"

#include "emulator/http2_frames.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace venice_keys::emulation {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

} // namespace

http2_server::http2_server(std::shared_ptr<channel> bytes, std::shared_ptr<service> serves, std::uint64_t connection,
                           const http2_limits& limits)
    : http_server(std::move(bytes), std::move(serves), connection),
      limits_(limits),
      session_(limits),
      awake_(channel_->get_executor()),
      done_(channel_->get_executor()),
      silence_(channel_->get_executor()),
      changed_limits_(channel_->get_executor()),
      service_timer_(channel_->get_executor())
{
}

asio::awaitable<void> http2_server::serve()
{
    asio::co_spawn(
        channel_->get_executor(), [self = shared_from_this()] { return self->write_all(); },
        [self = shared_from_this()](std::exception_ptr thrown) {
            self->written_all_ = true;
            self->done_.cancel();
            self->channel_->stop_reading();
            if (thrown)
                std::rethrow_exception(std::move(thrown));
        });
    while (!written_all_) {
        const std::size_t size = co_await channel_->read_some(input_);
        if (size == 0)
            break;
        if (end_ == end::none && !session_.receive({static_cast<const char*>(input_.data().data()), size}))
            end_ = end::close;
        input_.consume(size);
        take_events();
        wake();
    }
    read_all_ = true;
    wake();
    if (!written_all_)
        co_await sleep(done_);
    drop(); // requests that have not been answered by now
    if (end_ == end::reset)
        channel_->reset();
    else if (end_ == end::truncate)
        channel_->truncate();
    else if (channel_->dropped())
        append_goaway(between_frames(), last_taken_, NGHTTP2_NO_ERROR, {});
}

void http2_server::drop()
{
    for (const auto& [id, each] : std::exchange(serving_, {})) {
        each->gone = true;
        each->timer.cancel();
    }
    waiting_.clear();
    service_timer_.cancel();
    silence_.cancel();
    changed_limits_.cancel();
    wake();
}

// Sends until nothing more is to be sent. What has come is served even when nothing can be sent any more.
asio::awaitable<void> http2_server::write_all()
{
    bool usable = true;
    for (;;) {
        if (usable && !silent_ && end_ == end::none)
            session_.gather(channel_->output());
        if (usable && !channel_->output().empty()) {
            usable = co_await channel_->flush();
            take_events(); // streams end when their answers have been gathered
            if (!usable)
                channel_->stop_reading();
        } else if (is_over()) {
            break;
        } else {
            co_await sleep(awake_);
        }
    }
}

asio::awaitable<void> http2_server::sleep(asio::steady_timer& until_cancelled)
{
    until_cancelled.expires_at(asio::steady_timer::time_point::max());
    co_await until_cancelled.async_wait(use_tuple);
}

bool http2_server::is_over() const
{
    if (end_ != end::none || channel_->dropped() || !session_.alive())
        return true;
    if (read_all_)
        return silent_ || serving_.empty();
    return draining_ && session_.count_open() <= stalled_.size();
}

// Takes the requests and the closed streams that the session has to report.
void http2_server::take_events()
{
    for (const std::uint32_t id : session_.take_closed()) {
        stalled_.erase(id);
        forget(id);
    }
    for (http2_session::arrival& each : session_.take_arrivals())
        begin(std::move(each));
}

void http2_server::begin(http2_session::arrival came)
{
    came.asked.connection = connection_;
    const std::uint32_t id = came.asked.stream;
    if (session_.ignores(id)) // a GOAWAY was sent after it had come
        return;
    const auto which = std::make_shared<stream>(channel_->get_executor(), std::move(came.asked));
    serving_[id] = which;
    if (came.refuse_with != 0) {
        service_->count_failure();
        const char* const why = came.refuse_with == 413 ? "body limit exceeded" : "header limit exceeded";
        send(which, refusal(came.refuse_with, why), wall_clock());
        return;
    }
    const auto time = service_->service_time();
    if (time.count() == 0) {
        serve_stream(which);
        return;
    }
    waiting_.emplace_back(std::chrono::steady_clock::now() + time, which);
    if (waiting_.size() == 1)
        serve_due();
}

// All requests take the same time, so that they are served in the order in which they came.
void http2_server::serve_due()
{
    while (!waiting_.empty() && waiting_.front().first <= std::chrono::steady_clock::now()) {
        const stream_ptr which = std::move(waiting_.front().second);
        waiting_.pop_front();
        serve_stream(which);
    }
    if (waiting_.empty())
        return;
    service_timer_.expires_at(waiting_.front().first);
    service_timer_.async_wait([self = shared_from_this()](error_code ec) {
        if (!ec)
            self->serve_due();
    });
}

void http2_server::serve_stream(const stream_ptr& which)
{
    if (which->gone || end_ != end::none)
        return;
    last_taken_ = std::max(last_taken_, which->asked.stream);
    decision made = decide(which->asked);
    if (made.strike)
        strike(which, std::move(made));
    else
        send(which, made.answer, made.when);
    wake();
}

void http2_server::after(const stream_ptr& which, std::chrono::milliseconds time, std::function<void()> then)
{
    after(which->timer, time, [which, then = std::move(then)] {
        if (!which->gone)
            then();
    });
}

void http2_server::after(asio::steady_timer& timer, std::chrono::milliseconds time, std::function<void()> then)
{
    timer.expires_after(time);
    timer.async_wait([self = shared_from_this(), then = std::move(then)](error_code ec) {
        if (ec)
            return;
        then();
        self->wake();
    });
}

void http2_server::forget(std::uint32_t id)
{
    if (held_ && held_->stream == id)
        held_.reset();
    const auto found = serving_.find(id);
    if (found == serving_.end())
        return;
    found->second->gone = true;
    found->second->timer.cancel();
    std::erase_if(waiting_, [&](const auto& each) { return each.second == found->second; });
    serving_.erase(found);
}

// If an answer is held, it goes to this request, and this request's answer goes to the one it was held for.
void http2_server::send(const stream_ptr& which, const reply& answer, timestamp when)
{
    const std::uint32_t id = which->asked.stream;
    serving_.erase(id);
    if (const auto other = std::exchange(held_, std::nullopt)) {
        session_.answer(other->stream, answer, when);
        session_.answer(id, other->answer, other->when);
    } else {
        session_.answer(id, answer, when);
    }
}

} // namespace venice_keys::emulation
