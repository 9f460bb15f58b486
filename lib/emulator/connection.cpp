#include "emulator/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>

namespace venice_keys::emulation {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);

constexpr std::size_t read_size = 16 * 1024;
constexpr std::size_t max_output = 64 * 1024; // then it is written, whatever else could be gathered
constexpr std::uint32_t max_header = 16 * 1024;
constexpr std::uint64_t max_body = 64 * 1024;
constexpr std::chrono::milliseconds farewell{500}; // how long a closed connection may still send

timestamp now()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

template <class View>
void assign(std::string& to, const View& from)
{
    to.assign(from.data(), from.size());
}

} // namespace

connection::connection(std::unique_ptr<transport> bytes, std::shared_ptr<service> serves)
    : bytes_(std::move(bytes)),
      service_(std::move(serves)),
      timer_(bytes_->socket().get_executor()),
      end_(timer_.get_executor())
{
    request_.connection = service_->count_connection();
}

void connection::start()
{
    asio::co_spawn(
        timer_.get_executor(), [self = shared_from_this()] { return self->run(); },
        [self = shared_from_this()](std::exception_ptr thrown) {
            if (thrown)
                std::rethrow_exception(std::move(thrown));
        });
}

void connection::drop()
{
    asio::post(timer_.get_executor(), [self = shared_from_this()] {
        tcp::socket& socket = self->bytes_->socket();
        if (!socket.is_open())
            return;
        self->dropped_ = true;
        self->timer_.cancel();
        error_code ignored; // what can't be cancelled ends with the connection
        socket.cancel(ignored);
        self->end_soon();
    });
}

// Closes the connection when `farewell` is over, whatever it is at: a peer may read nothing and send nothing, and
// cancelling reaches only the operation of the moment, not the next one of a longer write.
void connection::end_soon()
{
    if (std::exchange(ending_, true))
        return;
    end_.expires_after(farewell);
    end_.async_wait([self = shared_from_this()](error_code ec) {
        error_code ignored; // it may be closed already
        if (!ec)
            self->bytes_->socket().close(ignored);
    });
}

asio::awaitable<void> connection::run()
{
    co_await serve();
    ending_ = true;
    end_.cancel();
    error_code ignored; // it may be closed already
    bytes_->socket().close(ignored);
}

asio::awaitable<void> connection::serve()
{
    if (dropped_)
        co_return;
    const error_code refused = co_await bytes_->handshake();
    if (refused)
        co_return;
    service_->count_handshake();
    next then = next::read_on;
    while (then == next::read_on) {
        then = next::close;
        if (co_await read_request())
            then = co_await answer_request();
    }
    if (then == next::close)
        co_await close_in_order();
}

// Whether there is a whole request. What has been said so far is written before it waits for the network.
asio::awaitable<bool> connection::read_request()
{
    parser_.emplace();
    parser_->eager(true);
    parser_->header_limit(max_header);
    parser_->body_limit(max_body);
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
            output_ += "HTTP/1.1 100 Continue\r\n\r\n";
        }
        if (!co_await flush())
            co_return false;
        const std::size_t size = co_await bytes_->read_some(input_.prepare(read_size));
        if (size == 0 || dropped_)
            co_return false;
        input_.commit(size);
    }
}

asio::awaitable<connection::next> connection::answer_request()
{
    read_parsed_request();
    const bool served = co_await serve_request();
    if (!served)
        co_return next::close;
    const reply_framing framing{parser_->get().method() == http::verb::head, parser_->keep_alive(),
                                parser_->get().version() < 11};
    const timestamp arrived = now();
    const verdict what = service_->take(request_, arrived);
    if (what.apply_late)
        apply_later();
    std::string answer;
    append_reply(answer, what.answer, arrived, framing);
    if (what.strike) {
        const rest left = begin_strike(what, std::move(answer));
        const next then = co_await end_strike(left, what.time);
        if (then != next::read_on)
            co_return then;
    } else {
        say(std::move(answer));
    }
    if (output_.size() >= max_output)
        co_await flush();
    co_return framing.keep_alive ? next::read_on : next::close;
}

// Takes the time that a request takes, and looks whether another has come behind it meanwhile.
asio::awaitable<bool> connection::serve_request()
{
    const auto time = service_->service_time();
    if (time.count() > 0) {
        const bool well = co_await wait(time);
        if (!well)
            co_return false;
    }
    if (service_->watches_overread()) {
        const std::size_t size = co_await bytes_->read_now(input_.prepare(read_size));
        input_.commit(size);
    }
    request_.followed = input_.size() != 0;
    co_return !dropped_;
}

// Says first what there is to say. Whether the connection is still of use then.
asio::awaitable<bool> connection::wait(std::chrono::milliseconds time)
{
    const bool well = co_await flush();
    if (!well)
        co_return false;
    timer_.expires_after(time);
    co_await timer_.async_wait(use_tuple);
    co_return !dropped_;
}

// What is left to be done after a fault has said what it has to say. Apart from the coroutine, because g++ 12 goes
// astray when a co_await stands inside a switch.
connection::rest connection::begin_strike(const verdict& what, std::string answer)
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
    }
    return rest::nothing;
}

// What becomes of the bytes behind a request that has been answered.
connection::rest connection::treat_rest(fault::behind how)
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

asio::awaitable<connection::next> connection::end_strike(rest left, std::chrono::milliseconds time)
{
    if (left == rest::nothing)
        co_return next::read_on;
    if (left == rest::close)
        co_return next::close;
    if (left == rest::delay) {
        const bool waited = co_await wait(time);
        if (!waited)
            co_return next::close;
        say(std::move(delayed_));
        co_return next::read_on;
    }
    const bool well = co_await flush();
    if (!well)
        co_return next::close;
    if (left == rest::stall) {
        // Takes whatever comes until the peer has enough or the emulator stops.
        input_.clear();
        std::size_t size = 1;
        while (size != 0 && !dropped_)
            size = co_await bytes_->read_some(input_.prepare(read_size));
        co_return next::close;
    }
    error_code ignored; // the peer may be gone already
    if (left == rest::reset) {
        bytes_->socket().set_option(asio::socket_base::linger{true, 0}, ignored);
        bytes_->socket().close(ignored);
        co_return next::gone;
    }
    // Truncated: FIN without close_notify, as when a server dies.
    bytes_->socket().shutdown(tcp::socket::shutdown_send, ignored);
    broken_ = true;
    co_return next::close;
}

// Whether the connection is still of use.
asio::awaitable<bool> connection::flush()
{
    if (dropped_ || broken_)
        co_return false;
    if (!output_.empty()) {
        broken_ = static_cast<bool>(co_await bytes_->write(asio::buffer(output_)));
        output_.clear();
    }
    co_return !broken_ && !dropped_;
}

asio::awaitable<void> connection::close_in_order()
{
    end_soon();
    if (!broken_ && !output_.empty()) {
        broken_ = static_cast<bool>(co_await bytes_->write(asio::buffer(output_)));
        output_.clear();
    }
    if (!broken_)
        co_await bytes_->say_goodbye();
    // RFC 9112 section 9.6: closing at once, with something unread, would send a reset, and that can destroy the last
    // answers on their way.
    for (;;) {
        input_.clear();
        const auto [ec, size] = co_await bytes_->socket().async_read_some(input_.prepare(read_size), use_tuple);
        if (ec)
            break;
    }
}

void connection::refuse(error_code why)
{
    unsigned status = 400;
    if (why == http::error::body_limit)
        status = 413;
    else if (why == http::error::header_limit)
        status = 431;
    std::string answer;
    append_reply(answer, refusal(status, why.message()), now(), reply_framing{false, false, false});
    service_->count_failure();
    say(std::move(answer));
}

void connection::say(std::string bytes)
{
    if (output_.empty())
        output_ = std::move(bytes);
    else
        output_ += bytes;
    if (held_) {
        output_ += *held_;
        held_.reset();
    }
}

void connection::apply_later()
{
    auto timer = std::make_shared<asio::steady_timer>(timer_.get_executor(), service::lateness);
    timer->async_wait([timer, service = service_, late = request_](error_code ec) {
        if (!ec)
            service->apply_late(late, now());
    });
}

void connection::read_parsed_request()
{
    const auto& parsed = parser_->get();
    assign(request_.method, parsed.method_string());
    assign(request_.target, parsed.target());
    assign(request_.authorization, parsed[http::field::authorization]);
    assign(request_.content_type, parsed[http::field::content_type]);
    request_.body = std::move(parser_->get().body());
}

} // namespace venice_keys::emulation
