// One call on its way through the pool: what is to be sent, how often it was, how far it got. The client derives from
// it.
#pragma once

#include "policy/replay.hpp"
#include "session/session.hpp"

#include <venice_keys/error.hpp>

#include <algorithm>

namespace venice_keys {

class call : public wire::slot {
public:
    // How often it was handed to a socket, and how far the worst of these attempts got.
    [[nodiscard]] unsigned attempts() const noexcept
    {
        const bool under_way = where() == state::written || where() == state::abandoned;
        return ended_attempts_ + (under_way ? 1U : 0U);
    }
    [[nodiscard]] venice_keys::delivery delivery() const noexcept
    {
        const bool under_way = where() == state::written || where() == state::abandoned;
        return under_way ? delivery::sent_unanswered : delivery_;
    }

protected:
    explicit call(policy::repeat repeat) noexcept : repeat_(repeat) {}
    ~call() = default;

    // Makes it as new, for another use of the same object.
    void restart() noexcept
    {
        reset();
        replays_ = {};
        ended_attempts_ = 0;
        delivery_ = delivery::not_sent;
    }

private:
    friend class pool;

    // Reads the answer. With `mismatch`, `why` says what is wrong with it and the call goes on.
    [[nodiscard]] virtual session::verdict read(wire::reply& answer, error& why) = 0;
    // The answer that read() accepted ends the call. The pool has no hold on it any more.
    virtual void answered() = 0;
    // No answer will come. The pool has no hold on it any more.
    virtual void failed(error why) = 0;
    // It was abandoned, and its connection owes it nothing any more. The pool has no hold on it any more.
    virtual void released() = 0;

    void attempt_ended(venice_keys::delivery how) noexcept
    {
        reset();
        ++ended_attempts_;
        delivery_ = std::max(delivery_, how);
        on_ = nullptr;
    }

    policy::repeat repeat_;
    policy::attempts replays_;
    unsigned ended_attempts_ = 0;
    venice_keys::delivery delivery_ = delivery::not_sent;
    session* on_ = nullptr; // while it is staged or written
};

} // namespace venice_keys
