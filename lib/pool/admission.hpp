// What a call goes through before it may be sent: the turn of its key, the pause of its retry, the line of its account.
// Knows nothing of connections. No I/O and no clock: time is passed in.
#pragma once

#include "policy/lanes.hpp"
#include "pool/standings.hpp"

namespace venice_keys {

class admission : private standings {
public:
    using standings::standings;
    ~admission();

    // As standings has them.
    using standings::held_by;
    using standings::held_error;
    using standings::hold_until;
    using standings::hopeless;
    using standings::next;
    using standings::ready;
    using standings::ready_calls;
    using standings::report;
    using standings::sent_answered;
    using standings::sent_forgotten;
    using standings::size;
    using standings::take_ready;
    using standings::tick;
    using standings::use_token;

    // A new call.
    void enter(call& which, account& whose);
    // A call that was sent and is to be sent again: in front of its line. It has kept its turn.
    void again(call& which) { queue(which, true); }
    // The same, not before a time.
    void pause(call& which, time_point until);
    // The next whose pause is over, out of it now; null for none.
    [[nodiscard]] call* due(time_point now);

    // Takes out a call that waits here, and passes its turn on.
    void leave(call& which);
    // A call that went through here is over, or nobody waits for it any more and its connection owes it nothing: passes
    // its turn on.
    void pass_turn(call& which);

    // Every call that has its turn, out of here. Those behind get theirs by pass_turn(), so that it is to be asked
    // until nothing comes.
    [[nodiscard]] wire::slot_list take_all();

    // When there is something to do: tick(), or a call that is due().
    [[nodiscard]] time_point deadline() const noexcept;
    [[nodiscard]] std::size_t waiting() const noexcept { return queued() + paused_.size() + in_lanes_; }

private:
    struct retry_key {
        using type = time_point;
        const type& operator()(const call& each) const noexcept { return each.not_before_; }
    };

    policy::lanes lanes_;
    boost::intrusive::multiset<call, boost::intrusive::base_hook<retry_hook>, boost::intrusive::key_of_value<retry_key>>
        paused_;
    std::size_t in_lanes_ = 0; // without the turn
};

} // namespace venice_keys
