// The calls under way, from their admission until each has its result: their deadlines, their cancellation, and the
// tokens that they need. It decides when a call has ended; the pool decides where and when a call is sent. Used in
// turns alone.
#pragma once

#include "client/operation.hpp"
#include "pool/pool.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/intrusive/set.hpp>

#include <cstdint>
#include <string>

namespace venice_keys::detail {

class calls {
public:
    // `authority` and `user_agent` go into every request.
    calls(pool& through, std::string authority, std::string user_agent)
        : pool_(through), authority_(std::move(authority)), user_agent_(std::move(user_agent))
    {
    }
    calls(const calls&) = delete;
    calls& operator=(const calls&) = delete;

    // New calls are put here, for admit_all().
    [[nodiscard]] operation_list& arrivals() noexcept { return arrivals_; }
    // Takes over the new calls. If the client is not `open`, they end as errc::closed. If this throws, the calls that
    // it has not reached stay in arrivals().
    void admit_all(bool open);
    // Takes over the token of this account, if it has been replaced.
    void token_replaced(account& who);
    // Ends the waiting calls of accounts whose token can't be sent. A call may wait again after a lost connection.
    void fail_unusable();
    // `life` is the one in which the cancellation was asked for. A call that has ended since is left alone.
    void cancel(operation& call, std::uint64_t life, boost::asio::cancellation_type type);
    // Ends the calls whose deadline has come.
    void expire(time_point now);
    // Ends all calls after the pool has been closed. Needs no memory.
    void end_all(const error& why) noexcept;
    // Forgets all calls, because they are about to be destroyed.
    void let_go() noexcept;

    [[nodiscard]] bool idle() const noexcept { return under_way_.empty(); }
    // The earliest deadline; time_point::max() when there is none.
    [[nodiscard]] time_point deadline() const noexcept
    {
        return idle() ? time_point::max() : under_way_.begin()->deadline();
    }
    // The error that close() ends with when calls are cut off: `why`, how many calls, and the worst delivery among
    // them.
    [[nodiscard]] error cut_short(const error& why) const noexcept;

    // Takes the calls that have left the pool. They are done now, or were done earlier, when they were cancelled or out
    // of time; then they are only recycled.
    void collect() noexcept;
    [[nodiscard]] bool any_done() const noexcept { return !done_.empty(); }
    // Takes out the call that has had its result for longest.
    [[nodiscard]] operation& take_done() noexcept;

private:
    struct deadline_key {
        using type = time_point;
        const type& operator()(const operation& each) const noexcept { return each.deadline(); }
    };

    void admit(operation& call, bool open);
    void renew(account& who);
    void fail(operation& call, error why);
    void complete(operation& call) noexcept;

    pool& pool_;
    const std::string authority_;
    const std::string user_agent_;
    operation_list arrivals_;
    boost::intrusive::multiset<operation, boost::intrusive::base_hook<deadline_hook>,
                               boost::intrusive::key_of_value<deadline_key>>
        under_way_;
    operation_list done_;
    bool any_unusable_ = false; // a call on a connection may belong to an account whose token can't be sent
};

} // namespace venice_keys::detail
