// A rule about what goes wrong in the emulator, and when. It only describes: the emulator carries it out.
#pragma once

#include <venice_keys/detail/export.hpp>
#include <venice_keys/detail/whole_milliseconds.hpp>
#include <venice_keys/result.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace venice_keys {

/// A rule about what goes wrong in the emulator, and when. It counts the requests that reach the emulator (or match
/// `only_for`), and strikes those that it is set for.
///
///     emulator.add_fault(fault::close().after(10).times(3).applied(fault::apply::never));
///     emulator.add_fault(fault::answer(503).at_random(0.05).times(0));
///
/// Of several rules that are set for one request, the one that was added first strikes.
class fault {
public:
    /// What goes wrong.
    enum class kind {
        close,  ///< close the connection (TLS close_notify, FIN) instead of answering
        reset,  ///< reset the connection (RST) instead of answering
        stall,  ///< never answer, nor read anything that comes later on that connection
        delay,  ///< answer late
        answer, ///< answer with a status instead
        cut,    ///< send the first bytes of the answer, then FIN without close_notify
        /// Answer this request and the next one on the connection in the wrong order; until that comes, neither.
        swap,
        malformed, ///< answer 200 with a body that is not JSON
        raw,       ///< send these bytes instead of an answer
        overread,  ///< answer, and do something to the bytes that have come behind the request
        silent,    ///< send nothing more on this connection, not even the answer to a PING
        rst,       ///< HTTP/2: send RST_STREAM, instead of the answer or behind a part of it
        goaway,    ///< HTTP/2: send GOAWAY
        streams,   ///< HTTP/2: send SETTINGS_MAX_CONCURRENT_STREAMS with another number, then the answer
        window,    ///< HTTP/2: send SETTINGS_INITIAL_WINDOW_SIZE with another size, then the answer
    };

    /// The error codes of RFC 9113 section 7. Any other number can be cast to this type.
    enum class code : std::uint32_t {
        no_error = 0x0,            ///< NO_ERROR
        protocol_error = 0x1,      ///< PROTOCOL_ERROR
        internal_error = 0x2,      ///< INTERNAL_ERROR
        flow_control_error = 0x3,  ///< FLOW_CONTROL_ERROR
        settings_timeout = 0x4,    ///< SETTINGS_TIMEOUT
        stream_closed = 0x5,       ///< STREAM_CLOSED
        frame_size_error = 0x6,    ///< FRAME_SIZE_ERROR
        refused_stream = 0x7,      ///< REFUSED_STREAM: the request was not processed (section 8.7)
        cancel = 0x8,              ///< CANCEL
        compression_error = 0x9,   ///< COMPRESSION_ERROR
        connect_error = 0xA,       ///< CONNECT_ERROR
        enhance_your_calm = 0xB,   ///< ENHANCE_YOUR_CALM
        inadequate_security = 0xC, ///< INADEQUATE_SECURITY
        http_1_1_required = 0xD,   ///< HTTP_1_1_REQUIRED
    };

    /// How much of the answer is sent before an RST_STREAM.
    enum class part {
        none,  ///< nothing
        head,  ///< the header fields
        half,  ///< the header fields and a half of the body
        whole, ///< all of it, the end of the stream included
    };

    /// Which stream a GOAWAY names as the last that may have been processed.
    enum class last {
        none,  ///< 0: no stream at all
        below, ///< the one before this request's stream, which is not answered
        at,    ///< this request's, which is answered
        all,   ///< 2^31-1, the notice of RFC 9113 section 6.8: this request and the next ones are served as ever
    };

    /// What becomes of the connection after a GOAWAY.
    enum class ending {
        finish, ///< it closes when what GOAWAY leaves is answered; after a notice it stays
        close,  ///< it closes at once
    };

    /// What a server does with bytes that have come behind a request by the time that it answers the request.
    enum class behind {
        close,  ///< it closes the connection after the answer
        drop,   ///< it throws them away, and serves what comes later
        ignore, ///< it never answers them, nor anything that comes after them on that connection
        refuse, ///< it answers them with 400 and closes the connection
    };

    /// When the update itself is applied, whatever becomes of the answer.
    enum class apply {
        before, ///< before the fault strikes
        never,  ///< not at all
        late,   ///< 200 ms after it struck
    };

    /// \name What goes wrong
    /// Each makes a rule of this kind that strikes the next request, once.
    ///@{

    /// Closes the connection (TLS close_notify, FIN) instead of answering.
    static fault close() { return fault{{.kind = kind::close}}; }
    /// Resets the connection (RST) instead of answering.
    static fault reset() { return fault{{.kind = kind::reset}}; }
    /// Never answers, nor reads anything that comes later on that connection.
    static fault stall() { return fault{{.kind = kind::stall}}; }
    /// Answers late by this time, at most 24 hours.
    template <class Rep, class Period>
    static fault delay(std::chrono::duration<Rep, Period> time)
    {
        return fault{{.kind = kind::delay, .time = detail::whole_milliseconds(time)}};
    }
    /// The same as delay(), but without end: how long it takes to serve a request.
    template <class Rep, class Period>
    static fault service(std::chrono::duration<Rep, Period> time)
    {
        return delay(time).times(0);
    }
    /// Answers, and does this to the bytes that have come behind the request. Counts and strikes only requests that
    /// have bytes behind them; without end, unless times() says otherwise.
    static fault overread(behind what) { return fault{{.kind = kind::overread, .times = 0, .behind = what}}; }
    /// Answers with this status, 200 … 599, instead of the usual answer.
    static fault answer(unsigned status) { return fault{{.kind = kind::answer, .status = status}}; }
    /// Sends only this many bytes of the answer, then FIN without close_notify.
    static fault cut(std::size_t bytes) { return fault{{.kind = kind::cut, .bytes = bytes}}; }
    /// Answers this request and the next one on the connection in the wrong order.
    static fault swap() { return fault{{.kind = kind::swap}}; }
    /// Answers 200 with a body that is not JSON.
    static fault malformed() { return fault{{.kind = kind::malformed}}; }
    /// Sends these bytes instead of an answer.
    static fault raw(std::string bytes) { return fault{{.kind = kind::raw, .raw = std::move(bytes)}}; }
    /// Sends nothing more on this connection, not even the answer to a PING.
    static fault silent() { return fault{{.kind = kind::silent}}; }
    /// The same for this time, at most 24 hours; after that everything is sent that has waited.
    template <class Rep, class Period>
    static fault silent(std::chrono::duration<Rep, Period> time)
    {
        return fault{{.kind = kind::silent, .time = detail::whole_milliseconds(time)}};
    }

    ///@}
    /// \name What goes wrong over HTTP/2
    /// These count and strike only requests over HTTP/2 (RFC 9113).
    ///@{

    /// Sends RST_STREAM with this code instead of the answer, or behind a part of it (after_part()).
    static fault rst(code why) { return fault{{.kind = kind::rst, .code = why}}; }
    /// rst() with REFUSED_STREAM.
    static fault refuse() { return rst(code::refused_stream); }
    /// rst() with ENHANCE_YOUR_CALM.
    static fault calm() { return rst(code::enhance_your_calm); }
    /// rst() with HTTP_1_1_REQUIRED.
    static fault http11() { return rst(code::http_1_1_required); }
    /// Sends GOAWAY, which names this as the last stream that may have been processed.
    static fault goaway(last processed) { return fault{{.kind = kind::goaway, .last = processed}}; }
    /// Sends SETTINGS_MAX_CONCURRENT_STREAMS with this number, at most 2,147,483,647, and then the answer.
    static fault streams(std::uint32_t most) { return fault{{.kind = kind::streams, .number = most}}; }
    /// Sends SETTINGS_INITIAL_WINDOW_SIZE with this size, at most 2,147,483,647, and then the answer.
    static fault window(std::uint32_t bytes) { return fault{{.kind = kind::window, .number = bytes}}; }

    ///@}

    /// Reads a rule from one line of text, for a program's options: a kind, with its value if it has one, and
    /// modifiers.
    ///
    ///     close,after=10,times=3,applied=never
    ///     delay=250ms   answer=503   cut=40   swap,every=9,times=0   reset,random=0.01,times=0   stall,only=KEY-ID
    ///     answer=429,retry-after=2,method=POST   answer=402,text=API key USD spend limit exceeded
    ///     service=100ms   overread=drop   silent   silent=2s
    ///     rst=internal_error,part=head   refuse,applied=before   calm   http11
    ///     goaway=below,code=enhance_your_calm,text=slow down,then=close   streams=0,lasting=500ms   window=0
    ///
    /// A backslash before a comma or a backslash makes it literal; `\r`, `\n` and `\xHH` mean what they mean in C++.
    /// Fails with errc::invalid_argument, saying which part is wrong.
    [[nodiscard]] VENICE_KEYS_API static result<fault> parse(std::string_view text);

    /// \name When, and how
    /// These are for temporaries, as in the example above.
    ///@{

    /// Lets this many requests pass first. Default: none.
    fault after(std::uint64_t requests) && { return set(&properties::after, requests); }
    /// Strikes this many requests, then never again; 0: without end. Default: 1; 0 for service and overread.
    fault times(std::uint64_t count) && { return set(&properties::times, count); }
    /// Once struck, lets this many requests pass before it strikes again. Default: none.
    fault every(std::uint64_t requests) && { return set(&properties::every, requests); }
    /// Strikes each request that it would strike with this probability only (0 … 1), drawn from emulator_options::seed.
    /// Only a strike counts for times().
    fault at_random(double probability) && { return set(&properties::probability, probability); }
    /// When the request itself is applied. Default: before where the answer, or a part of it, is sent sooner or later;
    /// never for the others.
    fault applied(apply when) && { return set(&properties::apply, when); }
    /// Counts and strikes only requests whose target or body contains this text, such as a key's id.
    fault only_for(std::string text) && { return set(&properties::only_for, std::move(text)); }
    /// Counts and strikes only requests of this method ("POST"). Default: all of them. Narrows only_for() further.
    fault only_method(std::string name) && { return set(&properties::only_method, std::move(name)); }
    /// For answer() only: its Retry-After, a number of seconds or a date (RFC 9110 section 10.2.3). It is sent as it
    /// is, without control characters, so that a value which is neither can be tried too. Default: none.
    VENICE_KEYS_API fault retry_after(std::string value) &&;
    /// For answer() with a status of 400 and up: the text of its error, such as `Could not verify wallet signature`.
    /// For goaway(): its debug data.
    fault text(std::string value) && { return set(&properties::text, std::move(value)); }
    /// For answer() only: the whole body in place of the usual one, sent as it is.
    fault body(std::string value) && { return set(&properties::body, std::move(value)); }
    /// For rst() and its like only: how much of the answer is sent first. Default: none.
    fault after_part(part sent) && { return set(&properties::part, sent); }
    /// For goaway() only: its error code. Default: no_error.
    fault with_code(code why) && { return set(&properties::code, why); }
    /// For goaway() only: what becomes of the connection. Default: finish.
    fault then(ending what) && { return set(&properties::ending, what); }
    /// For streams() and window() only: after this time SETTINGS say again what the options do. At most 24 hours.
    /// Default: never.
    template <class Rep, class Period>
    fault lasting(std::chrono::duration<Rep, Period> time) &&
    {
        return set(&properties::time, detail::whole_milliseconds(time));
    }

    ///@}

private:
    friend class fault_access;

    struct properties {
        fault::kind kind;
        std::uint64_t after = 0;
        std::uint64_t times = 1;
        std::uint64_t every = 0;
        double probability = 1.0;
        std::optional<fault::apply> apply = {};
        std::string only_for = {};
        std::string only_method = {};
        std::string retry_after = {};
        std::string text = {};
        std::string body = {};
        std::chrono::milliseconds time{0};
        unsigned status = 0;
        std::size_t bytes = 0;
        std::string raw = {};
        fault::behind behind = fault::behind::close;
        fault::code code = fault::code::no_error;
        fault::part part = fault::part::none;
        fault::last last = fault::last::none;
        fault::ending ending = fault::ending::finish;
        std::uint32_t number = 0;
    };

    explicit fault(properties all) : properties_(std::move(all)) {}

    template <class Value>
    fault set(Value properties::*which, std::type_identity_t<Value> value)
    {
        properties_.*which = std::move(value);
        return std::move(*this);
    }

    properties properties_;
};

} // namespace venice_keys
