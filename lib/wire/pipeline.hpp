// The state of one connection's conversation: which requests were written, which answer belongs to whom. No I/O and
// no clock: bytes and times are passed in, and each step says what to do next.
#pragma once

#include "wire/reply_parser.hpp"
#include "wire/slot.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace venice_keys::wire {

using time_point = std::chrono::steady_clock::time_point;

class pipeline {
public:
    enum class action {
        read,   // the bytes are used up: read more
        answer, // `who` is answered by reply(): call again with what is left after that
        close,  // nothing is owed and the peer asked to close, or the stream has ended: close
        fail,   // why(): nothing later on this connection can be believed, and what is owed stays unanswered
    };

    struct step {
        action what = action::read;
        std::size_t consumed = 0;
        slot* who = nullptr; // with `answer`: out of the pipeline now
    };

    // How long the answer that is owed first may take.
    struct answer_times {
        std::chrono::milliseconds silence; // without a byte; also all the time of one that nobody waits for
        std::chrono::milliseconds whole;   // from when it is the first to its last byte
    };

    enum class lateness {
        silent,   // no byte came
        slow,     // bytes came, and it is not whole
        unwanted, // nobody waits for it, and it is not whole
    };

    struct overdue {
        time_point at;
        lateness why;
    };

    explicit pipeline(reply_limits limits) : parser_(limits) {}
    pipeline(const pipeline&) = delete;
    pipeline& operator=(const pipeline&) = delete;

    // Adds a waiting slot behind the others.
    void stage(slot& who);

    // Takes a staged slot out again: true, and the server will not see it. A written one is abandoned: false.
    bool withdraw(slot& who, time_point now);

    // Appends every staged request to `out`, which the caller hands to one socket write now.
    void gather(secret_bytes& out, time_point now);

    // Every staged slot, in order.
    template <class Function>
    void for_each_staged(Function function)
    {
        for (slot& each : staged_)
            function(each);
    }

    // Takes bytes that came. Call it again with the rest after `answer`.
    [[nodiscard]] step receive(std::string_view bytes, time_point now);

    // The peer ended the stream; `clean` with a TLS close_notify.
    [[nodiscard]] step end_of_stream(bool clean);

    // Puts an answered slot back in front as unanswered: its answer was not for it.
    void put_back(slot& who);

    // The connection is given up, and no byte is read any more. The slot whose answer is a refusal as far as it came,
    // out of the pipeline now, and current() has its status; null for none.
    [[nodiscard]] slot* take_refused() noexcept;

    // The connection is gone: gives back every slot, the written ones first, each in order.
    [[nodiscard]] slot_list take_written();
    [[nodiscard]] slot_list take_staged();

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

    [[nodiscard]] reply& current() noexcept { return parser_.result(); }
    [[nodiscard]] error& why() noexcept { return why_; }

    [[nodiscard]] std::size_t owed() const noexcept { return written_.size(); }
    // Whether the server may take as long as it likes for what is owed next, or might while someone waited for it.
    [[nodiscard]] bool front_is_patient() const noexcept { return !written_.empty() && written_.front().patient_; }
    [[nodiscard]] std::size_t staged() const noexcept { return staged_.size(); }
    [[nodiscard]] std::size_t in_flight() const noexcept { return owed() + staged(); }
    // Whether no answer follows on this connection: the last one said `close`.
    [[nodiscard]] bool ended() const noexcept { return ended_; }
    // Answers so far.
    [[nodiscard]] std::uint64_t answers() const noexcept { return answers_; }
    // When the last byte came, or the oldest request that is owed an answer was written: from then on it may stall.
    // Empty when nothing is owed, and when a patient request is.
    [[nodiscard]] std::optional<time_point> silent_since() const noexcept;
    // When the answer that is owed first will have taken too long, if nothing happens before. Empty when nothing is
    // owed, and when the first is a patient request for which somebody waits.
    [[nodiscard]] std::optional<overdue> overdue_at(const answer_times& limits) const noexcept;

private:
    step fail(errc why, std::string detail, std::size_t consumed);
    step answered(std::size_t consumed);

    reply_parser parser_;
    slot_list staged_;
    slot_list written_;
    error why_;
    time_point last_progress_{};
    time_point first_since_{}; // the first of written_ is the first, and wanted or unwanted as it is now
    std::uint64_t answers_ = 0;
    bool ended_ = false;
};

} // namespace venice_keys::wire
