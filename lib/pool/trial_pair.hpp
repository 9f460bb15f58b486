// Two updates on one HTTP/1.1 connection, one sent behind the other, which show whether the server pipelines.
#pragma once

#include "policy/pipelining.hpp"
#include "pool/connection.hpp"

#include <utility>

namespace venice_keys::detail {

class trial_pair {
public:
    // `finding` records what the pair shows, and must outlive this object.
    explicit trial_pair(policy::pipelining& finding) noexcept : finding_(finding) {}

    // The last call given out in this round is an update, and alone on connection `on`; null when that is not so.
    void given_first(connection* on) noexcept { first_ = on; }
    // Whether that connection may take a second update behind the first.
    [[nodiscard]] bool wants_second(time_point now) const noexcept
    {
        return first_ != nullptr && first_->usable() && first_->in_order() && first_->has_answered() &&
               first_->owed() == 0 && first_->staged() == 1 && finding_.wants_trial(now);
    }
    // Begins a trial on that connection, and returns it: it is to take the second update.
    [[nodiscard]] connection* begin() noexcept
    {
        finding_.trial_began();
        answered_ = false;
        return on_ = first_;
    }

    [[nodiscard]] bool on(const connection& which) const noexcept { return on_ == &which; }
    // A request was taken out, or the connection is closing: a trial on it, if there is one, shows nothing.
    void end_on(const connection& which) noexcept
    {
        if (on(which))
            end();
    }
    // The pair, if there is one, shows nothing.
    void end() noexcept
    {
        if (std::exchange(on_, nullptr) != nullptr)
            finding_.trial_ended();
        deadline_ = time_point::max();
    }

    // The connection has brought an answer. `certain`: it is known to be the answer to the second request. After the
    // first answer, the second is due by `deadline`. Returns whether the pair has shown that the server pipelines.
    [[nodiscard]] bool answered(bool certain, time_point deadline) noexcept
    {
        if (!std::exchange(answered_, true) && on_->owed() != 0) {
            deadline_ = deadline;
            return false;
        }
        end();
        if (certain)
            finding_.succeeded();
        return certain;
    }
    // The connection has closed. Returns whether this shows that the server does not pipeline.
    [[nodiscard]] bool closed(time_point now) noexcept
    {
        const bool telling = answered_ || !on_->stalled_since(); // otherwise it died, which says nothing of pairs
        end();
        if (telling)
            finding_.failed(now);
        return telling;
    }

    // When tick() has something to do.
    [[nodiscard]] time_point deadline() const noexcept { return deadline_; }
    void tick(time_point now)
    {
        if (now >= deadline_)
            on_->give_up({errc::connection_lost, "no answer came to a request that was sent behind another"});
    }

private:
    policy::pipelining& finding_;
    connection* first_ = nullptr;
    connection* on_ = nullptr;
    bool answered_ = false; // the first answer has come
    time_point deadline_ = time_point::max();
};

} // namespace venice_keys::detail
