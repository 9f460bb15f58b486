// A certification authority for tests, which issues good and bad certificates. P-256, in memory only.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace test {

struct openssl_free {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};
using key_ptr = std::unique_ptr<EVP_PKEY, openssl_free>;
using certificate_ptr = std::unique_ptr<X509, openssl_free>;

// What a certificate is to contain.
struct certificate_wish {
    std::vector<std::string> names{"DNS:localhost", "IP:127.0.0.1"}; // as OpenSSL writes them; empty: no such extension
    std::string common_name = "a server for tests";
    std::chrono::seconds begins{-60}; // from now
    std::chrono::seconds ends{3600};
};

struct identity {
    std::string certificate_pem;
    std::string private_key_pem;
    std::string pin; // RFC 7469 section 2.4
};

class authority {
public:
    authority();

    [[nodiscard]] const std::string& pem() const noexcept { return pem_; }
    [[nodiscard]] std::string pin() const;
    [[nodiscard]] identity issue(const certificate_wish& wish = {}) const;

private:
    key_ptr key_;
    certificate_ptr certificate_;
    std::string pem_;
};

// A file with this text, which is removed with the object.
class temporary_file {
public:
    explicit temporary_file(const std::string& text);
    temporary_file(const temporary_file&) = delete;
    temporary_file& operator=(const temporary_file&) = delete;
    ~temporary_file();

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

} // namespace test
