#include "net/tls_channel.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace venice_keys::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// How many bytes are read at a time when many have come. The requests that these answers make room for are written
// before more is read, so that the line and the server are busy meanwhile: of a hundred answers at once, what follows
// from the first ten has reached the server before the last are read.
constexpr std::size_t part_of_input = 4 * 1024;

connection_facts facts_of(SSL* native)
{
    std::string_view version = SSL_get_version(native); // such as TLSv1.3
    version.remove_prefix(std::min(version.find_first_of("0123456789"), version.size()));
    const unsigned char* alpn = nullptr;
    unsigned alpn_size = 0;
    SSL_get0_alpn_selected(native, &alpn, &alpn_size);
    return {SSL_session_reused(native) == 1, version, {reinterpret_cast<const char*>(alpn), alpn_size}};
}

} // namespace

tls_channel::tls_channel(channel_maker& maker, const turn_executor& executor, turn_owner& turns,
                         std::size_t buffer_bytes)
    : maker_(maker), executor_(executor), turns_(turns), input_(buffer_bytes)
{
    output_.reserve(1024);
}

void tls_channel::start(const std::shared_ptr<tls_channel>& self, std::unique_ptr<tls_stream> stream,
                        std::vector<char> records, transport_events& events)
{
    self_ = self;
    stream_ = std::move(stream);
    records_ = std::move(records);
    events_ = &events;
    turn([&] {
        events.on_connected(facts_of(stream_->native()));
        // More bytes may have come with the end of the handshake.
        return events_ == nullptr ? outcome::ended : take_in(events);
    });
}

void tls_channel::wait_for(outcome what, step next)
{
    if (what == outcome::needs_write) {
        // If the socket has failed, the next write says how.
        stream_->socket().async_wait(tcp::socket::wait_write,
                                     executor_.in_turn<error_code>([self = self_.lock(), next](error_code) {
                                         if (self->events_ != nullptr)
                                             ((*self).*next)();
                                     }));
        return;
    }
    stream_->socket().async_read_some(
        asio::buffer(records_),
        executor_.in_turn<error_code, std::size_t>([self = self_.lock(), next](error_code ec, std::size_t size) {
            if (self->events_ == nullptr)
                return;
            if (ec)
                self->stream_->feed_end(ec);
            self->stream_->feed({self->records_.data(), size});
            ((*self).*next)();
        }));
}

void tls_channel::receive()
{
    turn([this] { return take_in(*events_); });
}

// Goes on after the end of the turn, so that what the owner writes there does not wait for the socket, and goes on even
// if a caller's handler throws there. `events` returns what to wait for.
template <class Events>
void tls_channel::turn(Events events)
{
    struct rest {
        tls_channel& self;
        outcome next = outcome::ended;
        ~rest() noexcept(false)
        {
            if (self.events_ != nullptr)
                self.turns_.after_turn([this] { self.go_on(next); });
        }
    } after{*this};
    turns_.turn([&] { after.next = events(); });
}

// Hands over a part of what came, as far as there is room for it. Returns what to wait for; `ended` also when the owner
// has closed the connection.
tls_channel::outcome tls_channel::take_in(transport_events& events)
{
    const std::size_t before = input_.bytes().size();
    const outcome how = input_.fill(*stream_, part_of_input);
    if (const std::string_view bytes = input_.bytes(); bytes.size() != before) {
        answering_ = true;
        input_.take(events.on_bytes(bytes));
    }
    if (events_ == nullptr)
        return outcome::ended;
    if (how == outcome::ended)
        events.on_end(true, asio::error::eof);
    else if (how == outcome::failed)
        broken(events);
    else if (!input_.make_room())
        events.on_overflow();
    if (push_after_read_ && events_ != nullptr)
        if (const auto over = push())
            written(*over);
    return how;
}

void tls_channel::go_on(outcome next)
{
    switch (next) {
    case outcome::done: // more may have come already
        return executor_.post([self = self_.lock()] {
            if (self->events_ != nullptr)
                self->receive();
        });
    case outcome::needs_bytes:
    case outcome::needs_write:
        return wait_for(next, &tls_channel::receive);
    case outcome::ended:
    case outcome::failed:
        break;
    }
}

void tls_channel::broken(transport_events& events)
{
    const error_code why = stream_->why();
    if (!answering_) {
        maker_.on_unanswered_end();
        if (auto refused = maker_.refusal(why))
            return events.on_refused(*std::move(refused));
    }
    events.on_end(false, why);
}

void tls_channel::write()
{
    writing_ = asked_ = true;
    const auto over = push();
    if (!over)
        return;
    if (!over->failed())
        return stop_writing();
    executor_.post([self = self_.lock(), ec = *over] {
        if (self->events_ != nullptr)
            self->turns_.turn([&] { self->written(ec); });
    });
}

// How the write has ended; empty while it waits for the socket.
std::optional<error_code> tls_channel::push()
{
    push_after_read_ = false;
    switch (const outcome how = stream_->write({output_.data(), output_.size()})) {
    case outcome::done:
        return error_code{};
    case outcome::needs_write:
        wait_for(how, &tls_channel::push_on);
        return std::nullopt;
    case outcome::needs_bytes:
        push_after_read_ = true;
        return std::nullopt;
    case outcome::ended:
        return asio::error::eof;
    case outcome::failed:
        break;
    }
    return stream_->why();
}

void tls_channel::push_on()
{
    turns_.turn([this] {
        if (const auto over = push())
            written(*over);
    });
}

void tls_channel::written(error_code ec)
{
    stop_writing();
    events_->on_written(ec);
}

void tls_channel::stop_writing() noexcept
{
    writing_ = false;
    cleanse(output_.data(), output_.size()); // a token may be replaced long before the next request overwrites it
    output_.clear();
}

void tls_channel::close()
{
    events_ = nullptr;
    if (!stream_)
        return;
    if (asked_ && !answering_)
        maker_.on_unanswered_end();
    // Sends close_notify if that can be done at once. Closing the socket then cuts the wait for the peer's short, which
    // RFC 8446 section 6.1 allows.
    if (!writing_)
        stream_->say_goodbye();
    error_code ignored; // there is nothing to do about a failure
    stream_->socket().close(ignored);
}

} // namespace venice_keys::net
