// One connection of OpenSSL on a blocking socket, for the floors.
#pragma once

#include "common.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>

namespace peers {

inline constexpr std::size_t read_buffer = 64 * 1024;

struct free_context {
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
struct free_ssl {
    void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
};

[[noreturn]] inline void fail(const char* what)
{
    const unsigned long code = ERR_get_error();
    throw std::runtime_error(std::string(what) + (code == 0 ? "" : ": " + std::string(ERR_reason_error_string(code))));
}

class raw_tls {
public:
    // `protocol` is offered by ALPN, unless it is empty.
    explicit raw_tls(const settings& wanted, std::string_view protocol = {})
    {
        addrinfo hints{};
        hints.ai_family = AF_INET;
        hints.ai_socktype = SOCK_STREAM;
        addrinfo* found = nullptr;
        if (getaddrinfo(wanted.host.c_str(), std::to_string(wanted.port).c_str(), &hints, &found) != 0)
            fail("the host can't be resolved");
        socket_ = socket(found->ai_family, found->ai_socktype, 0);
        const bool connected = connect(socket_, found->ai_addr, found->ai_addrlen) == 0;
        freeaddrinfo(found);
        if (!connected)
            fail("the server can't be reached");
        const int on = 1;
        setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);

        context_.reset(SSL_CTX_new(TLS_client_method()));
        SSL_CTX_set_min_proto_version(context_.get(), TLS1_3_VERSION);
        SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
        if (SSL_CTX_load_verify_file(context_.get(), wanted.ca_file.c_str()) != 1)
            fail("the certificates can't be read");
        ssl_.reset(SSL_new(context_.get()));
        SSL_set_fd(ssl_.get(), socket_);
        SSL_set1_host(ssl_.get(), wanted.host.c_str());
        SSL_set_tlsext_host_name(ssl_.get(), wanted.host.c_str());
        if (!protocol.empty()) {
            const std::string offer = static_cast<char>(protocol.size()) + std::string(protocol);
            SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(offer.data()),
                                static_cast<unsigned>(offer.size()));
        }
        // This makes one system call for all the records that are there, instead of two for each.
        SSL_set_read_ahead(ssl_.get(), 1);
        SSL_set_default_read_buffer_len(ssl_.get(), read_buffer);
        if (SSL_connect(ssl_.get()) != 1)
            fail("the handshake failed");
        const unsigned char* chosen = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
        if (!protocol.empty() && std::string_view(reinterpret_cast<const char*>(chosen), size) != protocol)
            throw std::runtime_error("the server does not have " + std::string(protocol));
    }
    raw_tls(const raw_tls&) = delete;
    raw_tls& operator=(const raw_tls&) = delete;
    ~raw_tls() { close(socket_); }

    void write(std::string_view bytes)
    {
        if (SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0)
            fail("a write failed");
    }
    // Waits for a record, and takes all that have come with it.
    std::size_t read(char* to, std::size_t room)
    {
        std::size_t all = 0;
        do {
            const int got = SSL_read(ssl_.get(), to + all, static_cast<int>(room - all));
            if (got <= 0)
                fail("the connection ended");
            all += static_cast<std::size_t>(got);
        } while (all != room && SSL_has_pending(ssl_.get()) == 1); // the rest of a partial record is on its way
        return all;
    }

private:
    int socket_ = -1;
    std::unique_ptr<SSL_CTX, free_context> context_;
    std::unique_ptr<SSL, free_ssl> ssl_;
};

} // namespace peers
