// What a call goes through before it may be sent: the turn of its key, the pause of its retry, the line of its account.
// Knows nothing of connections. No I/O and no clock: time is passed in.
#pragma once

#include "policy/lanes.hpp"
#include "pool/token_table.hpp"

namespace venice_keys {

class admission : private token_table {
public:
    using token_table::token_table;
    ~admission();

    // As the table has them.
    using token_table::budget_spent;
    using token_table::front;
    using token_table::held_by;
    using token_table::held_error;
    using token_table::hold_until;
    using token_table::hopeless;
    using token_table::next;
    using token_table::ready;
    using token_table::ready_calls;
    using token_table::report;
    using token_table::report_budget;
    using token_table::sent_answered;
    using token_table::sent_forgotten;
    using token_table::take_ready;
    using token_table::tick;
    using token_table::use_token;
    using token_table::waiting;
    // Tokens that something is remembered of.
    [[nodiscard]] std::size_t tokens() const noexcept { return size(); }

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
