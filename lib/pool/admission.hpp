// What a call passes before it may be sent: the order of its key, the pause before its retry, and the queue of its
// account. It knows nothing of connections, and has no I/O and no clock: time is passed in.
#pragma once

#include "policy/key_order.hpp"
#include "pool/token_table.hpp"

namespace venice_keys::detail {

class admission {
public:
    // `report` must outlive this object.
    admission(const policy::error_budget_settings& error_budget, const reporter& report) : tokens_(error_budget, report)
    {
    }
    admission(const admission&) = delete;
    admission& operator=(const admission&) = delete;
    ~admission();

    // Says which of the calls that wait behind no other may be sent, and takes them out. Calls enter it through the
    // functions below.
    [[nodiscard]] token_table& tokens() noexcept { return tokens_; }
    [[nodiscard]] const token_table& tokens() const noexcept { return tokens_; }

    // Admits a new call.
    void enter(call& which, account_queues& whose);
    // Puts a call that is to be sent again in front of its queue. It is still at the front of its key.
    void requeue(call& which) { tokens_.requeue(which); }
    // Holds a call that is to be sent again until this time.
    void pause(call& which, time_point until);
    // Takes out the next call whose pause is over; null when there is none.
    [[nodiscard]] call* due(time_point now);

    // Takes out a call that waits here, and lets the next change to its key go.
    void leave(call& which);
    // Lets the next change to the key of this call go, because the call is over.
    void let_next_change_go(call& which);

    // Takes out every call that waits behind no other. When these end, those behind them come up, so call it until it
    // returns none.
    [[nodiscard]] wire::slot_list take_all();

    // When tokens().tick() is due, or the next call is due(); time_point::max() for never.
    [[nodiscard]] time_point deadline() const noexcept;

    // How many calls are not on a connection.
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
