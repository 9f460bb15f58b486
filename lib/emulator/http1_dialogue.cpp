#include "emulator/http1_dialogue.hpp"

#include <cstddef>
#include <utility>

namespace venice_keys::emulation {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t max_output = 64 * 1024; // then it is written, whatever else could be gathered

template <class View>
void assign(std::string& to, const View& from)
{
    to.assign(from.data(), from.size());
}

} // namespace

http1_dialogue::http1_dialogue(std::shared_ptr<line> line, std::shared_ptr<service> serves, std::uint64_t connection)
    : line_(std::move(line)), service_(std::move(serves)), timer_(line_->get_executor())
{
    request_.connection = connection;
}

asio::awaitable<void> http1_dialogue::serve()
{
    bool goes_on = true;
    while (goes_on) {
        goes_on = co_await read_request();
        if (goes_on)
            goes_on = co_await answer_request();
    }
}

// Whether there is a whole request. What has been said so far is written before it waits for the network.
asio::awaitable<bool> http1_dialogue::read_request()
{
    parser_.emplace();
    parser_->eager(true);
    parser_->header_limit(request_limits::header);
    parser_->body_limit(request_limits::body);
    bool encouraged = false;
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
        if (parser_->is_header_done() && !encouraged && parser_->get()[http::field::expect] == "100-continue") {
            encouraged = true;
            line_->output() += "HTTP/1.1 100 Continue\r\n\r\n";
        }
        if (!co_await line_->flush())
            co_return false;
        const std::size_t size = co_await line_->read_some(input_);
        if (size == 0)
            co_return false;
    }
}

// Returns whether another one may follow.
asio::awaitable<bool> http1_dialogue::answer_request()
{
    read_parsed_request();
    const bool served = co_await serve_request();
    if (!served)
        co_return false;
    const reply_framing framing{parser_->get().method() == http::verb::head, parser_->keep_alive(),
                                parser_->get().version() < 11};
    const exchange done = ask(service_, request_, line_->get_executor());
    std::string answer;
    append_reply(answer, done.what.answer, done.when, framing);
    if (done.what.strike) {
        const rest left = begin_strike(done.what, std::move(answer));
        const bool goes_on = co_await end_strike(left, done.what.time);
        if (!goes_on)
            co_return false;
    } else {
        say(std::move(answer));
    }
    if (line_->output().size() >= max_output)
        co_await line_->flush();
    co_return framing.keep_alive;
}

// Takes the time that a request takes, and looks whether another has come behind it meanwhile.
asio::awaitable<bool> http1_dialogue::serve_request()
{
    const auto time = service_->service_time();
    if (time.count() > 0) {
        const bool well = co_await wait(time);
        if (!well)
            co_return false;
    }
    if (service_->watches_overread()) {
        const std::size_t size = co_await line_->bytes().read_now(input_.prepare(line::read_size));
        input_.commit(size);
    }
    request_.followed = input_.size() != 0;
    co_return !line_->dropped();
}

// Sends first what has been gathered. Returns whether the connection is still of use then.
asio::awaitable<bool> http1_dialogue::wait(std::chrono::milliseconds time)
{
    const bool well = co_await line_->flush();
    if (!well)
        co_return false;
    timer_.expires_after(time);
    co_await timer_.async_wait(use_tuple);
    co_return !line_->dropped();
}

// What is left to be done after a fault has sent its bytes. A function apart from the coroutine, because g++ 12 goes
// astray when a co_await stands inside a switch.
http1_dialogue::rest http1_dialogue::begin_strike(const verdict& what, std::string answer)
{
    switch (*what.strike) {
    case fault::kind::answer:
    case fault::kind::malformed:
        say(std::move(answer));
        return rest::nothing;
    case fault::kind::raw:
        say(what.raw);
        return rest::nothing;
    case fault::kind::swap:
        if (held_)
            say(std::move(answer));
        else
            held_ = std::move(answer);
        return rest::nothing;
    case fault::kind::silent:
        if (what.time.count() == 0)
            return rest::stall;
        delayed_ = std::move(answer);
        return rest::delay;
    case fault::kind::delay:
        delayed_ = std::move(answer);
        return rest::delay;
    case fault::kind::overread:
        say(std::move(answer));
        return treat_rest(what.behind);
    case fault::kind::close:
        return rest::close;
    case fault::kind::stall:
        return rest::stall;
    case fault::kind::cut:
        say(answer.substr(0, what.bytes));
        return rest::truncate;
    case fault::kind::reset:
        return rest::reset;
    case fault::kind::rst:
    case fault::kind::goaway:
    case fault::kind::streams:
    case fault::kind::window:
        break; // they strike requests over HTTP/2 alone
    }
    return rest::nothing;
}

// What becomes of the bytes behind a request that has been answered.
http1_dialogue::rest http1_dialogue::treat_rest(fault::behind how)
{
    switch (how) {
    case fault::behind::close:
        return rest::close;
    case fault::behind::drop:
        input_.clear();
        return rest::nothing;
    case fault::behind::ignore:
        return rest::stall;
    case fault::behind::refuse:
        refuse(http::error::bad_method);
        return rest::close;
    }
    return rest::close;
}

// Returns whether another request may follow.
asio::awaitable<bool> http1_dialogue::end_strike(rest left, std::chrono::milliseconds time)
{
    if (left == rest::nothing)
        co_return true;
    if (left == rest::close)
        co_return false;
    if (left == rest::delay) {
        const bool waited = co_await wait(time);
        if (waited)
            say(std::move(delayed_));
        co_return waited;
    }
    const bool well = co_await line_->flush();
    if (!well)
        co_return false;
    if (left == rest::stall) {
        // Takes whatever comes until the peer has enough or the emulator stops.
        std::size_t size = 1;
        while (size != 0) {
            input_.clear();
            size = co_await line_->read_some(input_);
        }
    } else if (left == rest::reset) {
        line_->reset();
    } else {
        line_->truncate();
    }
    co_return false;
}

void http1_dialogue::refuse(error_code why)
{
    unsigned status = 400;
    if (why == http::error::body_limit)
        status = 413;
    else if (why == http::error::header_limit)
        status = 431;
    std::string answer;
    append_reply(answer, refusal(status, why.message()), wall_clock(), reply_framing{false, false, false});
    service_->count_failure();
    say(std::move(answer));
}

void http1_dialogue::say(std::string bytes)
{
    std::string& output = line_->output();
    if (output.empty())
        output = std::move(bytes);
    else
        output += bytes;
    if (held_) {
        output += *held_;
        held_.reset();
    }
}

void http1_dialogue::read_parsed_request()
{
    const auto& parsed = parser_->get();
    assign(request_.method, parsed.method_string());
    assign(request_.target, parsed.target());
    assign(request_.authorization, parsed[http::field::authorization]);
    assign(request_.content_type, parsed[http::field::content_type]);
    request_.body = std::move(parser_->get().body());
}

} // namespace venice_keys::emulation
