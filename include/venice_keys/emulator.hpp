// Venice's API-keys resource as an HTTPS server in the process, with faults on demand. For tests and demonstrations.
#pragma once

#include <venice_keys/api_key.hpp>
#include <venice_keys/detail/same_build.hpp>
#include <venice_keys/result.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venice_keys {

// Whose word counts where the sources differ of what the service does: docs/guide/emulator.md lists them.
enum class service_rules {
    current, // the vendor's integration notes: 50 client errors a key in 30 s; a key that is not there is 400
    older,   // an older documentation page: 20 failed answers of any status in 30 s; a key that is not there is 404
};

// What a wallet signs to get a key.
enum class wallet_form {
    token,   // as published
    message, // as announced: sign-in with Ethereum, asked for with ?address=
};

struct emulator_options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;                 // of HTTPS; 0 takes a free one
    std::optional<std::uint16_t> http_port; // plain HTTP as well, for a proxy in front; 0 takes a free one

    // How long it takes to serve a request. Those of one connection are served one after the other, those of several
    // side by side. At most an hour.
    std::chrono::milliseconds service_time{0};

    std::string token;            // of an ADMIN key that no list shows; empty: a random one is made
    std::size_t initial_keys = 0; // keys that are there at the start, with UUID-shaped ids; at most 1,000,000
    std::uint64_t seed = 1;       // of the ids and of random faults

    // PEM files of the certificate (with its chain) and its key. Empty: a CA and a leaf for localhost, 127.0.0.1 and
    // ::1 are made at the start.
    std::string certificate_file;
    std::string private_key_file;

    // The error budget, 500 active keys, 20 creations a minute, requests_per_minute.
    bool enforce_limits = true;
    service_rules rules = service_rules::current;
    // Failures within 30 s that a key is forgiven, from 1 to 1,000,000. Empty: as the rules have it.
    std::optional<unsigned> error_budget;
    // The answer's status for an id that is unknown or expired, 400 or 404. Empty: as the rules have it.
    std::optional<unsigned> unknown_key_status;
    // Tell x-ratelimit-remaining and x-ratelimit-resets, which are the error budget's. The older rules tell none.
    bool budget_headers = true;
    // What x-ratelimit-limit-requests says, for each minute of the clock. The service tells such limits on the routes
    // of its models, so that 0, the default, sends none; any other number is for a test of a client's pacing.
    unsigned requests_per_minute = 0;
    wallet_form wallets = wallet_form::token;

    // errc::invalid_argument, naming the first field that is out of its range. Looks at neither addresses nor files.
    [[nodiscard]] result<void> validate() const;
};

// One rule. It counts the requests that reach the emulator (or match `only_for`) and strikes those it is set for.
//
//     emulator.add_fault(fault::close().after(10).times(3).applied(fault::apply::never));
//     emulator.add_fault(fault::answer(503).at_random(0.05).times(0));
//
// Of several rules that are set for one request, the one that was added first strikes.
class fault {
public:
    enum class kind {
        close,  // close the connection (TLS close_notify, FIN) instead of answering
        reset,  // reset the connection (RST) instead of answering
        stall,  // never answer, nor read anything that comes after it on that connection
        delay,  // answer late
        answer, // answer with a status instead
        cut,    // send the first bytes of the answer, then FIN without close_notify
        swap,   // answer this request and the next one on the connection in the wrong order; until that comes, neither
        malformed, // answer 200 with a body that is not JSON
        raw,       // send these bytes instead of an answer
        overread,  // answer, and do something to the bytes that have come behind the request
    };

    // What a server does with bytes that have come behind a request by the time that it answers that one.
    enum class behind {
        close,  // it closes the connection after the answer
        drop,   // it throws them away, and serves what comes later
        ignore, // it never answers them, nor anything that comes after them on that connection
        refuse, // it answers them with 400 and closes the connection
    };

    // When the update itself is applied, whatever becomes of the answer.
    enum class apply {
        before, // before the fault strikes
        never,
        late, // 200 ms after it struck
    };

    static fault close() { return fault{kind::close}; }
    static fault reset() { return fault{kind::reset}; }
    static fault stall() { return fault{kind::stall}; }
    static fault delay(std::chrono::milliseconds time); // at most 24 hours
    // As delay(), but without end: what a request takes to be served.
    static fault service(std::chrono::milliseconds time);
    // Counts and strikes only requests that have bytes behind them; without end, unless told otherwise.
    static fault overread(behind what);
    static fault answer(unsigned status);
    static fault cut(std::size_t bytes);
    static fault swap() { return fault{kind::swap}; }
    static fault malformed() { return fault{kind::malformed}; }
    static fault raw(std::string bytes);

    // From one line of text, for a program's options: a kind, with its value if it has one, and modifiers.
    //
    //     close,after=10,times=3,applied=never
    //     delay=250ms   answer=503   cut=40   swap,every=9,times=0   reset,random=0.01,times=0   stall,only=KEY-ID
    //     answer=429,retry-after=2,method=POST   answer=402,text=API key USD spend limit exceeded
    //     service=100ms   overread=drop
    //
    // A backslash before a comma or a backslash takes it literally; \r and \n are what they are in C++.
    // errc::invalid_argument, saying which part is wrong.
    [[nodiscard]] static result<fault> parse(std::string_view text);

    // Lets this many requests pass first. Default: none.
    fault after(std::uint64_t requests) &&;
    // Strikes this many requests, then never again; 0: without end. Default: 1; 0 for service and overread.
    fault times(std::uint64_t count) &&;
    // Once struck, lets this many requests pass before it strikes again. Default: none.
    fault every(std::uint64_t requests) &&;
    // Strikes each request that it would strike with this probability only (0 … 1), drawn from emulator_options::seed.
    // Only a strike counts for times().
    fault at_random(double probability) &&;
    // Default: before for delay, service, swap, cut, malformed and overread; never for the others.
    fault applied(apply when) &&;
    // Only requests whose target or body contains this text, a key's id for example, are counted and struck.
    fault only_for(std::string text) &&;
    // Only requests of this method ("POST") are counted and struck. Default: all of them. Narrows only_for() further.
    fault only_method(std::string name) &&;
    // Of answer() alone: its Retry-After, a number of seconds or a date (RFC 9110 section 10.2.3). Sent as it is,
    // without control characters, so that a value which is neither can be tried too. Default: none.
    fault retry_after(std::string value) &&;
    // Of answer() alone, with a status of 400 and up: the text of its error, such as `Could not verify wallet
    // signature`.
    fault text(std::string value) &&;
    // Of answer() alone: the whole body in place of the usual one, sent as it is.
    fault body(std::string value) &&;

private:
    friend class emulator;
    friend class fault_access;

    explicit fault(kind what) : kind_(what) {}

    kind kind_;
    std::uint64_t after_ = 0;
    std::uint64_t times_ = 1;
    std::uint64_t every_ = 0;
    double probability_ = 1.0;
    std::optional<apply> apply_;
    std::string only_for_;
    std::string only_method_;
    std::string retry_after_;
    std::string text_;
    std::string body_;
    std::chrono::milliseconds time_{0};
    unsigned status_ = 0;
    std::size_t bytes_ = 0;
    std::string raw_;
    behind behind_ = behind::close;
};

// One change that was really made.
struct journal_entry {
    enum class change { created, updated, removed };

    std::uint64_t number = 0; // 1, 2, 3 … in the order in which they were made
    change what = change::updated;
    std::uint64_t connection = 0; // on which the request came, counted from 1
    api_key key;                  // as it was after the change (before it, when removed)
};

struct emulator_stats {
    std::uint64_t connections = 0; // accepted
    std::uint64_t handshakes = 0;  // completed
    std::uint64_t requests = 0;    // read whole
    std::uint64_t faults = 0;      // struck

    std::uint64_t failures = 0;     // answers of status 400 and up, whatever then became of them; not raw()'s bytes
    std::uint64_t unauthorized = 0; // those of status 401 among them
    std::uint64_t lockouts = 0;     // times that an error budget was spent, and its key blocked
};

// Every operation of the resource. The secret of a key that it creates is good as a token at once, until the key is
// deleted or expires. A wallet's signature has to look like one and is not verified: whoever asks for a challenge can
// make a key with it, as long as nobody else has, for fifteen minutes.
//
// Serves from the constructor on, on the executor's threads. Every member may be called from any thread. The context
// must outlive it.
class emulator {
public:
    // Throws request_failed (errc::invalid_argument) for options that validate() refuses, and
    // boost::system::system_error when a port is taken or a file can't be used; its what() is one line for people.
    explicit emulator(boost::asio::any_io_executor executor, emulator_options options = {})
        : emulator(detail::same_build{}, std::move(executor), std::move(options))
    {
    }
    emulator(const emulator&) = delete;
    emulator& operator=(const emulator&) = delete;
    ~emulator(); // as stop()

    [[nodiscard]] std::string base_url() const;      // https://localhost:PORT/api/v1
    [[nodiscard]] std::string http_base_url() const; // http://127.0.0.1:PORT/api/v1; empty without http_port
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::uint16_t http_port() const; // 0 without
    [[nodiscard]] std::string ca_pem() const;      // whom to trust; empty when files were given
    [[nodiscard]] std::string token() const;       // of the ADMIN key that no list shows, as it is now

    // Lets this token in from the next request on, and the present one no more. Empty: a random one is made.
    void set_token(std::string token);

    // Puts a key there that is in no journal and held to no limit, and returns its secret, which is good as a token. An
    // empty id is made up; last6_chars is the secret's; a type that is not admin is inference.
    // Throws boost::system::system_error when OpenSSL has no random numbers.
    std::string add_key(api_key key);

    [[nodiscard]] std::vector<api_key> keys() const; // in the order of their creation, expired ones included
    [[nodiscard]] std::vector<journal_entry> journal() const;
    [[nodiscard]] emulator_stats stats() const;

    // Throws request_failed (errc::invalid_argument) for a value out of its range, such as a negative delay.
    void add_fault(fault rule);
    void clear_faults();

    // Closes every connection with close_notify and FIN, as a server that restarts would, and goes on serving.
    void drop_connections();

    // Stops serving: the ports are free when it returns, and every connection is closed in good order within half a
    // second if the executor runs; if it does not, when its context dies. Idempotent.
    void stop();

private:
    class impl;

    emulator(detail::same_build, boost::asio::any_io_executor executor, emulator_options options);

    std::shared_ptr<impl> impl_;
};

} // namespace venice_keys
