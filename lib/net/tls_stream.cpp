#include "net/tls_stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/system/system_error.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <span>
#include <utility>

namespace venice_keys::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// OpenSSL looks at the thread's queue of errors, where other code may have left some. So it is cleared before calls,
// and for the sake of others after failures. Looking is faster than clearing.
void forget_errors() noexcept
{
    if (ERR_peek_error() != 0)
        ERR_clear_error();
}

} // namespace

// The socket or the layer below, as OpenSSL sees it.
struct tls_stream::bio_functions {
    static tls_stream& stream_of(BIO* bio) noexcept { return *static_cast<tls_stream*>(BIO_get_data(bio)); }

    static int read(BIO* bio, char* to, int room)
    {
        BIO_clear_retry_flags(bio);
        tls_stream& self = stream_of(bio);
        if (self.below_)
            return read_below(bio, self, {to, static_cast<std::size_t>(room)});
        const std::size_t taken = std::min(self.fed_.size(), static_cast<std::size_t>(room));
        if (taken != 0) {
            std::memcpy(to, self.fed_.data(), taken);
            self.fed_.remove_prefix(taken);
            return static_cast<int>(taken);
        }
        if (self.read_end_)
            return self.read_end_ == asio::error::eof ? 0 : -1;
        BIO_set_retry_read(bio);
        return -1;
    }

    static int write(BIO* bio, const char* from, int size)
    {
        BIO_clear_retry_flags(bio);
        tls_stream& self = stream_of(bio);
        if (self.below_)
            return write_below(bio, self, {from, static_cast<std::size_t>(size)});
        error_code ec;
        const std::size_t put = self.socket_->write_some(asio::buffer(from, static_cast<std::size_t>(size)), ec);
        if (!ec)
            return static_cast<int>(put);
        if (ec == asio::error::would_block || ec == asio::error::try_again)
            BIO_set_retry_write(bio);
        else
            self.write_end_ = ec;
        return -1;
    }

    static int read_below(BIO* bio, tls_stream& self, std::span<char> to)
    {
        std::size_t got = 0;
        switch (const outcome how = self.below_->read(to.data(), to.size(), got)) {
        case outcome::done:
            return static_cast<int>(got);
        case outcome::ended:
            self.read_end_ = asio::error::eof;
            return 0;
        case outcome::needs_bytes:
        case outcome::needs_write:
            ask_again(bio, how);
            return -1;
        case outcome::failed:
            break;
        }
        self.read_end_ = end_of(*self.below_);
        return self.read_end_ == asio::error::eof ? 0 : -1;
    }

    static int write_below(BIO* bio, tls_stream& self, std::string_view bytes)
    {
        switch (const outcome how = self.below_->write(bytes)) {
        case outcome::done:
            return static_cast<int>(bytes.size());
        case outcome::needs_bytes:
        case outcome::needs_write:
            ask_again(bio, how);
            return -1;
        case outcome::ended:
            self.write_end_ = asio::error::eof;
            return -1;
        case outcome::failed:
            break;
        }
        self.write_end_ = end_of(*self.below_);
        return -1;
    }

    static void ask_again(BIO* bio, outcome what) noexcept
    {
        if (what == outcome::needs_write)
            BIO_set_retry_write(bio);
        else
            BIO_set_retry_read(bio);
    }

    // An end of the TLS below is an end of the connection here, and not a message of this stream's peer: the alerts of
    // the layer below would be taken for the peer's.
    static error_code end_of(const byte_layer& below) noexcept
    {
        const error_code why = below.why();
        if (why == asio::ssl::error::stream_truncated)
            return asio::error::eof;
        return why.category() == asio::error::get_ssl_category() ? error_code(asio::error::connection_aborted) : why;
    }

    static long control(BIO* /*bio*/, int what, long /*number*/, void* /*pointer*/)
    {
        return what == BIO_CTRL_FLUSH ? 1 : 0; // nothing is buffered here
    }

    static int create(BIO* bio)
    {
        BIO_set_init(bio, 1);
        return 1;
    }

    // Never freed: connections of a client with static storage, or of a thread that still runs when the program ends,
    // may outlive every object that is destroyed then.
    static const BIO_METHOD* method()
    {
        static BIO_METHOD* const made = [] {
            BIO_METHOD* const fresh = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "venice-keys socket");
            if (fresh == nullptr)
                throw std::bad_alloc();
            BIO_meth_set_read(fresh, &read);
            BIO_meth_set_write(fresh, &write);
            BIO_meth_set_ctrl(fresh, &control);
            BIO_meth_set_create(fresh, &create);
            return fresh;
        }();
        return made;
    }
};

tls_stream::tls_stream(asio::ip::tcp::socket socket, SSL_CTX* context)
    : socket_(std::move(socket)), ssl_(SSL_new(context))
{
    set_up();
}

tls_stream::tls_stream(std::unique_ptr<byte_layer> below, SSL_CTX* context)
    : below_(std::move(below)), ssl_(SSL_new(context))
{
    set_up();
}

void tls_stream::set_up()
{
    BIO* const bio = ssl_ ? BIO_new(bio_functions::method()) : nullptr;
    if (bio == nullptr)
        throw std::bad_alloc();
    BIO_set_data(bio, this);
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_connect_state(ssl_.get());
    SSL_set_mode(ssl_.get(), SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

void tls_stream::feed(std::string_view bytes) noexcept
{
    if (below_)
        below_->feed(bytes);
    else
        fed_ = bytes;
}

void tls_stream::feed_end(error_code why) noexcept
{
    if (below_)
        below_->feed_end(why);
    else
        read_end_ = why;
}

tls_stream::outcome tls_stream::handshake()
{
    forget_errors();
    const int returned = SSL_do_handshake(ssl_.get());
    return outcome_of(returned, read_end_ ? read_end_ : write_end_);
}

tls_stream::outcome tls_stream::read(char* to, std::size_t room, std::size_t& got)
{
    got = 0;
    if (!below_ && fed_.empty() && !read_end_ && !SSL_has_pending(ssl_.get()))
        return outcome::needs_bytes;
    forget_errors();
    const int returned = SSL_read_ex(ssl_.get(), to, room, &got);
    return returned == 1 ? outcome::done : outcome_of(returned, read_end_);
}

tls_stream::outcome tls_stream::write(std::string_view bytes)
{
    forget_errors();
    std::size_t put = 0;
    const int returned = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &put);
    return returned == 1 ? outcome::done : outcome_of(returned, write_end_);
}

void tls_stream::say_goodbye() noexcept
{
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
    if (below_)
        below_->say_goodbye();
}

tls_stream::outcome tls_stream::outcome_of(int returned, error_code end)
{
    switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_NONE:
        return outcome::done;
    case SSL_ERROR_WANT_READ:
        return outcome::needs_bytes;
    case SSL_ERROR_WANT_WRITE:
        return outcome::needs_write;
    case SSL_ERROR_ZERO_RETURN:
        return outcome::ended;
    default:
        break;
    }
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    const bool cut = end == asio::error::eof || ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
    if (cut)
        why_ = asio::ssl::error::stream_truncated;
    else if (end)
        why_ = end;
    else if (code != 0)
        why_ = error_code(static_cast<int>(code), asio::error::get_ssl_category());
    else
        why_ = asio::ssl::error::unspecified_system_error;
    return outcome::failed;
}

} // namespace venice_keys::net
