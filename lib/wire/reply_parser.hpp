// Parses the answers of one connection, one after the other, from bytes that may be cut anywhere. It does no I/O and
// does not know whose answers they are.
#pragma once

#include "wire/reply.hpp"

#include <venice_keys/error.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace venice_keys::wire {

// This parser is stricter than Beast's, which it is built on: it refuses folded lines (RFC 9112 section 5.2), any
// transfer coding but exactly `chunked`, any content coding (none is asked for), and status 101. It skips up to eight
// other 1xx answers. wire/tolerance.hpp has what it accepts beyond Beast's.
class reply_parser {
public:
    enum class outcome { need_more, done, failed };

    struct step {
        outcome what = outcome::need_more;
        std::size_t consumed = 0; // how many bytes were taken; the rest must be given again, with more after it
    };

    explicit reply_parser(reply_limits limits);
    reply_parser(const reply_parser&) = delete;
    reply_parser& operator=(const reply_parser&) = delete;
    ~reply_parser();

    // Continues the current answer. After `done` the next call starts a new one.
    [[nodiscard]] step parse(std::string_view bytes);

    // The peer has ended the stream in an orderly way. This completes an answer that lasts until the end.
    [[nodiscard]] outcome end_of_stream();

    // Whether a part of an answer has been taken.
    [[nodiscard]] bool in_reply() const noexcept { return !done_ && begun_; }

    // Whether the status of an answer has been read and is 300 or more, while the answer is not whole: more of it may
    // come, or parse() failed in it. result() then has what was read of it.
    [[nodiscard]] bool in_refusal() const noexcept { return !done_ && reply_.status >= 300; }

    // The answer, after `done` until the next call of parse().
    [[nodiscard]] reply& result() noexcept { return reply_; }
    // The reason for `failed`.
    [[nodiscard]] error& why() noexcept { return why_; }

private:
    class message;

    boost::system::error_code take_bare_status_line(std::string_view bytes);
    outcome fail(boost::system::error_code cause);

    reply_limits limits_;
    reply reply_;
    error why_;
    std::unique_ptr<message> message_; // its memory is reused from answer to answer
    std::string mended_;               // what mend_chunk_line() wrote
    std::size_t head_ = 0;             // how many bytes of the current head were taken
    bool done_ = true;
    bool begun_ = false; // a byte of the current answer was seen
    unsigned interim_ = 0;
};

} // namespace venice_keys::wire
