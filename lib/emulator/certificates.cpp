#include "emulator/certificates.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstddef>

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
    // RFC 5280 section 4.1.2.2: positive, at most 20 octets.
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

// All but the extensions and the signature.
certificate_ptr start_certificate(const char* name, EVP_PKEY* key)
{
    certificate_ptr certificate{X509_new()};
    if (certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
        set_random_serial(certificate.get()) && set_name(X509_get_subject_name(certificate.get()), name) &&
        // A clock may be a little behind.
        X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -hour) != nullptr &&
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), year) != nullptr &&
        X509_set_pubkey(certificate.get(), key) == 1)
        return certificate;
    return nullptr;
}

bool sign(X509* certificate, const signer& by)
{
    return X509_set_issuer_name(certificate, X509_get_subject_name(by.certificate)) == 1 &&
           X509_sign(certificate, by.key, EVP_sha256()) > 0;
}

certificate_ptr make_authority(EVP_PKEY* key)
{
    certificate_ptr made = start_certificate("venice-keys emulator authority", key);
    if (made && add_extension(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
        add_extension(made.get(), made.get(), NID_key_usage, "critical,keyCertSign,cRLSign") &&
        add_extension(made.get(), made.get(), NID_subject_key_identifier, "hash") &&
        sign(made.get(), signer{made.get(), key}))
        return made;
    return nullptr;
}

certificate_ptr make_leaf(EVP_PKEY* key, const std::string& address, const signer& by)
{
    std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
    if (!address.empty())
        names += ",IP:" + address;
    certificate_ptr made = start_certificate("localhost", key);
    if (made && add_extension(made.get(), by.certificate, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(made.get(), by.certificate, NID_key_usage, "critical,digitalSignature") &&
        add_extension(made.get(), by.certificate, NID_ext_key_usage, "serverAuth") &&
        add_extension(made.get(), by.certificate, NID_subject_key_identifier, "hash") &&
        add_extension(made.get(), by.certificate, NID_authority_key_identifier, "keyid:always") &&
        add_extension(made.get(), by.certificate, NID_subject_alt_name, names.c_str()) && sign(made.get(), by))
        return made;
    return nullptr;
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

} // namespace venice_keys::emulation
