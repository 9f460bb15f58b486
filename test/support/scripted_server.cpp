#include "support/scripted_server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

std::string seen_request::id() const
{
    static constexpr std::string_view mark = R"("id":")";
    const std::size_t begin = body.find(mark);
    if (begin == std::string::npos)
        return {};
    const std::size_t first = begin + mark.size();
    return body.substr(first, body.find('"', first) - first);
}

scripted_connection::scripted_connection(scripted_server& owner, std::size_t number, tcp::socket taken,
                                         asio::ssl::context& settings)
    : owner_(owner), number_(number), stream_(std::move(taken), settings), encrypted_(owner.encrypted_)
{
}

bool scripted_connection::read_more()
{
    std::array<char, 16 * 1024> block;
    error_code ec;
    const std::size_t size = encrypted_ ? stream_.read_some(asio::buffer(block), ec)
                                        : stream_.next_layer().read_some(asio::buffer(block), ec);
    if (!ec) {
        input_.append(block.data(), size);
        return true;
    }
    if (ec == asio::error::eof)
        ended_ = ending::clean;
    else if (ec == asio::ssl::error::stream_truncated)
        ended_ = ending::truncated;
    else
        ended_ = ending::reset;
    return false;
}

std::optional<seen_request> scripted_connection::read_request()
{
    std::size_t head = 0;
    while ((head = input_.find("\r\n\r\n")) == std::string::npos)
        if (!read_more())
            return std::nullopt;
    head += 4;
    static constexpr std::string_view name = "Content-Length: ";
    std::size_t length = 0;
    if (const std::size_t field = input_.find(name); field < head)
        std::from_chars(input_.data() + field + name.size(), input_.data() + head, length);
    while (input_.size() < head + length)
        if (!read_more())
            return std::nullopt;
    seen_request whole{input_.substr(0, head), input_.substr(head, length)};
    input_.erase(0, head + length);
    note(whole);
    return whole;
}

void scripted_connection::note(const seen_request& request)
{
    const std::lock_guard lock(owner_.mutex_);
    owner_.requests_.push_back(request);
}

std::string scripted_connection::read_bytes(std::size_t count)
{
    while (input_.size() < count && read_more()) {
    }
    const std::string bytes = input_.substr(0, count);
    input_.erase(0, count);
    return bytes;
}

bool scripted_connection::read_requests(std::size_t count, std::vector<std::string>& ids)
{
    for (std::size_t i = 0; i != count; ++i) {
        const auto request = read_request();
        if (!request)
            return false;
        ids.push_back(request->id());
    }
    return true;
}

bool scripted_connection::teach()
{
    for (int i = 0; i != 3; ++i) {
        const auto request = read_request();
        if (!request || !send(updated(request->id())))
            return false;
    }
    return true;
}

bool scripted_connection::has_more()
{
    error_code ignored; // on an error, nothing is available
    return !input_.empty() || SSL_pending(native()) != 0 || stream_.next_layer().available(ignored) != 0;
}

bool scripted_connection::send(std::string_view bytes)
{
    error_code ec;
    if (encrypted_)
        asio::write(stream_, asio::buffer(bytes), ec);
    else
        asio::write(stream_.next_layer(), asio::buffer(bytes), ec);
    return !ec;
}

bool scripted_connection::send_slowly(std::string_view bytes)
{
    return std::ranges::all_of(bytes, [this](const char& byte) { return send({&byte, 1}); });
}

void scripted_connection::close()
{
    error_code ignored; // the client may be gone already
    if (encrypted_) {
        // This counts the client's close_notify as received, because shutdown() would wait for it.
        SSL_set_shutdown(native(), SSL_get_shutdown(native()) | SSL_RECEIVED_SHUTDOWN);
        stream_.shutdown(ignored);
    }
    cut();
}

void scripted_connection::cut()
{
    error_code ignored; // the client may be gone already
    stream_.next_layer().shutdown(tcp::socket::shutdown_send, ignored);
    std::array<char, 4096> block;
    while (!ignored)
        stream_.next_layer().read_some(asio::buffer(block), ignored);
}

// The socket itself is closed when the script is over: the server may be about to shut it down.
void scripted_connection::reset()
{
    error_code ignored; // the client may be gone already
    stream_.next_layer().set_option(asio::socket_base::linger(true, 0), ignored);
}

ending scripted_connection::wait_for_end()
{
    while (ended_ == ending::still_open)
        read_more();
    return ended_;
}

void scripted_connection::hold()
{
    pause(std::chrono::hours(1));
}

bool scripted_connection::pause(std::chrono::milliseconds time)
{
    std::unique_lock lock(owner_.mutex_);
    return !owner_.stopping_.wait_for(lock, time, [this] { return owner_.stopped_; });
}

scripted_server::scripted_server(const identity& who, script what, const server_options& options)
    : script_(std::move(what)), encrypted_(options.encrypted)
{
    configure(who, options);
    const tcp::endpoint local(asio::ip::make_address(options.address), options.port);
    acceptor_.open(local.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    if (options.receive_buffer)
        acceptor_.set_option(asio::socket_base::receive_buffer_size(*options.receive_buffer));
    acceptor_.bind(local);
    acceptor_.listen();
    port_ = acceptor_.local_endpoint().port();
    acceptor_thread_ = std::thread([this] { accept(); });
}

scripted_server::~scripted_server()
{
    stop();
}

std::string scripted_server::base_url(std::string_view host) const
{
    return "https://" + std::string(host) + ":" + std::to_string(port_) + "/api/v1";
}

void scripted_server::configure(const identity& who, const server_options& options)
{
    if (!encrypted_)
        return;
    SSL_CTX* const native = tls_.native_handle();
    tls_.use_certificate_chain(asio::buffer(who.certificate_pem));
    tls_.use_private_key(asio::buffer(who.private_key_pem), asio::ssl::context::pem);
    // Without this context id, OpenSSL refuses to resume, with an alert, if it may ask for a certificate.
    if (options.takes_tickets)
        SSL_CTX_set_session_id_context(native, reinterpret_cast<const unsigned char*>("test"), 4);
    else
        tls_.set_verify_mode(asio::ssl::verify_peer);
    if (!options.tickets) {
        SSL_CTX_set_options(native, SSL_OP_NO_TICKET);
        SSL_CTX_set_num_tickets(native, 0);
        SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    }
    if (options.highest_version != 0) {
        SSL_CTX_set_security_level(native, 0); // otherwise OpenSSL refuses TLS 1.1 before the client can
        SSL_CTX_set_min_proto_version(native, TLS1_VERSION);
        SSL_CTX_set_max_proto_version(native, options.highest_version);
    }
    if (!options.client_ca_pem.empty()) {
        tls_.add_certificate_authority(asio::buffer(options.client_ca_pem));
        tls_.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
    }
    if (!options.protocol.empty()) {
        protocol_ = static_cast<char>(options.protocol.size()) + options.protocol;
        SSL_CTX_set_alpn_select_cb(
            native,
            [](SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
               unsigned offered_size, void* self) {
                const std::string& name = static_cast<scripted_server*>(self)->protocol_;
                auto* chosen = const_cast<unsigned char*>(*out);
                const int found =
                    SSL_select_next_proto(&chosen, out_size, reinterpret_cast<const unsigned char*>(name.data()),
                                          static_cast<unsigned>(name.size()), offered, offered_size);
                *out = chosen;
                return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
            },
            this);
    }
    SSL_CTX_set_client_hello_cb(
        native,
        [](SSL* connection, int* /*alert*/, void* self) {
            auto& owner = *static_cast<scripted_server*>(self);
            const unsigned char* bytes = nullptr;
            std::size_t size = 0;
            std::string offered;
            if (SSL_client_hello_get0_ext(connection, TLSEXT_TYPE_application_layer_protocol_negotiation, &bytes,
                                          &size) == 1)
                offered.assign(reinterpret_cast<const char*>(bytes), size);
            const std::lock_guard lock(owner.mutex_);
            owner.protocols_.push_back(std::move(offered));
            return SSL_CLIENT_HELLO_SUCCESS;
        },
        this);
}

void scripted_server::accept()
{
    for (;;) {
        error_code ec;
        tcp::socket taken = acceptor_.accept(ec);
        const std::lock_guard lock(mutex_);
        if (ec || stopped_)
            return;
        open_.push_back(taken.native_handle());
        threads_.emplace_back(
            [this, number = accepted_++, socket = std::move(taken)]() mutable { serve(std::move(socket), number); });
    }
}

void scripted_server::serve(tcp::socket taken, std::size_t number)
{
    const int handle = taken.native_handle();
    scripted_connection here(*this, number, std::move(taken), tls_);
    error_code ec;
    here.stream_.next_layer().set_option(tcp::no_delay(true), ec);
    if (encrypted_)
        here.stream_.handshake(asio::ssl::stream_base::server, ec);
    if (!ec) {
        {
            const std::lock_guard lock(mutex_);
            ++handshakes_;
            const char* const name =
                encrypted_ ? SSL_get_servername(here.native(), TLSEXT_NAMETYPE_host_name) : nullptr;
            names_.emplace_back(name == nullptr ? "" : name);
        }
        script_(here);
    }
    const std::lock_guard lock(mutex_);
    std::erase(open_, handle);
    error_code ignored; // it may be gone already
    here.stream_.next_layer().close(ignored);
}

std::size_t scripted_server::connections() const
{
    const std::lock_guard lock(mutex_);
    return accepted_;
}

std::size_t scripted_server::handshakes() const
{
    const std::lock_guard lock(mutex_);
    return handshakes_;
}

std::vector<seen_request> scripted_server::requests() const
{
    const std::lock_guard lock(mutex_);
    return requests_;
}

std::vector<std::string> scripted_server::names() const
{
    const std::lock_guard lock(mutex_);
    return names_;
}

std::vector<std::string> scripted_server::protocols() const
{
    const std::lock_guard lock(mutex_);
    return protocols_;
}

void scripted_server::stop()
{
    {
        const std::lock_guard lock(mutex_);
        if (stopped_)
            return;
        stopped_ = true;
        for (const int each : open_)
            ::shutdown(each, SHUT_RDWR);
        ::shutdown(acceptor_.native_handle(), SHUT_RDWR); // wakes the thread that waits in accept()
        stopping_.notify_all();
    }
    acceptor_thread_.join();
    for (std::thread& each : threads_) // no one adds to them any more
        each.join();
}

void gate::open()
{
    const std::lock_guard lock(mutex_);
    open_ = true;
    opened_.notify_all();
}

bool gate::wait(std::chrono::milliseconds limit)
{
    std::unique_lock lock(mutex_);
    return opened_.wait_for(lock, limit, [this] { return open_; });
}

bool gate::is_open() const
{
    const std::lock_guard lock(mutex_);
    return open_;
}

std::string reply(unsigned status, std::string_view body, std::string_view fields)
{
    std::string whole = "HTTP/1.1 " + std::to_string(status) + " Because\r\n";
    whole.append(fields);
    whole.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
    return whole;
}

std::string updated_body(std::string_view id, std::string_view description)
{
    std::string body = R"({"data":{"id":")";
    body.append(id).append(R"(","description":")").append(description);
    body.append(R"(","apiKeyType":"INFERENCE","consumptionLimits":{"usd":null,"diem":null}},"success":true})");
    return body;
}

std::string updated(std::string_view id, std::string_view description, std::string_view fields)
{
    return reply(200, updated_body(id, description), fields);
}

scripted_server::script answers_all()
{
    return [](scripted_connection& connection) {
        while (const auto request = connection.read_request())
            if (!connection.send(updated(request->id())))
                return;
        // This answers the client's close_notify with another.
        connection.close();
    };
}

} // namespace test
