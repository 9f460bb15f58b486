#include "integration/plain_client.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <memory>
#include <utility>

namespace test {

namespace {

std::string lower_case(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

void trust(SSL_CTX* settings, const std::string& ca_pem)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> text{
        BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size())), &BIO_free};
    const std::unique_ptr<X509, decltype(&X509_free)> authority{
        PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr), &X509_free};
    if (authority)
        X509_STORE_add_cert(SSL_CTX_get_cert_store(settings), authority.get());
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(settings), X509_V_FLAG_X509_STRICT);
    SSL_CTX_set_verify(settings, SSL_VERIFY_PEER, nullptr);
}

} // namespace

plain_client::plain_client(std::uint16_t port, const std::string& ca_pem, std::string_view protocol,
                           SSL_SESSION* resumed)
{
    std::signal(SIGPIPE, SIG_IGN); // SSL_write has no MSG_NOSIGNAL
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    timeout(std::chrono::seconds{10});
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
        end_ = end::refused;
        return;
    }
    connected_ = ca_pem.empty() || handshake(ca_pem, protocol, resumed);
}

plain_client::~plain_client()
{
    SSL_free(session_);
    SSL_CTX_free(settings_);
    ::close(socket_);
}

bool plain_client::handshake(const std::string& ca_pem, std::string_view protocol, SSL_SESSION* resumed)
{
    settings_ = SSL_CTX_new(TLS_client_method());
    trust(settings_, ca_pem);
    session_ = SSL_new(settings_);
    SSL_set1_host(session_, "localhost");
    SSL_set_hostflags(session_, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    std::string offered;
    while (!protocol.empty()) {
        const std::string_view name = protocol.substr(0, protocol.find(','));
        offered += static_cast<char>(name.size());
        offered += name;
        protocol.remove_prefix(std::min(name.size() + 1, protocol.size()));
    }
    if (!offered.empty())
        SSL_set_alpn_protos(session_, reinterpret_cast<const unsigned char*>(offered.data()),
                            static_cast<unsigned>(offered.size()));
    if (resumed != nullptr)
        SSL_set_session(session_, resumed);
    SSL_set_fd(session_, socket_);
    return SSL_connect(session_) == 1;
}

void plain_client::timeout(std::chrono::milliseconds limit)
{
    timeval value{};
    value.tv_sec = static_cast<decltype(value.tv_sec)>(limit.count() / 1000);
    value.tv_usec = static_cast<decltype(value.tv_usec)>(limit.count() % 1000 * 1000);
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &value, sizeof value);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &value, sizeof value);
}

bool plain_client::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto sent = session_ != nullptr
                              ? static_cast<ssize_t>(SSL_write(session_, bytes.data(), static_cast<int>(bytes.size())))
                              : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void plain_client::stop_sending()
{
    ::shutdown(socket_, SHUT_WR);
}

bool plain_client::read_more()
{
    std::array<char, 16 * 1024> block{};
    errno = 0;
    if (session_ == nullptr) {
        const ssize_t size = ::recv(socket_, block.data(), block.size(), 0);
        if (size > 0)
            input_.append(block.data(), static_cast<std::size_t>(size));
        else if (size == 0)
            end_ = end::closed;
        else
            end_ = errno == ECONNRESET ? end::reset : end::timed_out;
        return size > 0;
    }
    ERR_clear_error();
    const int size = SSL_read(session_, block.data(), static_cast<int>(block.size()));
    if (size > 0) {
        input_.append(block.data(), static_cast<std::size_t>(size));
        return true;
    }
    const int system_error = errno;
    switch (SSL_get_error(session_, size)) {
    case SSL_ERROR_ZERO_RETURN:
        end_ = end::closed;
        break;
    case SSL_ERROR_WANT_READ:
        end_ = end::timed_out;
        break;
    case SSL_ERROR_SYSCALL:
        end_ = system_error == ECONNRESET ? end::reset : end::timed_out;
        break;
    default:
        end_ = ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING ? end::truncated : end::reset;
        break;
    }
    return false;
}

std::optional<plain_reply> plain_client::read_reply(bool to_head)
{
    std::size_t head_size = 0;
    while ((head_size = input_.find("\r\n\r\n")) == std::string::npos) {
        if (!read_more())
            return std::nullopt;
    }
    std::string_view head{input_.data(), head_size};
    plain_reply out;
    out.version = head.substr(0, 8);
    out.status = static_cast<unsigned>(std::stoul(std::string{head.substr(9, 3)}));
    while (!head.empty()) {
        const std::string_view line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(std::min(line.size() + 2, head.size()));
        if (const std::size_t colon = line.find(": "); colon != std::string_view::npos)
            out.fields[lower_case(std::string{line.substr(0, colon)})] = line.substr(colon + 2);
    }
    const std::size_t body_size =
        out.fields.contains("content-length") && !to_head ? std::stoul(out.fields["content-length"]) : 0;
    while (input_.size() < head_size + 4 + body_size) {
        if (!read_more())
            return std::nullopt;
    }
    out.body = input_.substr(head_size + 4, body_size);
    input_.erase(0, head_size + 4 + body_size);
    return out;
}

std::string plain_client::read_some()
{
    if (input_.empty())
        read_more();
    return std::exchange(input_, {});
}

std::string plain_client::agreed() const
{
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(session_, &name, &size);
    return {reinterpret_cast<const char*>(name), size};
}

std::string plain_client::read_all()
{
    while (read_more()) {
    }
    return std::exchange(input_, {});
}

} // namespace test
