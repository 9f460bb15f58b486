// The conversation on one connection, in whichever protocol: it turns requests into bytes, and finds in the bytes that
// come the answer to each. No I/O and no clock: bytes and times are passed in, and each step says what to do next.
#pragma once

#include "wire/reply.hpp"
#include "wire/slot.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace venice_keys::wire {

using time_point = std::chrono::steady_clock::time_point;

// How long an answer may take.
struct answer_times {
    std::chrono::milliseconds silence; // without a byte; for an answer that nobody waits for, in all
    std::chrono::milliseconds whole;   // since it was the next to come (HTTP/1.1) or its request was written (HTTP/2)
};

// How much a conversation accepts, and how long it waits.
struct conversation_limits {
    reply_limits reply;
    answer_times times{std::chrono::seconds(10), std::chrono::seconds(20)};
    std::size_t streams = 100; // the most requests in flight over HTTP/2
};

class conversation {
public:
    enum class action : std::uint8_t {
        read,   // all bytes are used up: read more
        answer, // `*answer` answers `who`: call again with the bytes that are left
        lost,   // `who` alone gets no answer, for why() and `how`: call again with the bytes that are left
        close,  // nothing is owed, and the peer asked to close or ended the stream (see why()): close
        fail,   // nothing later on this connection can be believed (see why()); what is owed stays unanswered
    };

    // What is known of a request whose answer will not come, although its connection goes on.
    enum class fate : std::uint8_t {
        unanswered,    // nothing is known
        refused,       // the peer says that it did not act on it; proxies say so even of what they had passed on
        outdated,      // the same, because the peer wants HTTP/1.1 for it
        not_processed, // the peer can't have acted on the request
    };

    struct step {
        action what = action::read;
        std::size_t consumed = 0;
        slot* who = nullptr;     // it has left the conversation
        reply* answer = nullptr; // valid until the next call of any function of the conversation
        fate how = fate::unanswered;
    };

    enum class lateness : std::uint8_t {
        silent,   // no byte came
        slow,     // bytes came, but the answer is not whole
        unwanted, // nobody waits for the answer, and it is not whole
    };

    struct overdue {
        lateness why;
        // When the silence began, if it says something about other connections to the same host.
        std::optional<time_point> dead_since = {};
    };

    // A refusal whose answer breaks off. The part that came includes the status.
    struct broken_refusal {
        slot* who = nullptr; // it has left the conversation; null when there is none
        reply* answer = nullptr;
    };

    // What the peer has asked this side to change.
    struct wishes {
        bool fewer_requests = false; // fewer at a time, and the next ones later
        bool older_protocol = false;
    };

    conversation(const conversation&) = delete;
    conversation& operator=(const conversation&) = delete;
    virtual ~conversation() = default;

    // Whether answers come in the order of their requests, so that a slow one holds up those behind it.
    [[nodiscard]] virtual bool in_order() const noexcept = 0;
    // How many requests may be in flight, as far as the protocol and the peer allow.
    [[nodiscard]] virtual std::size_t capacity() const noexcept = 0;
    // The protocol's name in ALPN (RFC 7301 section 6), a static text.
    [[nodiscard]] virtual std::string_view protocol() const noexcept = 0;

    // Adds a waiting slot behind those that are staged.
    void stage(slot& who);
    // True: the slot was staged and is out again, and the server will not see it. False: it was written, and abandoned.
    bool withdraw(slot& who, time_point now);

    // Whether gather() would append anything.
    [[nodiscard]] virtual bool wants_write() const noexcept = 0;
    // How many of the staged requests gather() would take, from the front.
    [[nodiscard]] virtual std::size_t sendable() const noexcept = 0;
    // Appends what is to be sent to `out`, which the caller hands to one socket write at once.
    virtual void gather(detail::secret_bytes& out, time_point now) = 0;

    // Calls the function with each of the first `count` staged slots, in order.
    template <class Function>
    void for_each_staged(std::size_t count, Function function)
    {
        for (slot& each : staged_) {
            if (count-- == 0)
                break;
            function(each);
        }
    }

    // Takes bytes that came. After `answer` and `lost`, call it again with the rest, even when no byte is left.
    [[nodiscard]] virtual step receive(std::string_view bytes, time_point now) = 0;
    // The peer has ended the stream; `clean`: with a TLS close_notify. After `answer` and `lost`, call it again.
    [[nodiscard]] virtual step end_of_stream(bool clean) = 0;

    // Puts the slot that was answered last back in front as unanswered, because the answer was not for it.
    void put_back(slot& who);
    // Takes out a request whose refusal broke off, once the connection is given up and no more bytes are read. Call it
    // until it returns none. It returns no slot twice, not even one that was put back.
    [[nodiscard]] virtual broken_refusal take_refused() noexcept = 0;

    // The connection is gone: these two functions give back every slot, in order.
    [[nodiscard]] virtual slot_list take_written();
    [[nodiscard]] slot_list take_staged() noexcept
    {
        slot_list all;
        all.swap(staged_);
        return all;
    }
    // Takes out the staged slots for which `which` is true.
    template <class Predicate>
    [[nodiscard]] slot_list take_staged_if(Predicate which)
    {
        slot_list taken;
        for (auto at = staged_.begin(); at != staged_.end();)
            if (slot& each = *at++; which(each)) {
                staged_.erase(staged_.iterator_to(each));
                taken.push_back(each);
            }
        return taken;
    }

    [[nodiscard]] error& why() noexcept { return why_; }

    // How many answers are owed.
    [[nodiscard]] std::size_t owed() const noexcept { return written_.size(); }
    [[nodiscard]] std::size_t staged() const noexcept { return staged_.size(); }
    [[nodiscard]] std::size_t in_flight() const noexcept { return owed() + staged(); }
    // Whether the connection takes no more requests.
    [[nodiscard]] bool ending() const noexcept { return ending_; }
    // Whether no more answers come on this connection.
    [[nodiscard]] virtual bool ended() const noexcept = 0;
    // Whether the peer has begun to serve a request: it has answered one, or says that it will.
    [[nodiscard]] virtual bool has_accepted() const noexcept { return answers_ != 0; }
    // How many answers have come.
    [[nodiscard]] std::uint64_t answers() const noexcept { return answers_; }
    // When the silence began: at the last byte, or when a request was written while none was owed an answer. Empty when
    // nothing is owed, or what is owed is exempt from the stall time-out.
    [[nodiscard]] virtual std::optional<time_point> silent_since() const noexcept = 0;

    // When tick() is due if nothing else happens before; time_point::max() for never.
    [[nodiscard]] virtual time_point deadline() const noexcept = 0;
    // Pings a silent peer where the protocol can (wants_write() is true then), or says why the connection is to be
    // given up. Call receive() without bytes first: a step may be due that no byte brought.
    [[nodiscard]] virtual std::optional<overdue> tick(time_point now) = 0;

    // What the peer has asked for since the last call.
    [[nodiscard]] wishes take_wishes() noexcept { return std::exchange(wishes_, wishes{}); }

protected:
    conversation() = default;

    // Access to the private members of a slot, for the conversation that it is in.
    static void set_state(slot& who, slot::state to) noexcept { who.state_ = to; }
    [[nodiscard]] static bool wanted(const slot& who) noexcept { return who.state_ == slot::state::written; }
    [[nodiscard]] static bool stall_exempt(const slot& who) noexcept { return who.stall_exempt_; }
    [[nodiscard]] static const request_head& head_of(const slot& who) noexcept { return *who.head_; }
    [[nodiscard]] static const request_line& line_of(const slot& who) noexcept { return who.line_; }
    static void set_stream(slot& who, void* to) noexcept { who.stream_ = to; }
    [[nodiscard]] static void* stream_of(const slot& who) noexcept { return who.stream_; }

    // Called when a written slot has been abandoned.
    virtual void abandoned(slot& who, time_point now) = 0;

    slot_list staged_;
    slot_list written_; // all that are owed an answer, in the order in which they were written
    error why_;
    wishes wishes_;
    std::uint64_t answers_ = 0;
    bool ending_ = false;
    bool refusals_over_ = false; // take_refused() returns no more
};

// Makes the conversation for the protocol that the peer has chosen by ALPN: HTTP/1.1 when it has chosen none.
[[nodiscard]] std::unique_ptr<conversation> make_conversation(std::string_view alpn, const conversation_limits& limits);

} // namespace venice_keys::wire
