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

// Makes a certificate for localhost, 127.0.0.1 and ::1, and for `address` (an IP address as text) unless it is empty.
// The key is of EC P-256, and the certificate is valid for a year. Returns nothing when OpenSSL fails; its error queue
// says why.
[[nodiscard]] std::optional<server_identity> make_identity(const std::string& address);

// Returns an empty text when OpenSSL fails.
[[nodiscard]] std::string to_pem(X509& certificate);

struct tls_settings_result {
    tls_settings_ptr settings; // empty: failed
    boost::system::error_code error;
    std::string what; // was being done
};

[[nodiscard]] tls_settings_result make_tls_settings(const server_identity& identity, protocol allowed);
// The files are PEM files; that of the certificate has its chain as well.
[[nodiscard]] tls_settings_result make_tls_settings(const std::string& certificate_file,
                                                    const std::string& private_key_file, protocol allowed);

// Returns the oldest entry of OpenSSL's error queue, and empties the queue.
[[nodiscard]] boost::system::error_code take_openssl_error();

} // namespace venice_keys::emulation
