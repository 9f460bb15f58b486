#include "emulator/http1_server.hpp"

#include "emulator/fault_access.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

namespace venice_keys::emulation {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t max_output = 64 * 1024; // so much is sent without waiting for more

} // namespace

http1_server::http1_server(std::shared_ptr<channel> bytes, std::shared_ptr<service> serves, std::uint64_t connection)
    : http_server(std::move(bytes), std::move(serves), connection), timer_(channel_->get_executor())
{
    request_.connection = connection;
}

asio::awaitable<void> http1_server::serve()
{
    bool goes_on = true;
    while (goes_on) {
        goes_on = co_await read_request();
        if (goes_on)
            goes_on = co_await answer_request();
    }
}

// Returns whether there is a whole request. Sends what has been gathered before it waits for the network.
asio::awaitable<bool> http1_server::read_request()
{
    parser_.emplace();
    parser_->eager(true);
    parser_->header_limit(request_limits::header);
    parser_->body_limit(request_limits::body);
    bool told_to_continue = false;
    for (;;) {
        if (input_.size() != 0) {
            error_code ec;
            input_.consume(parser_->put(input_.data(), ec));
            if (ec && ec != http::error::need_more) {
                refuse(ec);
                co_return false;
            }
            if (parser_->is_done())
                co_return true;
        }
        if (parser_->is_header_done() && !told_to_continue && parser_->get()[http::field::expect] == "100-continue") {
            told_to_continue = true;
            channel_->output() += "HTTP/1.1 100 Continue\r\n\r\n";
        }
        if (!co_await channel_->flush())
            co_return false;
        const std::size_t size = co_await channel_->read_some(input_);
        if (size == 0)
            co_return false;
    }
}

// Returns whether another request may follow.
asio::awaitable<bool> http1_server::answer_request()
{
    copy_parsed_request();
    const bool in_time = co_await take_service_time();
    if (!in_time)
        co_return false;
    const reply_framing framing{parser_->get().method() == http::verb::head, parser_->keep_alive(),
                                parser_->get().version() < 11};
    const decision made = decide(request_);
    std::string answer;
    append_reply(answer, made.answer, made.when, framing);
    if (made.strike) {
        const next what = begin_strike(*made.strike, std::move(answer));
        const auto time = fault_access(*made.strike)->time;
        const bool goes_on = co_await end_strike(what, time);
        if (!goes_on)
            co_return false;
    } else {
        send(std::move(answer));
    }
    if (channel_->output().size() >= max_output)
        co_await channel_->flush();
    co_return framing.keep_alive;
}

// Takes the time that a request takes, and looks whether another one has come behind it meanwhile. Returns whether the
// connection is still usable then.
asio::awaitable<bool> http1_server::take_service_time()
{
    const auto time = service_->service_time();
    if (time.count() > 0) {
        const bool usable = co_await wait(time);
        if (!usable)
            co_return false;
    }
    if (service_->watches_overread()) {
        const std::size_t size = co_await channel_->bytes().read_now(input_.prepare(channel::read_size));
        input_.commit(size);
    }
    request_.followed = input_.size() != 0;
    co_return !channel_->dropped();
}

// Sends what has been gathered before it waits. Returns whether the connection is still usable afterwards.
asio::awaitable<bool> http1_server::wait(std::chrono::milliseconds time)
{
    const bool usable = co_await channel_->flush();
    if (!usable)
        co_return false;
    timer_.expires_after(time);
    co_await timer_.async_wait(use_tuple);
    co_return !channel_->dropped();
}

// This is not in the coroutine, because g++ 12 goes wrong when a co_await stands inside a switch.
http1_server::next http1_server::begin_strike(const fault& struck, std::string answer)
{
    const fault_access rule{struck};
    switch (rule->kind) {
    case fault::kind::answer:
    case fault::kind::malformed:
        send(std::move(answer));
        return next::go_on;
    case fault::kind::raw:
        send(rule->raw);
        return next::go_on;
    case fault::kind::swap:
        if (held_)
            send(std::move(answer));
        else
            held_ = std::move(answer);
        return next::go_on;
    case fault::kind::silent:
        if (rule->time.count() == 0)
            return next::stall;
        delayed_ = std::move(answer);
        return next::delay;
    case fault::kind::delay:
        delayed_ = std::move(answer);
        return next::delay;
    case fault::kind::overread:
        send(std::move(answer));
        return handle_bytes_behind(rule->behind);
    case fault::kind::close:
        return next::close;
    case fault::kind::stall:
        return next::stall;
    case fault::kind::cut:
        send(answer.substr(0, rule->bytes));
        return next::truncate;
    case fault::kind::reset:
        return next::reset;
    case fault::kind::rst:
    case fault::kind::goaway:
    case fault::kind::streams:
    case fault::kind::window:
        break; // they strike requests over HTTP/2 alone
    }
    return next::go_on;
}

// Decides what becomes of the bytes behind a request that has been answered.
http1_server::next http1_server::handle_bytes_behind(fault::behind how)
{
    switch (how) {
    case fault::behind::close:
        return next::close;
    case fault::behind::drop:
        input_.clear();
        return next::go_on;
    case fault::behind::ignore:
        return next::stall;
    case fault::behind::refuse:
        refuse(http::error::bad_method);
        return next::close;
    }
    return next::close;
}

// Returns whether another request may follow.
asio::awaitable<bool> http1_server::end_strike(next what, std::chrono::milliseconds time)
{
    if (what == next::go_on)
        co_return true;
    if (what == next::close)
        co_return false;
    if (what == next::delay) {
        const bool waited = co_await wait(time);
        if (waited)
            send(std::move(delayed_));
        co_return waited;
    }
    const bool usable = co_await channel_->flush();
    if (!usable)
        co_return false;
    if (what == next::stall) {
        // Reads whatever comes until the peer gives up or the emulator stops.
        std::size_t size = 1;
        while (size != 0) {
            input_.clear();
            size = co_await channel_->read_some(input_);
        }
    } else if (what == next::reset) {
        channel_->reset();
    } else {
        channel_->truncate();
    }
    co_return false;
}

void http1_server::refuse(error_code why)
{
    unsigned status = 400;
    if (why == http::error::body_limit)
        status = 413;
    else if (why == http::error::header_limit)
        status = 431;
    std::string answer;
    append_reply(answer, refusal(status, why.message()), wall_clock(), reply_framing{false, false, false});
    service_->count_failure();
    send(std::move(answer));
}

void http1_server::send(std::string bytes)
{
    std::string& output = channel_->output();
    if (output.empty())
        output = std::move(bytes);
    else
        output += bytes;
    if (held_) {
        output += *held_;
        held_.reset();
    }
}

void http1_server::copy_parsed_request()
{
    const auto& parsed = parser_->get();
    request_.method = std::string_view{parsed.method_string()};
    request_.target = std::string_view{parsed.target()};
    request_.authorization = std::string_view{parsed[http::field::authorization]};
    request_.content_type = std::string_view{parsed[http::field::content_type]};
    request_.body = std::move(parser_->get().body());
}

} // namespace venice_keys::emulation
