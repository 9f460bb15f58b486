// Runs bytes through a reply parser in pieces, as a socket would bring them, and writes down what comes out.
#pragma once

#include "wire/reply_parser.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace venice_keys::test {

// One answer as it was when it was complete.
struct seen_reply {
    unsigned status = 0;
    bool keep_alive = false;
    std::string body;
    std::string retry_after;
    std::string request_id;
    std::optional<std::uint64_t> limit;
    std::optional<std::uint64_t> remaining;
    std::optional<std::uint64_t> reset;

    friend bool operator==(const seen_reply&, const seen_reply&) = default;

    friend std::ostream& operator<<(std::ostream& out, const seen_reply& it)
    {
        const auto number = [&out](const char* name, const std::optional<std::uint64_t>& value) {
            if (value)
                out << ' ' << name << '=' << *value;
        };
        out << '{' << it.status << (it.keep_alive ? " keep-alive" : " close") << " body(" << it.body.size() << ")=\""
            << it.body.substr(0, 40) << '"';
        if (!it.retry_after.empty())
            out << " retry-after=" << it.retry_after;
        if (!it.request_id.empty())
            out << " id=" << it.request_id;
        number("limit", it.limit);
        number("remaining", it.remaining);
        number("reset", it.reset);
        return out << '}';
    }
};

inline seen_reply copy_of(const wire::reply& from)
{
    return {from.status,         from.keep_alive,         from.body,          from.retry_after, from.request_id,
            from.requests.limit, from.requests.remaining, from.requests.reset};
}

struct transcript {
    std::vector<seen_reply> replies;
    boost::system::error_code failure; // none while the parser goes on
    std::string detail;                // not compared, because it may depend on what was seen first
    std::string left;                  // bytes that the parser did not take
    bool in_reply = false;

    friend bool operator==(const transcript& one, const transcript& other)
    {
        return one.replies == other.replies && one.failure == other.failure && one.in_reply == other.in_reply;
    }

    friend std::ostream& operator<<(std::ostream& out, const transcript& it)
    {
        for (const auto& each : it.replies)
            out << each << ' ';
        if (it.failure)
            out << "failed: " << it.failure.message() << " (" << it.detail << ") ";
        return out << (it.in_reply ? "in a reply" : "between replies");
    }
};

// Keeps what the parser leaves, as the buffer of a transport does. Each view that it hands over is a block of its own,
// of the exact size, so that a sanitizer sees a byte read too many.
class piecewise {
public:
    explicit piecewise(wire::reply_limits limits = {}, std::size_t stop_after = static_cast<std::size_t>(-1))
        : parser_(limits), stop_after_(stop_after)
    {
    }

    void feed(std::string_view piece)
    {
        seen_.left.append(piece);
        while (!seen_.failure && seen_.replies.size() < stop_after_) {
            const std::vector<char> exact(seen_.left.begin(), seen_.left.end());
            const auto step = parser_.parse({exact.data(), exact.size()});
            seen_.left.erase(0, step.consumed);
            switch (step.what) {
            case wire::reply_parser::outcome::done:
                seen_.replies.push_back(copy_of(parser_.result()));
                continue;
            case wire::reply_parser::outcome::failed:
                seen_.failure = parser_.why().code;
                seen_.detail = parser_.why().detail;
                break;
            case wire::reply_parser::outcome::need_more:
                break;
            }
            break;
        }
        seen_.in_reply = !seen_.failure && parser_.in_reply();
    }

    // The peer ends the stream in an orderly way.
    void end()
    {
        if (!seen_.failure && parser_.end_of_stream() == wire::reply_parser::outcome::done)
            seen_.replies.push_back(copy_of(parser_.result()));
        seen_.in_reply = !seen_.failure && parser_.in_reply();
    }

    [[nodiscard]] const transcript& seen() const noexcept { return seen_; }

private:
    wire::reply_parser parser_;
    std::size_t stop_after_;
    transcript seen_;
};

inline transcript parse_whole(std::string_view stream, wire::reply_limits limits = {}, bool then_end = false)
{
    piecewise run(limits);
    run.feed(stream);
    if (then_end)
        run.end();
    return run.seen();
}

inline transcript parse_cut_at(std::string_view stream, std::size_t place, wire::reply_limits limits = {},
                               bool then_end = false)
{
    piecewise run(limits);
    run.feed(stream.substr(0, place));
    run.feed(stream.substr(place));
    if (then_end)
        run.end();
    return run.seen();
}

inline transcript parse_in_steps_of(std::size_t size, std::string_view stream, wire::reply_limits limits = {},
                                    bool then_end = false)
{
    piecewise run(limits);
    for (std::size_t at = 0; at < stream.size(); at += size)
        run.feed(stream.substr(at, size));
    if (then_end)
        run.end();
    return run.seen();
}

} // namespace venice_keys::test
