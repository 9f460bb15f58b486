// What a call goes through before it may be sent: the turn of its key, the pause of its retry, the line of its account.
// Knows nothing of connections. No I/O and no clock: time is passed in.
#pragma once

#include "policy/lanes.hpp"
#include "pool/standings.hpp"

namespace venice_keys {

class admission : private standing_table {
public:
    using standing_table::standing_table;
    ~admission();

    // As the table has them.
    using standing_table::budget_spent;
    using standing_table::front;
    using standing_table::held_by;
    using standing_table::held_error;
    using standing_table::hold_until;
    using standing_table::hopeless;
    using standing_table::next;
    using standing_table::ready;
    using standing_table::ready_calls;
    using standing_table::report;
    using standing_table::report_budget;
    using standing_table::sent_answered;
    using standing_table::sent_forgotten;
    using standing_table::take_ready;
    using standing_table::tick;
    using standing_table::use_token;
    using standing_table::waiting;
    // Tokens that something is remembered of.
    [[nodiscard]] std::size_t standings() const noexcept { return size(); }

    // A new call.
    void enter(call& which, account& whose);
    // A call that was sent and is to be sent again: in front of its line. It has kept its turn.
    void again(call& which);
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

private:
    struct retry_key {
        using type = time_point;
        const type& operator()(const call& each) const noexcept { return each.not_before_; }
    };

    policy::lanes lanes_;
    boost::intrusive::multiset<call, boost::intrusive::base_hook<retry_hook>, boost::intrusive::key_of_value<retry_key>>
        paused_;
};

} // namespace venice_keys
