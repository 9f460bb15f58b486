#include "net/tls_alert.hpp"

#include <boost/asio/ssl/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>
#include <openssl/tls1.h>

namespace venice_keys::net {

std::optional<std::uint8_t> alert_of(const boost::system::error_code& why) noexcept
{
    if (why.category() != boost::asio::error::get_ssl_category())
        return std::nullopt;
    const auto packed = static_cast<unsigned long>(why.value());
    const int alert = ERR_GET_REASON(packed) - SSL_AD_REASON_OFFSET;
    if (ERR_GET_LIB(packed) != ERR_LIB_SSL || alert < 0 || alert > 255)
        return std::nullopt;
    return static_cast<std::uint8_t>(alert);
}

bool refuses_handshake(std::uint8_t alert) noexcept
{
    switch (alert) {
    case SSL_AD_HANDSHAKE_FAILURE:
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_ACCESS_DENIED:
    case SSL_AD_DECRYPT_ERROR: // this is about a signature in the handshake
    case SSL_AD_PROTOCOL_VERSION:
    case SSL_AD_INSUFFICIENT_SECURITY:
    case SSL_AD_INAPPROPRIATE_FALLBACK:
    case SSL_AD_MISSING_EXTENSION:
    case SSL_AD_UNSUPPORTED_EXTENSION:
    case SSL_AD_UNRECOGNIZED_NAME:
    case SSL_AD_CERTIFICATE_REQUIRED:
    case SSL_AD_NO_APPLICATION_PROTOCOL:
        return true;
    default: // the peer chooses the number, which may be any
        return false;
    }
}

namespace {

// Whether the alert can be about the certificate that we have shown.
bool is_about_a_certificate(std::uint8_t alert) noexcept
{
    return (alert >= SSL_AD_BAD_CERTIFICATE && alert <= SSL_AD_CERTIFICATE_UNKNOWN) || alert == SSL_AD_UNKNOWN_CA ||
           alert == SSL_AD_ACCESS_DENIED || alert == SSL_AD_DECRYPT_ERROR;
}

} // namespace

own_certificate own_side_of(SSL* connection) noexcept
{
    const unsigned char* kinds = nullptr;
    return {SSL_get_certificate(connection) != nullptr, SSL_get0_certificate_types(connection, &kinds) != 0, false};
}

std::string refusal_text(std::string_view where, std::uint8_t alert, own_certificate ours)
{
    std::string text(where);
    const bool wants_one =
        alert == SSL_AD_CERTIFICATE_REQUIRED || (ours.asked_for && alert == SSL_AD_HANDSHAKE_FAILURE);
    if (ours.never && wants_one)
        return text += " wants a client certificate, and a proxy is shown none";
    if (!ours.shown && wants_one)
        return text += " wants a client certificate: set config::tls.certificate_file and tls.private_key_file";
    text += ours.shown && (wants_one || is_about_a_certificate(alert))
                ? " does not accept the client certificate of config::tls.certificate_file: "
                : " refused the TLS handshake: ";
    return text += SSL_alert_desc_string_long(alert);
}

bool speaks_no_tls(const boost::system::error_code& why) noexcept
{
    if (why.category() != boost::asio::error::get_ssl_category())
        return false;
    const auto packed = static_cast<unsigned long>(why.value());
    const int reason = ERR_GET_REASON(packed);
    return ERR_GET_LIB(packed) == ERR_LIB_SSL && (reason == SSL_R_WRONG_VERSION_NUMBER ||
                                                  reason == SSL_R_HTTP_REQUEST || reason == SSL_R_HTTPS_PROXY_REQUEST);
}

std::string no_tls_text(std::string_view where, bool is_proxy)
{
    std::string text(where);
    text += " does not speak TLS on that port: its answer to the handshake is something else, such as plain HTTP; ";
    return text +=
           is_proxy ? "check config::proxy.url (HTTPS_PROXY): a proxy that is spoken to without TLS has http:// there"
                    : "check the port in config::base_url (VENICE_BASE_URL)";
}

} // namespace venice_keys::net
