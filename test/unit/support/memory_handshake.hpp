// TLS handshakes of a client's context with a server, through memory.
#pragma once

#include "net/tls_context.hpp"
#include "support/certificates.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace venice_keys::test {

using namespace detail;

using ::test::authority;
using ::test::certificate_wish;
using ::test::identity;

struct ssl_free {
    void operator()(SSL* it) const noexcept { SSL_free(it); }
    void operator()(SSL_CTX* it) const noexcept { SSL_CTX_free(it); }
    void operator()(BIO* it) const noexcept { BIO_free(it); }
};
using ssl_ptr = std::unique_ptr<SSL, ssl_free>;
using bio_ptr = std::unique_ptr<BIO, ssl_free>;

inline bio_ptr reader(const std::string& text)
{
    return bio_ptr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

struct outcome {
    bool done = false;
    bool trusted = false; // as the transport decides: by the handshake and the pins
    long verdict = X509_V_OK;
    bool resumed = false;
    int version = 0;
    std::string server_name;
    std::string protocol;
    std::string offered; // the protocols, in the form of ALPN
};

class server {
public:
    explicit server(const identity& who) : context_(SSL_CTX_new(TLS_server_method()))
    {
        const ::test::certificate_ptr certificate(
            PEM_read_bio_X509(reader(who.certificate_pem).get(), nullptr, nullptr, nullptr));
        const ::test::key_ptr key(
            PEM_read_bio_PrivateKey(reader(who.private_key_pem).get(), nullptr, nullptr, nullptr));
        BOOST_TEST_REQUIRE(SSL_CTX_use_certificate(context_.get(), certificate.get()) == 1);
        BOOST_TEST_REQUIRE(SSL_CTX_use_PrivateKey(context_.get(), key.get()) == 1);
        SSL_CTX_set_alpn_select_cb(
            context_.get(),
            [](SSL*, const unsigned char** out, unsigned char* size, const unsigned char* offered, unsigned int length,
               void* self) {
                static_cast<server*>(self)->offered_.assign(offered, offered + length);
                *out = offered + 1;
                *size = offered[0];
                return static_cast<server*>(self)->chooses_ ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
            },
            this);
    }
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    void choose_no_protocol() noexcept { chooses_ = false; }

    SSL_CTX* native() { return context_.get(); }

    outcome meet(net::tls_context& client)
    {
        const ssl_ptr here(SSL_new(client.native().native_handle()));
        const ssl_ptr there(SSL_new(context_.get()));
        SSL_set_connect_state(here.get());
        SSL_set_accept_state(there.get());
        BIO* one = nullptr;
        BIO* other = nullptr;
        BOOST_TEST_REQUIRE(BIO_new_bio_pair(&one, 0, &other, 0) == 1);
        SSL_set_bio(here.get(), one, one);
        SSL_set_bio(there.get(), other, other);
        BOOST_TEST_REQUIRE(client.prepare(here.get()));
        outcome seen;
        for (int i = 0; i < 20 && !seen.done; ++i) {
            const bool first = SSL_do_handshake(here.get()) == 1;
            const bool second = SSL_do_handshake(there.get()) == 1;
            seen.done = first && second;
        }
        char nothing = 0;
        (void)SSL_read(here.get(), &nothing, 1); // takes in the tickets
        seen.verdict = SSL_get_verify_result(here.get());
        seen.trusted = seen.done && client.check_peer(here.get()).has_value();
        seen.resumed = SSL_session_reused(here.get()) == 1;
        seen.version = SSL_version(here.get());
        if (const char* const name = SSL_get_servername(there.get(), TLSEXT_NAMETYPE_host_name))
            seen.server_name = name;
        const unsigned char* chosen = nullptr;
        unsigned int length = 0;
        SSL_get0_alpn_selected(here.get(), &chosen, &length);
        seen.protocol.assign(chosen, chosen + length);
        seen.offered = offered_;
        // Otherwise OpenSSL would not use its ticket again.
        SSL_set_shutdown(here.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
        SSL_set_shutdown(there.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
        ERR_clear_error();
        return seen;
    }

private:
    std::unique_ptr<SSL_CTX, ssl_free> context_;
    std::string offered_;
    bool chooses_ = true;
};

inline const authority& ours()
{
    static const authority made;
    return made;
}

inline tls_config trusting(const authority& who)
{
    tls_config settings;
    settings.ca_pem = who.pem();
    return settings;
}

inline std::shared_ptr<net::tls_context> client(const std::string& host, const tls_config& settings = trusting(ours()),
                                                std::size_t tickets = 4)
{
    const auto where = parse_endpoint("https://" + host + "/");
    return net::tls_context::make(settings, where.value(), tickets).value();
}

inline std::shared_ptr<net::tls_context> client(const std::string& host, std::size_t tickets, protocol offered)
{
    const auto where = parse_endpoint("https://" + host + "/");
    return net::tls_context::make(trusting(ours()), where.value(), tickets, offered).value();
}

inline certificate_wish named(std::vector<std::string> names, std::string common_name = "none")
{
    certificate_wish wish;
    wish.names = std::move(names);
    wish.common_name = std::move(common_name);
    return wish;
}

inline bool trusts(const std::string& host, const certificate_wish& wish)
{
    return server(ours().issue(wish)).meet(*client(host)).trusted;
}

} // namespace venice_keys::test
