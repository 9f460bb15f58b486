// Whether a server answers requests that are sent behind an unanswered one (RFC 9112 section 9.3.2). Not all do: some
// close after the first answer, drop the bytes behind a request, ignore them, or refuse the connection. One pair of
// requests finds it out, and is tried again now and then. Time is passed in.
#pragma once

#include "policy/depth.hpp"
#include "policy/retry.hpp"

#include <venice_keys/pipelining_state.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace venice_keys::policy {

class pipelining {
public:
    // How long the finding that it fails holds at first; it holds twice as long each time.
    static constexpr std::chrono::minutes first_pause{2};
    static constexpr std::chrono::minutes longest_pause{64};
    // After so many connections that were lost before they answered a request behind another, pipelining counts as
    // failing, although it had worked before.
    static constexpr unsigned most_vain_losses = 2;
    // How many answers to requests behind others make up for those. One is not enough: of several servers behind one
    // address some may pipeline, and others not.
    static constexpr unsigned answers_to_forgive = 100;

    explicit pipelining(std::size_t most, pipelining_state at_first = pipelining_state::unknown) noexcept
        : depth_(most), most_(most), state_(at_first)
    {
    }

    [[nodiscard]] pipelining_state state() const noexcept { return state_; }
    // How many requests may be in flight on a connection that has answered.
    [[nodiscard]] std::size_t limit() const noexcept
    {
        return state_ == pipelining_state::works ? depth_.limit() : std::size_t{1};
    }
    // Whether a pair is to be tried. There is one trial at a time.
    [[nodiscard]] bool wants_trial(time_point now) const noexcept
    {
        return most_ > 1 && !trying_ && state_ != pipelining_state::works && now >= next_trial_at_;
    }

    void trial_began() noexcept { trying_ = true; }
    // The pair was answered, and the second answer was for the second request.
    void succeeded() noexcept
    {
        trying_ = false;
        state_ = pipelining_state::works;
        vain_losses_ = answers_behind_ = 0;
    }
    void failed(time_point now) noexcept
    {
        trying_ = false;
        state_ = pipelining_state::fails;
        next_trial_at_ = now + pause_;
        pause_ = std::min<std::chrono::minutes>(pause_ * 2, longest_pause);
    }
    // The trial shows nothing: a request of the pair was cancelled, or its answer can't be told from another's.
    void trial_ended() noexcept { trying_ = false; }

    // An answer came to a request that was sent behind another.
    void answered_behind() noexcept
    {
        if (vain_losses_ != 0 && ++answers_behind_ == answers_to_forgive)
            vain_losses_ = answers_behind_ = 0;
    }
    // An answer came. True: more may be in flight than before.
    bool answered() noexcept
    {
        const std::size_t before = depth_.limit();
        depth_.answered();
        return depth_.limit() != before;
    }
    // A connection ended while it owed an answer to a request that was sent behind another. `in_vain`: it had answered
    // no such request.
    void broken(bool in_vain, time_point now) noexcept
    {
        depth_.broken();
        if (state_ != pipelining_state::works || !in_vain)
            return;
        answers_behind_ = 0;
        if (++vain_losses_ == most_vain_losses)
            failed(now);
    }

private:
    policy::depth depth_;
    std::size_t most_;
    pipelining_state state_;
    bool trying_ = false;
    unsigned vain_losses_ = 0;
    unsigned answers_behind_ = 0; // since the last vain loss
    std::chrono::minutes pause_ = first_pause;
    time_point next_trial_at_{time_point::min()};
};

} // namespace venice_keys::policy
