// The client behind the facade: one queue into the executor's turns, one timer, one pool. A turn is one run of a
// function on the executor: it takes what happened, moves the pool on, arms the timer, and hands results over last,
// when the state is whole and no lock is held.
#pragma once

#include "client/context_service.hpp"
#include "client/update_operation.hpp"
#include "codec/decode_update.hpp"
#include "model/endpoint.hpp"
#include "net/tls_transport.hpp"
#include "pool/pool.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace venice_keys::detail {

class client_core final : public std::enable_shared_from_this<client_core>,
                          private pool::listener,
                          private context_guest {
public:
    // Throws request_failed.
    client_core(const boost::asio::any_io_executor& executor, credentials who, config settings);
    client_core(const client_core&) = delete;
    client_core& operator=(const client_core&) = delete;
    ~client_core();

    // These may be called from any thread (with threading::single: from the one).
    void start_update(key_update&& update, const call_options& options, update_handler handler);
    void start_warm_up(std::size_t connections, done_handler handler);
    void start_close(std::chrono::milliseconds timeout, done_handler handler);
    void destroy();
    [[nodiscard]] client_stats stats() const noexcept;

    // For operations, within a turn.
    [[nodiscard]] const config& settings() const noexcept { return settings_; }
    [[nodiscard]] const secret& token() const noexcept { return credentials_.token(); }
    [[nodiscard]] const wire::request_head& update_head() const noexcept { return update_head_; }
    [[nodiscard]] codec::update_decoder& decoder() noexcept { return decoder_; }
    void complete(operation& call);
    template <class T>
    void hand_over(handover<T> to, result<T> with);
    void release(operation& call);
    void recycle(update_operation& call);

private:
    // Who waits for warm_up() or close().
    struct waiter {
        handover<void> to;
        std::size_t connections;
        time_point deadline;
        std::uint64_t number = 0;
    };
    // What stats() reads from any thread. Written in turns alone.
    struct shared_stats;

    struct deadline_key {
        using type = time_point;
        const type& operator()(const operation& each) const noexcept { return each.deadline(); }
    };
    using deadlines = boost::intrusive::multiset<operation, boost::intrusive::base_hook<deadline_hook>,
                                                 boost::intrusive::key_of_value<deadline_key>>;
    using turn_list = boost::intrusive::list<operation, boost::intrusive::base_hook<turn_hook>>;

    void on_unreachable(const error& why) override;
    void on_turn_end() override { end_turn(); }
    void context_ended() override;

    template <class Function>
    void post_turn(Function&& function);
    [[nodiscard]] std::unique_lock<std::mutex> lock();
    // Under the lock.
    [[nodiscard]] update_operation& take();
    void start_waiter(waiter&& who, std::vector<waiter> client_core::*where);
    void cancel_waiter(std::uint64_t number, std::vector<waiter>& all);
    void want_connections();
    [[nodiscard]] result<void> check(const key_update& update, const call_options& options) const;
    void listen(operation& call, boost::asio::cancellation_slot slot);
    void drain();
    void admit(operation& call);
    void cancel(operation& call, std::uint64_t life, boost::asio::cancellation_type type);
    void fail(operation& call, errc why, std::string detail);
    void expire(time_point now);
    void cut_off(const error& why);
    void end_turn();
    void settle(time_point now);
    void settle(std::vector<waiter>& all, const result<void>& with);
    void arm(time_point when);
    void on_timer();
    void publish() noexcept;
    void hand_over();

    config settings_;
    boost::asio::any_io_executor user_executor_;
    boost::asio::any_io_executor executor_; // of the turns: a strand, unless threading::single
    endpoint server_;
    credentials credentials_;
    bool token_usable_;
    wire::request_head update_head_;
    codec::update_decoder decoder_;

    std::mutex mutex_; // guards the next six, unless threading::single
    std::deque<update_operation> updates_;
    turn_list free_;
    turn_list inbox_;
    std::size_t starting_ = 0; // taken, and not in the inbox yet
    bool drain_posted_ = false;
    bool refusing_ = false; // close() was called: what starts after it is refused

    net::tls_transport_source source_;
    deadlines deadlines_;
    turn_list done_;
    std::vector<waiter> warming_;
    std::vector<waiter> closers_;
    std::vector<std::pair<handover<void>, result<void>>> settled_;
    std::atomic<std::uint64_t> next_waiter_{1};
    bool closing_ = false;
    bool closed_ = false;
    bool context_ended_ = false;
    bool destroyed_ = false; // the public client is gone, and operations that were deferred may still come
    boost::asio::steady_timer timer_;
    time_point armed_ = time_point::max();
    std::unique_ptr<shared_stats> stats_;
    pool pool_; // last: it lets go of the operations first
};

// A turn on a strand keeps other threads from taking theirs, so the caller's code runs outside of it, in parallel. A
// single-threaded client saves that hop.
template <class T>
void client_core::hand_over(handover<T> to, result<T> with)
{
    if (settings_.threading == threading::single)
        to.complete(std::move(with));
    else
        to.complete_later(user_executor_, std::move(with));
}

} // namespace venice_keys::detail
