// What is said on one connection, in whichever protocol: requests go in and bytes come out, bytes go in and each answer
// finds its request. No I/O and no clock: bytes and times are passed in, and each step says what to do next.
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
    std::chrono::milliseconds silence; // without a byte; the whole time for an answer that nobody waits for
    std::chrono::milliseconds whole;   // from when it is the next to come to its last byte
};

// What one conversation may take and how long it waits.
struct conversation_limits {
    reply_limits reply;
    answer_times times{std::chrono::seconds(10), std::chrono::seconds(20)};
    std::size_t streams = 100; // requests in flight, where the protocol counts them
};

class conversation {
public:
    enum class action : std::uint8_t {
        read,   // the bytes are used up: read more
        answer, // `who` is answered by `*answer`: call again with what is left after that
        lost,   // `who` alone will get no answer; why() and `how`: call again with what is left after that
        close,  // nothing is owed and the peer asked to close, or the stream has ended: close. why() says which
        fail,   // why(): nothing later on this connection can be believed, and what is owed stays unanswered
    };

    // What is known of a request whose answer will not come, while its connection goes on.
    enum class fate : std::uint8_t {
        unanswered,    // nothing
        refused,       // the peer says that it did not act on it; proxies say so of what they had passed on
        outdated,      // the same, because of the protocol
        not_processed, // the peer can't have acted on it
    };

    struct step {
        action what = action::read;
        std::size_t consumed = 0;
        slot* who = nullptr;     // out of the conversation now
        reply* answer = nullptr; // until the next call of any function of the conversation
        fate how = fate::unanswered;
    };

    enum class lateness : std::uint8_t {
        silent,   // no byte came
        slow,     // bytes came, and it is not whole
        unwanted, // nobody waits for it, and it is not whole
    };

    struct overdue {
        lateness why;
        // Since when no byte came, where that says something about other connections to the same host.
        std::optional<time_point> dead_since = {};
    };

    // A refusal whose answer breaks off: the part that came includes its status.
    struct broken_refusal {
        slot* who = nullptr; // out of the conversation now; null for none
        reply* answer = nullptr;
    };

    // What the peer has asked for, besides answers.
    struct wishes {
        bool fewer_requests = false; // fewer at a time, and the next ones later
        bool older_protocol = false;
    };

    conversation(const conversation&) = delete;
    conversation& operator=(const conversation&) = delete;
    virtual ~conversation() = default;

    // Whether answers come in the order of requests, so that one that takes long holds up those behind it.
    [[nodiscard]] virtual bool in_order() const noexcept = 0;
    // How many requests may be in flight, as far as the protocol and the peer allow.
    [[nodiscard]] virtual std::size_t capacity() const noexcept = 0;
    // A short name of the protocol, as ALPN has it (RFC 7301 section 6): a static text.
    [[nodiscard]] virtual std::string_view protocol() const noexcept = 0;

    // Adds a waiting slot behind the others.
    void stage(slot& who);
    // Takes a staged slot out again: true, and the server will not see it. A written one is abandoned: false.
    bool withdraw(slot& who, time_point now);

    // Whether gather() would append anything.
    [[nodiscard]] virtual bool wants_write() const noexcept = 0;
    // How many of the staged requests gather() would take, counted from the first.
    [[nodiscard]] virtual std::size_t sendable() const noexcept = 0;
    // Appends what is to be sent to `out`, which the caller hands to one socket write now.
    virtual void gather(detail::secret_bytes& out, time_point now) = 0;

    // The first `count` staged slots, in order.
    template <class Function>
    void for_each_staged(std::size_t count, Function function)
    {
        for (slot& each : staged_) {
            if (count-- == 0)
                break;
            function(each);
        }
    }

    // Takes bytes that came. Call it again with the rest after `answer` and `lost`, even when no byte is left.
    [[nodiscard]] virtual step receive(std::string_view bytes, time_point now) = 0;
    // The peer ended the stream; `clean` with a TLS close_notify. To be called again after `answer` and `lost`.
    [[nodiscard]] virtual step end_of_stream(bool clean) = 0;

    // Puts the slot that was answered last back in front as unanswered: its answer was not for it.
    virtual void put_back(slot& who) = 0;
    // The connection is given up, and no byte is read any more. To be called until it returns nothing; it returns none
    // twice, also when it is put back.
    [[nodiscard]] virtual broken_refusal take_refused() noexcept = 0;

    // The connection is gone: gives back every slot, the written ones first, each in order.
    [[nodiscard]] virtual slot_list take_written() = 0;
    [[nodiscard]] slot_list take_staged() noexcept
    {
        slot_list all;
        all.swap(staged_);
        return all;
    }
    // Takes out the staged slots that `which` names.
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

    // Answers that are owed.
    [[nodiscard]] virtual std::size_t owed() const noexcept = 0;
    [[nodiscard]] std::size_t staged() const noexcept { return staged_.size(); }
    [[nodiscard]] std::size_t in_flight() const noexcept { return owed() + staged(); }
    // Whether it takes no more requests.
    [[nodiscard]] virtual bool ending() const noexcept = 0;
    // Whether no answer follows on this connection.
    [[nodiscard]] virtual bool ended() const noexcept = 0;
    // Whether the peer has begun to serve a request: it has answered, or says that it will.
    [[nodiscard]] virtual bool has_accepted() const noexcept { return answers_ != 0; }
    // Answers so far.
    [[nodiscard]] std::uint64_t answers() const noexcept { return answers_; }
    // When the last byte came, or the oldest request that is owed an answer was written: from then on it may stall.
    // Empty when nothing is owed, and when a request is that is exempt from the stall time-out.
    [[nodiscard]] virtual std::optional<time_point> silent_since() const noexcept = 0;

    // When tick() has something to do, if nothing else happens earlier; time_point::max() for never.
    [[nodiscard]] virtual time_point deadline() const noexcept = 0;
    // Asks a silent peer whether it is there (wants_write() then), or says why the connection is to be given up. Before
    // it, receive() is to be called without bytes: a step may be due that no byte brought.
    [[nodiscard]] virtual std::optional<overdue> tick(time_point now) = 0;

    // What was asked for since the last call.
    [[nodiscard]] wishes take_wishes() noexcept { return std::exchange(wishes_, wishes{}); }

protected:
    conversation() = default;

    // Access to what a slot keeps for the conversation that it is in.
    static void set_state(slot& who, slot::state to) noexcept { who.state_ = to; }
    [[nodiscard]] static bool wanted(const slot& who) noexcept { return who.state_ == slot::state::written; }
    [[nodiscard]] static bool stall_exempt(const slot& who) noexcept { return who.stall_exempt_; }
    [[nodiscard]] static const request_head& head_of(const slot& who) noexcept { return *who.head_; }
    [[nodiscard]] static const request_line& line_of(const slot& who) noexcept { return who.line_; }
    [[nodiscard]] static void*& stream_of(slot& who) noexcept { return who.stream_; }

    // A written slot is abandoned now.
    virtual void abandoned(slot& who, time_point now) = 0;

    slot_list staged_;
    error why_;
    wishes wishes_;
    std::uint64_t answers_ = 0;
};

// The conversation that the peer has chosen by ALPN; HTTP/1.1 when it has chosen none.
[[nodiscard]] std::unique_ptr<conversation> make_conversation(std::string_view alpn, const conversation_limits& limits);

} // namespace venice_keys::wire
