// Alerts of the peer: which of them refuse a handshake for good, and words for these. Knows nothing of connections.
#pragma once

#include <boost/system/error_code.hpp>

#include <openssl/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys::net {

// The number of the alert (RFC 8446 section 6) with which the peer ended it; empty for any other error.
[[nodiscard]] std::optional<std::uint8_t> alert_of(const boost::system::error_code& why) noexcept;

// Whether this alert says that the peer did not accept our side of a handshake. Such an alert has nothing to do with
// what was sent after the handshake, and it would come again. Not among these: alerts of a peer in trouble
// (internal_error), and those that damaged bytes bring about (bad_record_mac, decode_error).
[[nodiscard]] bool refuses_handshake(std::uint8_t alert) noexcept;

// What is known of our side of the handshake.
struct own_certificate {
    bool shown = false;     // one is configured for this peer
    bool asked_for = false; // by a CertificateRequest of TLS 1.2; under TLS 1.3 there is an alert that says it
    bool never = false;     // the peer is a proxy, which is shown none
};

[[nodiscard]] own_certificate own_side_of(SSL* connection) noexcept;

// One sentence that says what the server `where` did not like, and what to do about it if something can be done.
[[nodiscard]] std::string refusal_text(std::string_view where, std::uint8_t alert, own_certificate ours);

} // namespace venice_keys::net
