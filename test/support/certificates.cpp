#include "support/certificates.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace test {

namespace {

void require(bool done, const char* what)
{
    if (!done)
        throw std::runtime_error(std::string("a certificate for tests: ") + what);
}

template <class Write>
std::string to_pem(Write write)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
    require(out && write(out.get()) == 1, "PEM");
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string to_pem(X509* certificate)
{
    return to_pem([certificate](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const added = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    require(added != nullptr && X509_add_ext(certificate, added, -1) == 1, value.c_str());
    X509_EXTENSION_free(added);
}

certificate_ptr blank(EVP_PKEY* key, const std::string& common_name, std::chrono::seconds begins,
                      std::chrono::seconds ends)
{
    static std::atomic<long> serial{1};
    certificate_ptr made(X509_new());
    require(made != nullptr, "memory");
    const auto* const text = reinterpret_cast<const unsigned char*>(common_name.data());
    const int size = static_cast<int>(common_name.size());
    require(X509_set_version(made.get(), X509_VERSION_3) == 1 &&
                ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial++) == 1 &&
                X509_gmtime_adj(X509_getm_notBefore(made.get()), begins.count()) != nullptr &&
                X509_gmtime_adj(X509_getm_notAfter(made.get()), ends.count()) != nullptr &&
                X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, text, size, -1, 0) ==
                    1 &&
                X509_set_pubkey(made.get(), key) == 1,
            "its fields");
    return made;
}

// Goes another way than the library does: hashes the DER form with OpenSSL's one-shot function.
std::string pin_of(X509* certificate)
{
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(X509_get0_pubkey(certificate), &der);
    require(size > 0, "DER");
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
    SHA256(der, static_cast<std::size_t>(size), digest.data());
    OPENSSL_free(der);
    std::array<unsigned char, 64> text;
    const int length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
    return {text.begin(), text.begin() + length};
}

} // namespace

authority::authority() : key_(EVP_EC_gen("P-256"))
{
    require(key_ != nullptr, "a key");
    certificate_ = blank(key_.get(), "an authority for tests", std::chrono::seconds(-60), std::chrono::hours(1));
    X509* const self = certificate_.get();
    require(X509_set_issuer_name(self, X509_get_subject_name(self)) == 1, "its issuer");
    extend(self, self, NID_basic_constraints, "critical,CA:TRUE");
    extend(self, self, NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(self, self, NID_subject_key_identifier, "hash");
    require(X509_sign(self, key_.get(), EVP_sha256()) > 0, "its signature");
    pem_ = to_pem(self);
}

std::string authority::pin() const
{
    return pin_of(certificate_.get());
}

identity authority::issue(const certificate_wish& wish) const
{
    const key_ptr key(EVP_EC_gen("P-256"));
    require(key != nullptr, "a key");
    const certificate_ptr made = blank(key.get(), wish.common_name, wish.begins, wish.ends);
    require(X509_set_issuer_name(made.get(), X509_get_subject_name(certificate_.get())) == 1, "its issuer");
    std::string names;
    for (const std::string& each : wish.names)
        names += (names.empty() ? "" : ",") + each;
    if (!names.empty())
        extend(made.get(), certificate_.get(), NID_subject_alt_name, names);
    extend(made.get(), certificate_.get(), NID_authority_key_identifier, "keyid");
    require(X509_sign(made.get(), key_.get(), EVP_sha256()) > 0, "its signature");
    return {to_pem(made.get()), to_pem([&](BIO* out) {
                return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            }),
            pin_of(made.get())};
}

temporary_file::temporary_file(const std::string& text)
{
    const char* const directory = std::getenv("TMPDIR");
    path_ = std::string(directory == nullptr ? "/tmp" : directory) + "/venice-keys-test-XXXXXX";
    const int made = ::mkstemp(path_.data());
    if (made < 0)
        throw std::runtime_error("a temporary file");
    std::FILE* const out = ::fdopen(made, "w");
    const bool written = std::fwrite(text.data(), 1, text.size(), out) == text.size();
    if (std::fclose(out) != 0 || !written)
        throw std::runtime_error("writing a temporary file");
}

temporary_file::~temporary_file()
{
    ::unlink(path_.c_str());
}

} // namespace test
