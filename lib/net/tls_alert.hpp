// How a peer ends a handshake, by an alert or with bytes that are no TLS: which of them refuse it for good, and words
// for them. It knows nothing of connections.
#pragma once

#include <boost/system/error_code.hpp>

#include <openssl/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys::net {

// The number of the alert (RFC 8446 section 6) with which the peer ended the connection; empty for any other error.
[[nodiscard]] std::optional<std::uint8_t> alert_of(const boost::system::error_code& why) noexcept;

// Whether this alert says that the peer did not accept our side of a handshake. Such an alert has nothing to do with
// what was sent after the handshake, and another attempt would meet it again. Alerts of a peer in trouble
// (internal_error) are not among these, nor those that damaged bytes cause (bad_record_mac, decode_error).
[[nodiscard]] bool refuses_handshake(std::uint8_t alert) noexcept;

// What is known of our side of the handshake.
struct own_certificate {
    bool shown = false;     // a client certificate is configured for this peer
    bool asked_for = false; // by a CertificateRequest of TLS 1.2; TLS 1.3 has an alert that says it
    bool never = false;     // the peer is a proxy, to which none is shown
};

[[nodiscard]] own_certificate own_side_of(SSL* connection) noexcept;

// One sentence that says why the server `where` refused, and what to do about it if something can be done.
[[nodiscard]] std::string refusal_text(std::string_view where, std::uint8_t alert, own_certificate ours);

// Whether the first bytes of the peer's answer to a handshake were no TLS at all, as on a port that speaks plain HTTP.
[[nodiscard]] bool speaks_no_tls(const boost::system::error_code& why) noexcept;

// One sentence that says so of the server `where`, or of a proxy, and what to do about it.
[[nodiscard]] std::string no_tls_text(std::string_view where, bool is_proxy);

} // namespace venice_keys::net
