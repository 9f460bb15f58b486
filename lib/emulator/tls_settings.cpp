#include "emulator/tls_settings.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/system/errc.hpp>

#include <openssl/err.h>

#include <array>
#include <string_view>

namespace venice_keys::emulation {

namespace {

// ALPN's own form: each name after its length. The one that is preferred comes first.
constexpr std::string_view both{"\x02h2\x08http/1.1"};
constexpr std::string_view http2_alone = both.substr(0, 3);
constexpr std::string_view http1_alone = both.substr(3);

const std::string_view& names_of(protocol allowed)
{
    switch (allowed) {
    case protocol::automatic:
        return both;
    case protocol::http1:
        return http1_alone;
    case protocol::http2:
        return http2_alone;
    }
    return both;
}

int choose_protocol(SSL* /*connection*/, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned offered_size, void* data)
{
    const std::string_view names = *static_cast<const std::string_view*>(data);
    // OpenSSL's own declaration lacks the const that its implementation keeps to.
    auto* chosen = const_cast<unsigned char*>(*out);
    const int found = SSL_select_next_proto(&chosen, out_size, reinterpret_cast<const unsigned char*>(names.data()),
                                            static_cast<unsigned>(names.size()), offered, offered_size);
    *out = chosen;
    // RFC 7301 section 3.2: nothing in common is fatal.
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

tls_settings_result failed(std::string what)
{
    return {nullptr, take_openssl_error(), std::move(what)};
}

tls_settings_ptr make_plain_settings(protocol allowed)
{
    tls_settings_ptr settings{SSL_CTX_new(TLS_server_method())};
    if (!settings || SSL_CTX_set_min_proto_version(settings.get(), TLS1_2_VERSION) != 1)
        return nullptr;
    // A buffer may move between two tries of a write, and a short write is no error: Asio's stream counts on both.
    SSL_CTX_set_mode(settings.get(),
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    static constexpr std::array<unsigned char, 3> name{'v', 'k', 'e'};
    if (SSL_CTX_set_session_id_context(settings.get(), name.data(), name.size()) != 1)
        return nullptr;
    SSL_CTX_set_alpn_select_cb(settings.get(), &choose_protocol, const_cast<std::string_view*>(&names_of(allowed)));
    return settings;
}

} // namespace

tls_settings_result make_tls_settings(const server_identity& identity, protocol allowed)
{
    tls_settings_ptr settings = make_plain_settings(allowed);
    if (!settings)
        return failed("TLS can't be set up");
    if (SSL_CTX_use_certificate(settings.get(), identity.certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(settings.get(), identity.private_key.get()) != 1)
        return failed("the certificate that was made can't be used");
    return {std::move(settings), {}, {}};
}

tls_settings_result make_tls_settings(const std::string& certificate_file, const std::string& private_key_file,
                                      protocol allowed)
{
    tls_settings_ptr settings = make_plain_settings(allowed);
    if (!settings)
        return failed("TLS can't be set up");
    if (SSL_CTX_use_certificate_chain_file(settings.get(), certificate_file.c_str()) != 1)
        return failed("the certificate file " + certificate_file + " can't be used");
    if (SSL_CTX_use_PrivateKey_file(settings.get(), private_key_file.c_str(), SSL_FILETYPE_PEM) != 1)
        return failed("the private key file " + private_key_file + " can't be used");
    if (SSL_CTX_check_private_key(settings.get()) != 1)
        return failed("the private key file " + private_key_file + " does not belong to the certificate");
    return {std::move(settings), {}, {}};
}

boost::system::error_code take_openssl_error()
{
    const unsigned long first = ERR_get_error();
    ERR_clear_error();
    if (first == 0)
        return make_error_code(boost::system::errc::io_error);
    if (ERR_SYSTEM_ERROR(first))
        return {ERR_GET_REASON(first), boost::system::system_category()};
    return {static_cast<int>(first), boost::asio::error::get_ssl_category()};
}

} // namespace venice_keys::emulation
