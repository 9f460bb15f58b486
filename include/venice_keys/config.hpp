// How a client behaves. Plain values with defaults; a client copies its configuration when it is made.
#pragma once

#include <venice_keys/detail/export.hpp>
#include <venice_keys/result.hpp>
#include <venice_keys/secret.hpp>
#include <venice_keys/version.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace venice_keys {

class observer;

/// Who may call a client at the same time.
enum class threading {
    multi,  ///< the client may be called from any thread, whatever threads run its executor
    single, ///< the caller promises that the client's executor and all calls are on one thread (or one strand)
};

/// The protocol that is spoken on top of TLS.
enum class protocol {
    automatic, ///< HTTP/2 where the server chooses it by ALPN (RFC 7301), else HTTP/1.1
    http1,     ///< HTTP/1.1 alone
    http2,     ///< HTTP/2 alone: a connection to a server that does not choose it ends as errc::tls_failed
};

/// Whom a client trusts, and how it shows who it is. Files are read when the client is made.
struct tls_config {
    /// A PEM file of the authorities to trust. If `ca_pem` is given too, either is trusted; if both are empty, the
    /// system's store is.
    std::string ca_file{};
    std::string ca_pem{}; ///< the authorities to trust as PEM text

    /// A PEM file of a client certificate, with its chain. Give this file and its key, or neither.
    std::string certificate_file{};
    std::string private_key_file{}; ///< a PEM file of the client certificate's key

    /// When not empty, one certificate of the verified chain must have a public key with one of these pins: base64 of
    /// the SHA-256 of its SubjectPublicKeyInfo, as RFC 7469 section 2.4 writes them.
    std::vector<std::string> pinned_public_keys{};

    /// For tests alone: the server's name and authority are not checked (pins are). Anyone on the way can read the
    /// token.
    bool insecure_accept_any_certificate_for_tests = false;
};

/// An HTTP proxy on the way to the service. It is asked only for a tunnel (CONNECT, RFC 9110 section 9.3.6), through
/// which TLS with the service runs, so that it sees neither tokens nor keys. The proxy resolves the service's name.
struct proxy_config {
    /// `http://host:port`, or `https://host[:443]`: then it is asked over TLS, and its certificate is checked against
    /// `ca_file` and `ca_pem` of tls_config, or the system's store. At most 2048 bytes; no user, path, query or
    /// fragment. Empty: no proxy.
    std::string url{};

    /// The user and the password are sent to the proxy (Basic, RFC 7617) unless both are empty; to an `http://` proxy
    /// in clear. No control characters; no colon in the user; at most 1024 bytes each.
    std::string user{};
    secret password{}; ///< see `user`

    /// Servers that are reached without the proxy, as curl reads NO_PROXY: names, which include their subdomains;
    /// addresses; networks (10.0.0.0/8); separated by commas or blanks. `*` alone: every server. An entry with a port
    /// (example.org:8443, [::1]:8443) is for that port only. At most 64 KiB, without control characters but tabs.
    std::string no_proxy{};
};

/// When a call is sent again, or a connection tried again.
struct retry_config {
    /// How often one call may be handed to a connection that then answers nothing, or be answered with a status that
    /// asks for another attempt, 1 … 100. 1: it is never sent again.
    unsigned max_attempts = 3;
    /// The pause before the n-th retry, and before the n-th attempt to connect in a row, is random between 0 and
    /// `base_delay * 2^(n-1)`, at most `max_delay`. Connecting goes on for as long as a call waits for it. 1 ms … 24 h.
    std::chrono::milliseconds base_delay{100};
    std::chrono::milliseconds max_delay{5'000}; ///< the longest such pause; 1 ms … 24 h
    /// How many retries the client may make before it must have successes again. A retry of a refused request takes one
    /// from the budget, and so does a connection that dies unanswered; ten successes give one back. 0 … 1,000,000.
    unsigned budget = 100;
};

/// After too many client errors (status 4xx other than 429) in 30 s the service refuses everything with the key until
/// the 30 s are over: more than 50 by its newest notes, more than 20 by an older page. This keeps the client below
/// that.
struct error_budget_config {
    /// Until the service says what is left, the failures in `window` plus the requests in flight without credit from
    /// successes are never more than this. 1 … 50.
    unsigned most = 16;
    std::chrono::milliseconds window{30'000}; ///< for how long a failure counts; 1 ms … 24 h
    /// Successes give no credit, and `most` counts even when the service has said what is left.
    bool strict = false;
    /// False: failures hold nothing back. Pacing stays, and so do the wait when the service says that the budget is
    /// spent, and the single trials of a token that was refused.
    bool enabled = true;
    /// How many of the failures that the service says are left (x-ratelimit-remaining) are never spent. They are for
    /// what other processes with the same key have in flight. 0 … 16.
    unsigned reserve = 4;
};

/// How a client behaves. Plain values with defaults; a client copies its configuration when it is made. Times are in
/// 1 ms … 24 h.
struct config {
    /// Where the resource is: an https URL of at most 2048 bytes, with no user, query or fragment, and with no dot
    /// segment in its path (RFC 3986 section 3.3).
    std::string base_url = "https://api.venice.ai/api/v1";
    tls_config tls{};     ///< whom the client trusts
    proxy_config proxy{}; ///< the way to the service; none by default

    venice_keys::protocol protocol = venice_keys::protocol::automatic; ///< what is spoken on top of TLS
    /// HTTP/2: another connection opens when calls wait and the streams of the open ones are in use. HTTP/1.1: when
    /// calls wait and each has a request. 1 … 1,000.
    std::size_t max_connections = 16;
    /// HTTP/1.1: the most requests in flight on one connection, once the server has shown that it answers what comes
    /// behind an unanswered request. 1 … 1,000; 1 turns pipelining off, and the trial with it.
    std::size_t pipeline_depth = 16;
    /// HTTP/2: the most requests in flight on one connection, if the server allows as many. 1 … 1,000.
    std::size_t max_streams = 100;

    std::chrono::milliseconds timeout{30'000};         ///< the deadline of a whole call
    std::chrono::milliseconds connect_timeout{10'000}; ///< resolve, connect, proxy and TLS handshake together
    std::chrono::milliseconds stall_timeout{10'000}; ///< a connection that owes an answer and shows no byte is given up
    /// How long one answer may take, from when it is the next that its connection owes. After that the connection is
    /// given up, even if bytes still come. A creation may take as long as its caller waits.
    std::chrono::milliseconds answer_timeout{20'000};
    std::chrono::milliseconds idle_timeout{60'000}; ///< a connection that owes nothing is closed
    /// At this age, or up to a tenth earlier so that not all end together, a connection takes no more requests. It
    /// closes when it owes nothing.
    std::chrono::milliseconds max_connection_age{600'000};

    /// The most calls that wait, for whatever reason, 1 … 100,000,000; one more ends as errc::queue_full.
    std::size_t max_queue = 100'000;
    std::size_t max_reply_bytes = 1024 * 1024; ///< body of one answer, 1 B … 1 GiB; more is errc::reply_too_large
    std::size_t max_header_bytes = 16 * 1024;  ///< head of one answer, 1 KiB … 1 MiB; more is errc::reply_too_large
    std::size_t max_header_count = 100;        ///< fields in it, 1 … 10,000; more is errc::reply_too_large
    std::size_t max_json_depth = 32;           ///< nesting of an answer, 4 … 1,000; more is errc::malformed_reply

    venice_keys::threading threading = venice_keys::threading::multi; ///< who may call the client at the same time
    retry_config retry{};                                             ///< when calls are sent again
    error_budget_config error_budget{};                               ///< how client errors are kept few
    std::shared_ptr<venice_keys::observer> observer{}; ///< gets the events; null for none. <venice_keys/observer.hpp>
    /// Goes into every request (User-Agent, RFC 9110 section 10.1.5): visible ASCII and spaces, not only spaces.
    std::string user_agent = "venice-keys/" VENICE_KEYS_VERSION_STRING;

    /// The defaults, except for what these variables say, which nothing else here reads; an empty one counts as not
    /// set:
    /// - VENICE_BASE_URL: `base_url`. VENICE_CA_FILE: `tls.ca_file`.
    /// - https_proxy, else HTTPS_PROXY: `proxy`, a URL with or without `user:password@` (percent-encoded). Without a
    ///   scheme it is http://; without a port 1080, or 443 for https://. no_proxy, else NO_PROXY: `proxy.no_proxy`.
    /// Fails with errc::invalid_argument, naming the variable and quoting nothing of it that may be secret, when a
    /// value can't be used. No other thread may change the environment meanwhile.
    [[nodiscard]] VENICE_KEYS_API static result<config> from_environment();

    /// Fails with errc::invalid_argument, naming the first field that is out of its range; a time is
    /// in 1 ms … 24 h. It does not look at files, which are read when a client is made.
    [[nodiscard]] VENICE_KEYS_API result<void> validate() const;
};

} // namespace venice_keys
