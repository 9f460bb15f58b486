// Parses the answers of one connection, one after the other, from bytes cut anywhere. No I/O, no knowledge of who
// is being answered.
#pragma once

#include "wire/reply.hpp"

#include <venice_keys/error.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace venice_keys::wire {

// Stricter than Beast's parser, which it is built on: refuses line folds (RFC 9112 section 5.2), any transfer coding
// but exactly `chunked`, a content coding (none is asked for), and 101; skips up to eight other 1xx answers. More
// tolerant in what wire/tolerance.hpp has.
class reply_parser {
public:
    enum class outcome { need_more, done, failed };

    struct step {
        outcome what = outcome::need_more;
        std::size_t consumed = 0; // bytes taken; what is left must be given again, with more after it
    };

    explicit reply_parser(reply_limits limits);
    reply_parser(const reply_parser&) = delete;
    reply_parser& operator=(const reply_parser&) = delete;
    ~reply_parser();

    // Goes on with the current answer. After `done` the next call starts a new answer.
    [[nodiscard]] step parse(std::string_view bytes);

    // The peer has ended the stream in an orderly way: completes an answer that goes on until the end.
    [[nodiscard]] outcome end_of_stream();

    // Whether a part of an answer has been taken.
    [[nodiscard]] bool in_reply() const noexcept;

    // Whether an answer's status has been read and is 300 or more, while the answer is not whole: it is
    // under way, or parse() failed in it. result() has what was read of it then.
    [[nodiscard]] bool in_refusal() const noexcept;

    // The answer, after `done` until the next call of parse().
    [[nodiscard]] reply& result() noexcept { return reply_; }
    // The reason, after `failed`.
    [[nodiscard]] error& why() noexcept { return why_; }

private:
    class message;

    boost::system::error_code take_bare_status_line(std::string_view bytes);
    outcome fail(boost::system::error_code cause);

    reply_limits limits_;
    reply reply_;
    error why_;
    std::unique_ptr<message> message_; // its memory is reused from answer to answer
    std::string mended_;               // a line that was written anew
    std::size_t head_ = 0;             // bytes of the current head that were taken
    bool done_ = true;
    bool begun_ = false; // a byte of the current answer was seen
    unsigned interim_ = 0;
};

} // namespace venice_keys::wire
