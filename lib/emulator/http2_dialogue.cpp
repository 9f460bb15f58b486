#include "emulator/http2_dialogue.hpp"

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

http2_dialogue::http2_dialogue(std::shared_ptr<line> line, std::shared_ptr<service> serves, std::uint64_t connection,
                               const http2_limits& limits)
    : line_(std::move(line)),
      service_(std::move(serves)),
      connection_(connection),
      limits_(limits),
      session_(limits),
      awake_(line_->get_executor()),
      done_(line_->get_executor()),
      silence_(line_->get_executor()),
      changed_limits_(line_->get_executor()),
      service_timer_(line_->get_executor())
{
}

asio::awaitable<void> http2_dialogue::serve()
{
    asio::co_spawn(
        line_->get_executor(), [self = shared_from_this()] { return self->write_all(); },
        [self = shared_from_this()](std::exception_ptr thrown) {
            self->written_all_ = true;
            self->done_.cancel();
            self->line_->stop_reading();
            if (thrown)
                std::rethrow_exception(std::move(thrown));
        });
    while (!written_all_) {
        const std::size_t size = co_await line_->read_some(input_);
        if (size == 0)
            break;
        if (end_ == end::none && !session_.receive({static_cast<const char*>(input_.data().data()), size}))
            end_ = end::close;
        input_.consume(size);
        take_news();
        wake();
    }
    read_all_ = true;
    wake();
    if (!written_all_)
        co_await sleep(done_);
    drop(); // what is not answered by now
    if (end_ == end::reset)
        line_->reset();
    else if (end_ == end::truncate)
        line_->truncate();
    else if (line_->dropped())
        append_goaway(between_frames(), last_taken_, NGHTTP2_NO_ERROR, {});
}

void http2_dialogue::drop()
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

// Sends until nothing more will have to be sent. When nothing can be sent any more, what has come is served all the
// same.
asio::awaitable<void> http2_dialogue::write_all()
{
    bool well = true;
    for (;;) {
        if (well && !silent_ && end_ == end::none)
            session_.gather(line_->output());
        if (well && !line_->output().empty()) {
            well = co_await line_->flush();
            take_news(); // streams end when their answers have been gathered
            if (!well)
                line_->stop_reading();
        } else if (is_over()) {
            break;
        } else {
            co_await sleep(awake_);
        }
    }
}

asio::awaitable<void> http2_dialogue::sleep(asio::steady_timer& until_cancelled)
{
    until_cancelled.expires_at(asio::steady_timer::time_point::max());
    co_await until_cancelled.async_wait(use_tuple);
}

bool http2_dialogue::is_over() const
{
    if (end_ != end::none || line_->dropped() || !session_.alive())
        return true;
    if (read_all_)
        return silent_ || serving_.empty();
    return draining_ && session_.open() <= stalled_.size();
}

// Takes what the session has learned: requests and closed streams.
void http2_dialogue::take_news()
{
    for (const std::uint32_t id : session_.take_closed()) {
        stalled_.erase(id);
        forget(id);
    }
    for (http2_session::arrival& each : session_.take_arrivals())
        begin(std::move(each));
}

void http2_dialogue::begin(http2_session::arrival came)
{
    came.asked.connection = connection_;
    const std::uint32_t id = came.asked.stream;
    if (session_.leaves_out(id)) // GOAWAY was said after it had come
        return;
    const auto which = std::make_shared<stream>(line_->get_executor(), std::move(came.asked));
    serving_[id] = which;
    if (came.refuse_with != 0) {
        service_->count_failure();
        const char* const why = came.refuse_with == 413 ? "body limit exceeded" : "header limit exceeded";
        say(which, refusal(came.refuse_with, why), wall_clock());
        return;
    }
    const auto time = service_->service_time();
    if (time.count() == 0) {
        serve_one(which);
        return;
    }
    waiting_.emplace_back(std::chrono::steady_clock::now() + time, which);
    if (waiting_.size() == 1)
        serve_due();
}

// All of them take the same time, so that they are done in the order in which they came.
void http2_dialogue::serve_due()
{
    while (!waiting_.empty() && waiting_.front().first <= std::chrono::steady_clock::now()) {
        const stream_ptr which = std::move(waiting_.front().second);
        waiting_.pop_front();
        serve_one(which);
    }
    if (waiting_.empty())
        return;
    service_timer_.expires_at(waiting_.front().first);
    service_timer_.async_wait([self = shared_from_this()](error_code ec) {
        if (!ec)
            self->serve_due();
    });
}

void http2_dialogue::serve_one(const stream_ptr& which)
{
    if (which->gone || end_ != end::none)
        return;
    last_taken_ = std::max(last_taken_, which->asked.stream);
    exchange done = ask(service_, which->asked, line_->get_executor());
    if (done.what.strike)
        strike(which, std::move(done));
    else
        say(which, done.what.answer, done.when);
    wake();
}

void http2_dialogue::after(const stream_ptr& which, std::chrono::milliseconds time, std::function<void()> then)
{
    after(which->timer, time, [which, then = std::move(then)] {
        if (!which->gone)
            then();
    });
}

void http2_dialogue::after(asio::steady_timer& timer, std::chrono::milliseconds time, std::function<void()> then)
{
    timer.expires_after(time);
    timer.async_wait([self = shared_from_this(), then = std::move(then)](error_code ec) {
        if (ec)
            return;
        then();
        self->wake();
    });
}

void http2_dialogue::forget(std::uint32_t id)
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
void http2_dialogue::say(const stream_ptr& which, const reply& answer, timestamp when)
{
    const std::uint32_t id = which->asked.stream;
    const bool to_head = which->asked.method == "HEAD";
    serving_.erase(id);
    if (const auto other = std::exchange(held_, std::nullopt)) {
        session_.answer(other->stream, answer, when, other->to_head, fault::part::whole);
        session_.answer(id, other->answer, other->when, to_head, fault::part::whole);
    } else {
        session_.answer(id, answer, when, to_head, fault::part::whole);
    }
}

} // namespace venice_keys::emulation
