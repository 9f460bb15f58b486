#include "net/tls_context.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace venice_keys::net {

namespace asio = boost::asio;

namespace {

boost::system::error_code last_openssl_error()
{
    const auto code = ERR_get_error();
    ERR_clear_error();
    return {static_cast<int>(code), asio::error::get_ssl_category()};
}

// With the variable that config::from_environment() reads it from.
constexpr std::string_view ca_file_name = "tls.ca_file (VENICE_CA_FILE)";

// Whether OpenSSL found no PEM, or no certificate in it.
bool is_no_pem(boost::system::error_code why) noexcept
{
    const auto packed = static_cast<unsigned long>(why.value());
    const bool empty =
        ERR_GET_LIB(packed) == ERR_LIB_X509 && ERR_GET_REASON(packed) == X509_R_NO_CERTIFICATE_OR_CRL_FOUND;
    return why.category() == asio::error::get_ssl_category() && (ERR_GET_LIB(packed) == ERR_LIB_PEM || empty);
}

error unusable(std::string_view field, std::string_view value, boost::system::error_code why)
{
    // OpenSSL says of a folder that it has no PEM.
    if (std::error_code ignored; !value.empty() && std::filesystem::is_directory(value, ignored))
        why = make_error_code(boost::system::errc::is_a_directory);
    std::string detail(field);
    if (!value.empty())
        detail.append(": '").append(value).append("'");
    else
        detail.append(": it");
    detail.append(" can't be used: ").append(why ? why.message() : "OpenSSL gives no reason");
    if (is_no_pem(why))
        detail.append("; it must be PEM");
    return {errc::invalid_argument, std::move(detail), why};
}

// The list of protocols for ALPN, the best first (RFC 7301 section 3.1, RFC 9113 section 3.2).
std::string_view alpn_of(protocol offered) noexcept
{
    switch (offered) {
    case protocol::automatic:
        return "\x02h2\x08http/1.1";
    case protocol::http1:
        break;
    case protocol::http2:
        return "\x02h2";
    }
    return "\x08http/1.1";
}

int context_index()
{
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

// RFC 7469 section 2.4: base64 of the SHA-256 of the DER-encoded SubjectPublicKeyInfo.
std::string pin_of(X509* certificate)
{
    unsigned char* der = nullptr;
    const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (length <= 0)
        return {};
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned int size = 0;
    const bool done =
        EVP_Digest(der, static_cast<std::size_t>(length), digest.data(), &size, EVP_sha256(), nullptr) == 1;
    OPENSSL_free(der);
    if (!done)
        return {};
    std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> text;
    const int written = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(size));
    return {text.begin(), text.begin() + written};
}

} // namespace

tls_context::tls_context(const tls_config& settings, const detail::endpoint& server, std::size_t most_tickets,
                         protocol offered)
    : settings_(settings), server_(server), most_tickets_(most_tickets), offered_(offered)
{
}

result<std::shared_ptr<tls_context>> tls_context::make(const tls_config& settings, const detail::endpoint& server,
                                                       std::size_t most_tickets, protocol offered)
{
    // By default OpenSSL cleans up when the program ends, which may be before the last connection is gone, or while a
    // thread is using one.
    OPENSSL_init_ssl(OPENSSL_INIT_NO_ATEXIT, nullptr);
    std::shared_ptr<tls_context> made(new tls_context(settings, server, most_tickets, offered));
    SSL_CTX* const native = made->context_.native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_verify(native, settings.insecure_accept_any_certificate_for_tests ? SSL_VERIFY_NONE : SSL_VERIFY_PEER,
                       nullptr);
    if (auto done = made->trust(); !done)
        return std::move(done).error();
    if (auto done = made->identify(); !done)
        return std::move(done).error();
    // A resumed connection shows no certificate, so that pins could not be checked.
    if (settings.pinned_public_keys.empty())
        made->keep_tickets();
    return made;
}

result<void> tls_context::trust()
{
    boost::system::error_code ec;
    if (settings_.ca_file.empty() && settings_.ca_pem.empty()) {
        context_.set_default_verify_paths(ec);
        if (ec)
            return error(errc::invalid_argument,
                         std::string(ca_file_name) +
                             ": it is not set, and the system's certificates can't be used: " + ec.message(),
                         ec);
        return result<void>::success();
    }
    if (!settings_.ca_file.empty()) {
        context_.load_verify_file(settings_.ca_file, ec);
        if (ec)
            return unusable(ca_file_name, settings_.ca_file, ec);
    }
    if (!settings_.ca_pem.empty()) {
        context_.add_certificate_authority(asio::buffer(settings_.ca_pem), ec);
        if (ec)
            return unusable("tls.ca_pem", "", ec);
    }
    return result<void>::success();
}

result<void> tls_context::identify()
{
    if (settings_.certificate_file.empty())
        return result<void>::success();
    boost::system::error_code ec;
    context_.use_certificate_chain_file(settings_.certificate_file, ec);
    if (ec)
        return unusable("tls.certificate_file", settings_.certificate_file, ec);
    // Without this callback OpenSSL would ask at the terminal for the phrase of an encrypted key.
    context_.set_password_callback([](std::size_t, asio::ssl::context::password_purpose) { return std::string{}; }, ec);
    if (!ec)
        context_.use_private_key_file(settings_.private_key_file, asio::ssl::context::pem, ec);
    if (ec || SSL_CTX_check_private_key(context_.native_handle()) != 1)
        return unusable("tls.private_key_file", settings_.private_key_file, ec ? ec : last_openssl_error());
    return result<void>::success();
}

void tls_context::keep_tickets()
{
    SSL_CTX* const native = context_.native_handle();
    tickets_.reserve(most_tickets_); // so that on_new_session(), which OpenSSL calls, does not throw
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_set_ex_data(native, context_index(), this);
    SSL_CTX_sess_set_new_cb(native, &tls_context::on_new_session);
}

// Tickets are kept in memory alone, for this host and these settings, the newest last.
int tls_context::on_new_session(SSL* connection, SSL_SESSION* session)
{
    auto* const self = static_cast<tls_context*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), context_index()));
    if (self->most_tickets_ == 0)
        return 0;
    if (self->tickets_.size() == self->most_tickets_)
        self->tickets_.erase(self->tickets_.begin());
    self->tickets_.emplace_back(session);
    return 1; // we keep the reference
}

result<void> tls_context::prepare(SSL* connection, bool with_ticket)
{
    const char* const host = server_.host.c_str();
    X509_VERIFY_PARAM* const rules = SSL_get0_param(connection);
    // A bare common name and partial wildcards (f*.example.org) don't count: RFC 9525 section 6.3.
    X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    bool done = true;
    if (server_.is_ip_literal) {
        done = X509_VERIFY_PARAM_set1_ip_asc(rules, host) == 1;
    } else {
        // An address is not sent as a server name: RFC 6066 section 3.
        done = SSL_set_tlsext_host_name(connection, host) == 1 && X509_VERIFY_PARAM_set1_host(rules, host, 0) == 1;
    }
    const std::string_view alpn = alpn_of(offered_);
    if (SSL_set_alpn_protos(connection, reinterpret_cast<const unsigned char*>(alpn.data()),
                            static_cast<unsigned>(alpn.size())) != 0)
        return error(errc::tls_failed, "OpenSSL does not take the names of the protocols (ALPN)", last_openssl_error());
    if (!done)
        return error(errc::tls_failed, "OpenSSL does not take the host's name, which the certificate has to have",
                     last_openssl_error());
    if (with_ticket && !tickets_.empty()) {
        // A TLS 1.3 ticket is used once (RFC 8446 appendix C.4), so that no two connections can be linked by it.
        SSL_SESSION* const newest = tickets_.back().get();
        SSL_set_session(connection, newest);
        if (SSL_SESSION_get_protocol_version(newest) >= TLS1_3_VERSION)
            tickets_.pop_back();
    }
    return result<void>::success();
}

result<void> tls_context::check_peer(SSL* connection) const
{
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(connection, &chosen, &size);
    if (offered_ == protocol::http2 && size == 0)
        return error(
            errc::tls_failed,
            "the server did not choose HTTP/2 by ALPN, and config::protocol allows nothing else: set it to automatic");
    if (settings_.pinned_public_keys.empty())
        return result<void>::success();
    STACK_OF(X509)* const chain = SSL_get0_verified_chain(connection);
    const int length = chain == nullptr ? 0 : sk_X509_num(chain);
    for (int i = 0; i < length; ++i) {
        const std::string pin = pin_of(sk_X509_value(chain, i));
        if (std::ranges::find(settings_.pinned_public_keys, pin) != settings_.pinned_public_keys.end())
            return result<void>::success();
    }
    return error(errc::tls_failed,
                 "no public key of the server's certificates is among config::tls.pinned_public_keys; if it "
                 "has a new key, add that one's pin");
}

} // namespace venice_keys::net
