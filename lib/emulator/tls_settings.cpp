#include "emulator/tls_settings.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/system/errc.hpp>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace venice_keys::emulation {

namespace {

constexpr long hour = 60L * 60;
constexpr long year = 365L * 24 * hour;

struct signer {
    X509* certificate;
    EVP_PKEY* key;
};

bool set_random_serial(X509* certificate)
{
    // A serial number is positive and has at most 20 octets (RFC 5280 section 4.1.2.2).
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> number{BN_new(), &BN_free};
    return number && BN_rand(number.get(), 159, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_name(X509_NAME* name, const char* text)
{
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text), -1, -1,
                                      0) == 1;
}

bool add_extension(X509* certificate, X509* issuer, int nid, const char* value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension{
        X509V3_EXT_conf_nid(nullptr, &context, nid, value), &X509_EXTENSION_free};
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

// Makes all of a certificate but the extensions and the signature.
certificate_ptr start_certificate(const char* name, EVP_PKEY* key)
{
    certificate_ptr certificate{X509_new()};
    if (certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
        set_random_serial(certificate.get()) && set_name(X509_get_subject_name(certificate.get()), name) &&
        // The client's clock may be a little behind.
        X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -hour) != nullptr &&
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), year) != nullptr &&
        X509_set_pubkey(certificate.get(), key) == 1)
        return certificate;
    return nullptr;
}

// Adds the extensions and the signature.
bool finish_certificate(X509* certificate, const signer& by,
                        std::initializer_list<std::pair<int, const char*>> extensions)
{
    return std::ranges::all_of(
               extensions,
               [&](const auto& each) { return add_extension(certificate, by.certificate, each.first, each.second); }) &&
           X509_set_issuer_name(certificate, X509_get_subject_name(by.certificate)) == 1 &&
           X509_sign(certificate, by.key, EVP_sha256()) > 0;
}

certificate_ptr make_authority(EVP_PKEY* key)
{
    certificate_ptr made = start_certificate("venice-keys emulator authority", key);
    if (made && finish_certificate(made.get(), signer{made.get(), key},
                                   {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                    {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                    {NID_subject_key_identifier, "hash"}}))
        return made;
    return nullptr;
}

certificate_ptr make_leaf(EVP_PKEY* key, const std::string& address, const signer& by)
{
    std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
    if (!address.empty())
        names += ",IP:" + address;
    certificate_ptr made = start_certificate("localhost", key);
    if (made && finish_certificate(made.get(), by,
                                   {{NID_basic_constraints, "critical,CA:FALSE"},
                                    {NID_key_usage, "critical,digitalSignature"},
                                    {NID_ext_key_usage, "serverAuth"},
                                    {NID_subject_key_identifier, "hash"},
                                    {NID_authority_key_identifier, "keyid:always"},
                                    {NID_subject_alt_name, names.c_str()}}))
        return made;
    return nullptr;
}

// In ALPN's form each name stands behind its length. The preferred one comes first.
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
    // OpenSSL's declaration lacks the const, though its implementation changes nothing.
    auto* chosen = const_cast<unsigned char*>(*out);
    const int found = SSL_select_next_proto(&chosen, out_size, reinterpret_cast<const unsigned char*>(names.data()),
                                            static_cast<unsigned>(names.size()), offered, offered_size);
    *out = chosen;
    // It is fatal to have no protocol in common (RFC 7301 section 3.2).
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

std::optional<server_identity> make_identity(const std::string& address)
{
    const key_ptr authority_key{EVP_EC_gen("P-256")};
    key_ptr key{EVP_EC_gen("P-256")};
    if (!authority_key || !key)
        return std::nullopt;
    certificate_ptr authority = make_authority(authority_key.get());
    if (!authority)
        return std::nullopt;
    certificate_ptr leaf = make_leaf(key.get(), address, signer{authority.get(), authority_key.get()});
    if (!leaf)
        return std::nullopt;
    return server_identity{std::move(authority), std::move(leaf), std::move(key)};
}

std::string to_pem(X509& certificate)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory{BIO_new(BIO_s_mem()), &BIO_free};
    if (!memory || PEM_write_bio_X509(memory.get(), &certificate) != 1)
        return {};
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

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
