// The server side's TLS settings: protocol versions, ALPN, certificate. It opens no connection.
#pragma once

#include "emulator/certificates.hpp"

#include <venice_keys/config.hpp>

#include <boost/system/error_code.hpp>

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace venice_keys::emulation {

struct ssl_ctx_deleter {
    void operator()(SSL_CTX* settings) const noexcept { SSL_CTX_free(settings); }
};

using tls_settings_ptr = std::unique_ptr<SSL_CTX, ssl_ctx_deleter>;

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
