// Words for why a server's certificate can't be trusted: what is wrong with it, what it says of itself, and what to do.
// It checks nothing; OpenSSL has done that.
#pragma once

#include <venice_keys/config.hpp>

#include <openssl/types.h>

#include <string>
#include <string_view>

namespace venice_keys::net {

// `where` is whom the certificate is from, `host` whom it should be for, `verified` the X509_V_ERR_… that OpenSSL
// found. `certificate` is the one that this is about; it may be null, and then the text has no values of it. `trusted`
// says which authorities are trusted.
[[nodiscard]] std::string certificate_fault(std::string_view where, std::string_view host, long verified,
                                            const X509* certificate, const tls_config& trusted);

} // namespace venice_keys::net
