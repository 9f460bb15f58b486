// What a call goes through before it may be sent: the order of its key, the pause of its retry, the queue of its
// account. Knows nothing of connections. No I/O and no clock: time is passed in.
#pragma once

#include "policy/key_order.hpp"
#include "pool/token_table.hpp"

namespace venice_keys::detail {

class admission {
public:
    // `report` must outlive it.
    admission(const policy::error_budget_settings& error_budget, const reporter& report) : tokens_(error_budget, report)
    {
    }
    admission(const admission&) = delete;
    admission& operator=(const admission&) = delete;
    ~admission();

    // Which of the calls that wait behind no other may be sent. What waits enters and leaves it through the functions
    // below.
    [[nodiscard]] token_table& tokens() noexcept { return tokens_; }
    [[nodiscard]] const token_table& tokens() const noexcept { return tokens_; }

    // A new call.
    void enter(call& which, account_queues& whose);
    // A call that was sent and is to be sent again: in front of its queue. It is still at the front of its key.
    void requeue(call& which) { tokens_.requeue(which); }
    // The same, not before a time.
    void pause(call& which, time_point until);
    // The next whose pause is over, out of it now; null for none.
    [[nodiscard]] call* due(time_point now);

    // Takes out a call that waits here, and lets the next change to its key go.
    void leave(call& which);
    // A call that went through here is over, or nobody waits for it any more and its connection owes it nothing: lets
    // the next change to its key go.
    void let_next_change_go(call& which);

    // Takes out every call that waits behind no other. let_next_change_go() brings up those behind, so that it is to be
    // asked until nothing comes.
    [[nodiscard]] wire::slot_list take_all();

    // When there is something to do: tokens().tick(), or a call that is due().
    [[nodiscard]] time_point deadline() const noexcept;

    // Every call that is not on a connection.
    [[nodiscard]] std::size_t waiting() const noexcept { return tokens_.waiting() + paused_.size(); }

private:
    struct retry_key {
        using type = time_point;
        const type& operator()(const call& each) const noexcept { return each.not_before_; }
    };

    void end_pause(call& which);

    token_table tokens_;
    policy::key_order order_;
    boost::intrusive::multiset<call, boost::intrusive::base_hook<time_hook>, boost::intrusive::key_of_value<retry_key>>
        paused_;
};

} // namespace venice_keys::detail
