// One call on its way through the pool: what is to be sent, how often it was sent, and how far it got. The client
// derives from it.
#pragma once

#include "policy/key_order.hpp"
#include "policy/operations.hpp"
#include "policy/retry.hpp"
#include "policy/token_state.hpp"
#include "session/session.hpp"

#include <venice_keys/error.hpp>

#include <boost/intrusive/set.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys::detail {

struct account_queue;
class connection;
class token_entry;

// Links a call into the calls of its token, by deadline, or into those that pause, by the time of their retry.
struct by_time_tag;
using time_hook = boost::intrusive::set_base_hook<boost::intrusive::tag<by_time_tag>>;

// What a call makes of its answer.
struct reading {
    session::attribution whose;
    const error* refusal = nullptr; // null when the answer is no refusal; valid until the call ends or is sent again
};

class call : public wire::slot, public policy::ordered_change, public time_hook {
public:
    // Where a call is in the pool.
    enum class place : std::uint8_t {
        nowhere,
        behind,     // waits for an earlier change to its key
        queue,      // waits for its account and for a connection
        unservable, // can't be served before its deadline, and ends in this turn
        pause,      // waits for the time of its retry
        session,    // staged on a connection, or written
    };

    [[nodiscard]] place at() const noexcept { return place_; }
    [[nodiscard]] policy::operation what() const noexcept { return what_; }
    [[nodiscard]] const policy::operation_rule& rule() const noexcept { return policy::rule_of(what_); }
    // Calls are numbered in the order of their submission, from 1.
    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
    // When the last attempt was handed to a socket. Set only when there is an observer.
    [[nodiscard]] time_point written_at() const noexcept { return written_at_; }
    [[nodiscard]] unsigned ended_attempts() const noexcept { return ended_attempts_; }
    [[nodiscard]] const time_point& deadline() const noexcept { return deadline_; }

    // How many attempts there were, and the worst delivery among them.
    [[nodiscard]] unsigned attempts() const noexcept { return ended_attempts_ + (under_way() ? 1U : 0U); }
    [[nodiscard]] venice_keys::delivery delivery() const noexcept
    {
        return under_way() ? delivery::sent_unanswered : delivery_;
    }
    // What delivery() becomes when the attempt under way is answered.
    [[nodiscard]] venice_keys::delivery delivery_once_answered() const noexcept
    {
        return std::max(delivery_, delivery::answered);
    }
    // Whether the server may have acted on an attempt that has ended.
    [[nodiscard]] bool maybe_done_before() const noexcept { return maybe_done_; }
    // Why the call was last to be sent again: more words beside last_code(), which is none if it never was.
    [[nodiscard]] std::string_view last_trouble() const noexcept
    {
        return trouble_ ? std::string_view(trouble_->text) : std::string_view();
    }
    [[nodiscard]] boost::system::error_code last_code() const noexcept
    {
        return trouble_ ? trouble_->code : boost::system::error_code();
    }

    // Makes a failure the result of the call.
    virtual void set_failure(error why) noexcept = 0;

protected:
    explicit call(policy::operation what) noexcept : what_(what) {}
    ~call() = default;

    // Makes the object as new, for another call. `key`: of an ordered operation; its text must stay where it is.
    void restart(time_point deadline, std::string_view key) noexcept
    {
        reset();
        deadline_ = deadline;
        key_ = key;
        charged_ = {};
        ended_attempts_ = 0;
        delivery_ = delivery::not_sent;
        maybe_done_ = false;
        trouble_.reset();
        place_ = place::nowhere;
    }

private:
    // How an attempt failed.
    struct trouble {
        std::string text;
        boost::system::error_code code;
    };

    friend class pool;
    friend class admission;
    friend class token_table;

    // Reads the answer. After `mismatch`, `why` says what is wrong with the answer, and the call goes on. `why` also
    // holds the refusal when nobody waits for the call any more.
    [[nodiscard]] virtual reading read(wire::reply& answer, std::optional<std::chrono::milliseconds> retry_after,
                                       error& why) = 0;

    [[nodiscard]] bool under_way() const noexcept { return where() == state::written || where() == state::abandoned; }

    void attempt_ended(venice_keys::delivery how, bool maybe_done) noexcept
    {
        reset();
        ++ended_attempts_;
        delivery_ = std::max(delivery_, how);
        maybe_done_ = maybe_done_ || maybe_done;
        on_ = nullptr;
        place_ = place::nowhere;
    }
    void note_trouble(const error& why)
    try {
        trouble_ = std::make_unique<trouble>(trouble{why.detail, why.code});
        if (!why.server_text.empty())
            trouble_->text.append(trouble_->text.empty() ? "" : "; ").append(why.server_text);
    } catch (const std::bad_alloc&) {
        // The call goes on, but its error can't describe this attempt.
    }

    policy::operation what_;
    place place_ = place::nowhere;
    policy::hold unservable_ = policy::hold::none; // what holds it back, in place::unservable
    // These are bits, because a waiting call may take a kibibyte at most.
    bool maybe_done_ : 1 = false;
    bool unanswered_ : 1 = false; // the attempt before its pause got no answer
    bool behind_ : 1 = false;     // it was sent behind a request that had no answer yet
    venice_keys::delivery delivery_ = delivery::not_sent;
    unsigned ended_attempts_ = 0;
    policy::attempts charged_;
    time_point deadline_{};
    time_point not_before_{}; // the time of its retry; in place::unservable, the time until which its token is held
    time_point written_at_{};
    std::uint64_t number_ = 0;
    std::string_view key_;
    account_queue* queue_ = nullptr; // the queue of its account
    token_entry* token_ = nullptr;   // counts this call while it is on a session
    connection* on_ = nullptr;
    std::unique_ptr<trouble> trouble_; // null when there was none, as with most calls
};

// Every slot in a pool is a call.
[[nodiscard]] inline call& to_call(wire::slot& who) noexcept
{
    return static_cast<call&>(who);
}
[[nodiscard]] inline const call& to_call(const wire::slot& who) noexcept
{
    return static_cast<const call&>(who);
}

} // namespace venice_keys::detail
