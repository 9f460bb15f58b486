// One call on its way through the pool: what is to be sent, how often it was, how far it got. The client derives from
// it.
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

// Among the calls of its token by deadline, or among those that pause by the time of their retry.
struct by_time_tag;
using time_hook = boost::intrusive::set_base_hook<boost::intrusive::tag<by_time_tag>>;

// What an answer says to its call.
struct reading {
    session::attribution whose;
    const error* refusal = nullptr; // null: it is none. Valid until the call ends or is sent again
};

class call : public wire::slot, public policy::ordered_change, public time_hook {
public:
    // Where it is in the pool.
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
    // In the order of submission, from 1.
    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
    // When its last attempt was handed to a socket. Kept for an observer alone.
    [[nodiscard]] time_point written_at() const noexcept { return written_at_; }
    [[nodiscard]] unsigned ended_attempts() const noexcept { return ended_attempts_; }
    [[nodiscard]] const time_point& deadline() const noexcept { return deadline_; }

    // How often it was handed to a socket, and how far the worst of these attempts got.
    [[nodiscard]] unsigned attempts() const noexcept { return ended_attempts_ + (under_way() ? 1U : 0U); }
    [[nodiscard]] venice_keys::delivery delivery() const noexcept
    {
        return under_way() ? delivery::sent_unanswered : delivery_;
    }
    // The same when the attempt that is under way is answered.
    [[nodiscard]] venice_keys::delivery delivery_once_answered() const noexcept
    {
        return std::max(delivery_, delivery::answered);
    }
    // Whether an attempt that has ended may have been acted upon.
    [[nodiscard]] bool maybe_done_before() const noexcept { return maybe_done_; }
    // How the last attempt ended, if it was not the end of the call; empty for the first.
    [[nodiscard]] std::string_view last_trouble() const noexcept
    {
        return trouble_ ? std::string_view(trouble_->text) : std::string_view();
    }
    [[nodiscard]] boost::system::error_code last_code() const noexcept
    {
        return trouble_ ? trouble_->code : boost::system::error_code();
    }

    // Makes a failure its result.
    virtual void set_failure(error why) noexcept = 0;

protected:
    explicit call(policy::operation what) noexcept : what_(what) {}
    ~call() = default;

    // Makes it as new, for another use of the same object. `key`: of an ordered operation; must stay where it is.
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
    // How an attempt ended.
    struct trouble {
        std::string text;
        boost::system::error_code code;
    };

    friend class pool;
    friend class admission;
    friend class token_table;

    // Reads the answer. With `mismatch`, `why` says what is wrong with it and the call goes on. `why` is also where a
    // refusal may be that nobody waits for.
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
        trouble_ = std::make_unique<trouble>(trouble{why.code.message(), why.code});
        for (const std::string* each : {&why.detail, &why.server_text})
            if (!each->empty())
                trouble_->text.append(": ").append(*each);
    } catch (const std::bad_alloc&) {
        // The call goes on; it may end without words for this attempt.
    }

    policy::operation what_;
    place place_ = place::nowhere;
    policy::hold unservable_ = policy::hold::none; // why, in that place
    // Bits: a call that waits takes a kibibyte at most.
    bool maybe_done_ : 1 = false;
    bool unanswered_ : 1 = false; // its last attempt, after which it waits for the next, had no answer
    bool behind_ : 1 = false;     // sent behind a request whose answer had not come
    venice_keys::delivery delivery_ = delivery::not_sent;
    unsigned ended_attempts_ = 0;
    policy::attempts charged_;
    time_point deadline_{};
    time_point not_before_{}; // of its retry; or until when its token is held, which is too late
    time_point written_at_{};
    std::uint64_t number_ = 0;
    std::string_view key_;
    account_queue* queue_ = nullptr; // of its account
    token_entry* token_ = nullptr;   // that it is counted in, while it is on a session
    connection* on_ = nullptr;
    std::unique_ptr<trouble> trouble_; // null: none yet, as with most
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
