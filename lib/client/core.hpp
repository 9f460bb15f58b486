// The client behind the facade: one queue into the executor's turns, one timer, one pool. A turn is one run of a
// function on the executor: it takes what happened, moves the pool on, arms the timer, and hands results over last,
// when the state is whole and no lock is held.
#pragma once

#include "client/context_service.hpp"
#include "client/operations.hpp"
#include "client/shared_stats.hpp"
#include "client/turn_reserve.hpp"
#include "codec/decode_account_limits.hpp"
#include "codec/decode_challenge.hpp"
#include "codec/decode_list.hpp"
#include "codec/decode_rate_limit_log.hpp"
#include "net/tls_transport.hpp"
#include "pool/pool.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <new>
#include <tuple>
#include <utility>
#include <vector>

namespace venice_keys::detail {

using list_operation = plain_operation<std::vector<key_details>, policy::operation::list, &codec::decode_list>;
using rate_limits_operation =
    plain_operation<account_limits, policy::operation::rate_limits, &codec::decode_account_limits>;
using rate_limit_log_operation =
    plain_operation<std::vector<rate_limit_event>, policy::operation::rate_limit_log, &codec::decode_rate_limit_log>;

class client_core final : public std::enable_shared_from_this<client_core>,
                          public operation_host,
                          private pool::listener,
                          private context_guest {
public:
    // Throws request_failed.
    client_core(const boost::asio::any_io_executor& executor, config settings);
    client_core(const client_core&) = delete;
    client_core& operator=(const client_core&) = delete;
    ~client_core();

    // These may be called from any thread (with threading::single: from the one).
    template <class Operation, class... Values>
    void start(const std::shared_ptr<principal>& who, const call_options& options,
               handler_of<typename Operation::value_type>&& handler, Values&&... values);
    void start_warm_up(std::size_t connections, handler_of<void> handler);
    void start_close(std::chrono::milliseconds timeout, handler_of<void> handler);
    void token_replaced(std::shared_ptr<principal> who);
    void destroy();
    // errc::invalid_argument for times out of their range.
    [[nodiscard]] result<time_point> deadline_of(const call_options& options, time_point now) const;
    [[nodiscard]] client_stats stats() const noexcept { return stats_->read(); }

    // For operations, within a turn.
    void complete(operation& call) override;
    void release(operation& call) override;

private:
    // Who waits for warm_up() or close().
    struct waiter {
        handover<void> to;
        std::size_t connections;
        time_point deadline;
        std::uint64_t number = 0;
        result<void> with = {};
    };
    using waiters = std::list<waiter>; // so that ending one takes no memory

    struct deadline_key {
        using type = time_point;
        const type& operator()(const operation& each) const noexcept { return each.deadline(); }
    };
    using deadlines = boost::intrusive::multiset<operation, boost::intrusive::base_hook<deadline_hook>,
                                                 boost::intrusive::key_of_value<deadline_key>>;
    using turn_list = boost::intrusive::list<operation, boost::intrusive::base_hook<turn_hook>>;
    using stores =
        std::tuple<operation_store<update_operation>, operation_store<list_operation>, operation_store<get_operation>,
                   operation_store<create_operation>, operation_store<delete_operation>,
                   operation_store<rate_limits_operation>, operation_store<rate_limit_log_operation>,
                   operation_store<web3_challenge_operation>, operation_store<web3_create_operation>>;

    void on_unreachable(const error& why) override;
    void on_exhausted() noexcept override { exhausted_ = true; }
    void on_turn_end() override { end_turn(); }
    void context_ended() override;

    template <class Function>
    void post_turn(Function&& function);
    // Under the lock: why no call may start now, or nothing.
    [[nodiscard]] std::optional<error> closed_door() const;
    // Undoes what start() did to the counts; the object can be used again.
    void not_started(operation& call);
    void enqueue(operation& call);
    // Runs a function as a turn.
    template <class Function>
    void turn(Function function);
    // A turn that comes also where there is no memory for post_turn().
    void post_anyway() noexcept;
    void post_from_reserve() noexcept;
    void start_waiter(waiter&& who, waiters client_core::*where);
    void cancel_waiter(std::uint64_t number, waiters client_core::*where);
    void end_waiter(waiters& all, waiters::iterator which, result<void> with) noexcept;
    void want_connections();
    void listen(operation& call, boost::asio::cancellation_slot slot);
    void drain();
    void admit(operation& call);
    void renew(principal& who);
    void fail_unusable();
    void cancel(operation& call, std::uint64_t life, boost::asio::cancellation_type type);
    void fail(operation& call, error why);
    void expire(time_point now);
    void cut_off(const error& why);
    [[nodiscard]] error cut_short(const error& why) const noexcept;
    [[nodiscard]] error not_warm() const;
    // Does a part of a turn. What the allocator or Asio throws in it ends every call: nothing leaves the executor's
    // run() but what a handler throws.
    template <class Work>
    bool protect(Work work); // false: it was cut short
    // The last part of it: when it was cut short, what is left is finished all the same.
    template <class Work>
    void advance(Work work);
    // Takes no memory, and nor does what finish() does after it.
    void give_all_up(boost::system::error_code cause) noexcept;
    void end_turn();
    void move_on(time_point now);
    void finish(time_point now);
    void settle(time_point now);
    void settle(waiters& all, const error* why) noexcept; // null: success
    void arm(time_point when);
    void on_timer();
    void hand_over_all(time_point now);
    void hold_starts();
    // True when calls were started meanwhile: they wait for a drain().
    [[nodiscard]] bool end_hold();

    boost::asio::any_io_executor executor_; // of the turns: a strand, unless threading::single
    std::shared_ptr<principal> nobody_;     // whom what needs no token is sent as

    stores stores_; // these are guarded by lock()
    turn_list inbox_;
    std::size_t starting_ = 0; // taken, and not in the inbox yet
    bool drain_posted_ = false;
    std::uint64_t drains_ = 0; // how often the inbox was emptied
    bool refusing_ = false;    // close() was called: what starts after it is refused

    net::tls_transport_source source_;
    turn_list drained_; // from the inbox, and not in the pool yet
    deadlines deadlines_;
    turn_list done_;
    waiters warming_;
    waiters closers_;
    waiters settled_;
    std::atomic<std::uint64_t> next_waiter_{1};
    bool unusable_ = false; // calls may be under way for a principal without a token that can be sent
    bool closing_ = false;
    bool closed_ = false;
    time_point close_by_ = time_point::max(); // of those that asked for it, also of who waits no longer
    bool exhausted_ = false;                  // memory was lacking while an event of a connection was dealt with
    bool context_ended_ = false;
    bool destroyed_ = false; // the public client is gone, and operations that were deferred may still come
    std::atomic<bool> destroying_ = false; // a turn is to destroy it that could not be told so
    std::atomic<bool> reserve_posted_ = false;
    std::shared_ptr<turn_reserve> reserve_ = std::make_shared<turn_reserve>();
    boost::asio::steady_timer timer_;
    time_point armed_ = time_point::max();
    std::unique_ptr<shared_stats> stats_;
    pool pool_; // last: it lets go of the operations first
};

template <class Operation, class... Values>
void client_core::start(const std::shared_ptr<principal>& who, const call_options& options,
                        handler_of<typename Operation::value_type>&& handler, Values&&... values)
{
    handover<typename Operation::value_type> to(std::move(handler), home());
    auto guard = lock();
    if (auto closed = closed_door()) {
        guard = {};
        return to.complete_later(user_executor(), std::move(*closed));
    }
    Operation& call = std::get<operation_store<Operation>>(stores_).take();
    ++starting_;
    guard = {};

    try {
        auto slot = to.cancellation_slot();
        const auto now = std::chrono::steady_clock::now();
        const result<time_point> deadline = deadline_of(options, now);
        if (!deadline)
            call.refuse(deadline.error(), std::move(to));
        else if (auto good = Operation::check(values...); !good)
            call.refuse(std::move(good).error(), std::move(to));
        else
            call.start({call.rule().authorized ? who : nobody_, now, *deadline}, std::move(to),
                       std::forward<Values>(values)...);
        if (slot.is_connected())
            listen(call, slot);
    } catch (const std::bad_alloc&) {
        not_started(call);
        throw; // out of the initiating function, as with every operation of Asio
    }
    enqueue(call);
}

} // namespace venice_keys::detail
