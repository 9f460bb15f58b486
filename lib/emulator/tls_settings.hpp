// The server side's TLS settings: protocol versions, ALPN, and a certificate, which is made on the spot with its
// authority or comes from files. What is made is kept in memory, and not meant to outlive the process. It opens no
// connection.
#pragma once

#include <venice_keys/config.hpp>

#include <boost/system/error_code.hpp>

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <optional>
#include <string>

namespace venice_keys::emulation {

struct openssl_deleter {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
    void operator()(SSL_CTX* settings) const noexcept { SSL_CTX_free(settings); }
};

using key_ptr = std::unique_ptr<EVP_PKEY, openssl_deleter>;
using certificate_ptr = std::unique_ptr<X509, openssl_deleter>;
using tls_settings_ptr = std::unique_ptr<SSL_CTX, openssl_deleter>;

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

struct tls_settings_result {
    tls_settings_ptr settings; // empty: failed
    boost::system::error_code error;
    std::string what; // was being done
};

[[nodiscard]] tls_settings_result make_tls_settings(const server_identity& identity, protocol allowed);
// PEM files; the certificate's with its chain.
[[nodiscard]] tls_settings_result make_tls_settings(const std::string& certificate_file,
                                                    const std::string& private_key_file, protocol allowed);

// The oldest entry of OpenSSL's error queue, which it empties.
[[nodiscard]] boost::system::error_code take_openssl_error();

} // namespace venice_keys::emulation
