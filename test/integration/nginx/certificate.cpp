#include "integration/nginx/certificate.hpp"

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace integration {
namespace {

template <auto Free>
struct deleter {
    template <class T>
    void operator()(T* object) const
    {
        Free(object);
    }
};

using certificate = std::unique_ptr<X509, deleter<&X509_free>>;
using key_pair = std::unique_ptr<EVP_PKEY, deleter<&EVP_PKEY_free>>;
using extension = std::unique_ptr<X509_EXTENSION, deleter<&X509_EXTENSION_free>>;
using file = std::unique_ptr<std::FILE, deleter<&std::fclose>>;

void require(bool done, const char* what)
{
    if (!done)
        throw std::runtime_error(std::string("certificate for tests: ") + what);
}

void add_extension(X509* target, int kind, const char* value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, target, target, nullptr, nullptr, 0);
    const extension added(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
    require(added && X509_add_ext(target, added.get(), -1) == 1, value);
}

} // namespace

void write_certificate(const std::filesystem::path& certificate_file, const std::filesystem::path& private_key_file)
{
    const key_pair key(EVP_EC_gen("P-256"));
    const certificate made(X509_new());
    require(key && made, "out of memory");

    constexpr long version_3 = 2;
    constexpr long clock_skew = 60;
    constexpr long lifetime = 3600;
    X509_NAME* name = X509_get_subject_name(made.get());
    const auto* text = reinterpret_cast<const unsigned char*>("localhost");
    require(X509_set_version(made.get(), version_3) == 1 &&
                ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1) == 1 &&
                X509_gmtime_adj(X509_getm_notBefore(made.get()), -clock_skew) != nullptr &&
                X509_gmtime_adj(X509_getm_notAfter(made.get()), lifetime) != nullptr &&
                X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1 &&
                X509_set_issuer_name(made.get(), name) == 1 && X509_set_pubkey(made.get(), key.get()) == 1,
            "fields");
    add_extension(made.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1");
    add_extension(made.get(), NID_basic_constraints, "critical,CA:TRUE");
    require(X509_sign(made.get(), key.get(), EVP_sha256()) > 0, "signature");

    const file certificate_out(std::fopen(certificate_file.c_str(), "we"));
    const file key_out(std::fopen(private_key_file.c_str(), "we"));
    require(certificate_out && key_out, "files");
    require(PEM_write_X509(certificate_out.get(), made.get()) == 1 &&
                PEM_write_PrivateKey(key_out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
                std::fflush(certificate_out.get()) == 0 && std::fflush(key_out.get()) == 0,
            "writing");
}

} // namespace integration
