// What all TLS connections of one client share: trust, the client certificate, and tickets for resumption. The section
// on TLS in the guide says which rules it follows.
#pragma once

#include "model/endpoint.hpp"

#include <venice_keys/config.hpp>

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>
#include <vector>

namespace venice_keys::net {

class tls_context {
public:
    // Fails with errc::invalid_argument, naming the field, when a file or a PEM text can't be used. `most_tickets`: how
    // many to keep.
    [[nodiscard]] static result<std::shared_ptr<tls_context>> make(const tls_config& settings,
                                                                   const detail::endpoint& server,
                                                                   std::size_t most_tickets,
                                                                   protocol offered = protocol::http1);

    [[nodiscard]] boost::asio::ssl::context& native() noexcept { return context_; }

    // Sets up one connection: the server name, the check of the host, and a ticket if one is wanted and there is one.
    [[nodiscard]] result<void> prepare(SSL* connection, bool with_ticket = true);

    // From now on offers only HTTP/1.1, unless config::protocol asks for HTTP/2 alone.
    void offer_oldest_alone() noexcept
    {
        if (offered_ == protocol::automatic)
            offered_ = protocol::http1;
    }

    // Whom the server's certificate must be for.
    [[nodiscard]] const std::string& host() const noexcept { return server_.host; }

    // The settings that say whose certificates are trusted.
    [[nodiscard]] const tls_config& trusted() const noexcept { return settings_; }

    // Forgets all tickets, because the server does not accept them.
    void drop_tickets() noexcept { tickets_.clear(); }

    // Checks the pins and the protocol chosen by ALPN, after a handshake that OpenSSL accepted.
    [[nodiscard]] result<void> check_peer(SSL* connection) const;

private:
    struct free_session {
        void operator()(SSL_SESSION* session) const noexcept { SSL_SESSION_free(session); }
    };
    using session_ptr = std::unique_ptr<SSL_SESSION, free_session>;

    tls_context(const tls_config& settings, const detail::endpoint& server, std::size_t most_tickets, protocol offered);

    [[nodiscard]] result<void> trust();
    [[nodiscard]] result<void> identify();
    void keep_tickets();
    static int on_new_session(SSL* connection, SSL_SESSION* session);

    tls_config settings_;
    detail::endpoint server_;
    std::size_t most_tickets_;
    protocol offered_;
    boost::asio::ssl::context context_{boost::asio::ssl::context::tls_client};
    std::vector<session_ptr> tickets_;
};

} // namespace venice_keys::net
