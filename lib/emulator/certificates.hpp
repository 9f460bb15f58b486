// A certification authority and a server certificate, made on the spot and kept in memory. Nothing of it is meant to
// outlive the process.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <optional>
#include <string>

namespace venice_keys::emulation {

struct openssl_deleter {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};

using key_ptr = std::unique_ptr<EVP_PKEY, openssl_deleter>;
using certificate_ptr = std::unique_ptr<X509, openssl_deleter>;

struct server_identity {
    certificate_ptr authority;
    certificate_ptr certificate;
    key_ptr private_key; // of the certificate; the authority's own is gone by then
};

// For localhost, 127.0.0.1 and ::1, and `address` (an IP address in its text form; empty: none). EC P-256, a year.
// Empty: OpenSSL failed, and its error queue says why.
[[nodiscard]] std::optional<server_identity> make_identity(const std::string& address);

// Empty: OpenSSL failed.
[[nodiscard]] std::string to_pem(X509& certificate);

} // namespace venice_keys::emulation
