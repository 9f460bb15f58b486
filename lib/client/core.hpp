// The client behind the facade: starts calls from any thread and runs the engine in turns. A turn is one run of a
// function on the client's executor. It takes what has happened since the last one, moves the engine on, sets the
// timer, and hands results over last, when all state is consistent and no lock is held.
#pragma once

#include "client/configure.hpp"
#include "client/context_service.hpp"
#include "client/engine.hpp"
#include "client/executors.hpp"
#include "client/inbox.hpp"
#include "client/lazy_timer.hpp"
#include "client/operation_store.hpp"
#include "client/shared_stats.hpp"
#include "client/turn_timer.hpp"
#include "net/tls_transport.hpp"
#include "pool/pool.hpp"

#include <venice_keys/client.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

namespace venice_keys::detail {

class client_core final : public std::enable_shared_from_this<client_core>,
                          public account_owner,
                          private net::turn_owner,
                          private context_guest {
public:
    // Throws request_failed.
    client_core(const boost::asio::any_io_executor& executor, config settings);
    client_core(const client_core&) = delete;
    client_core& operator=(const client_core&) = delete;
    ~client_core() { calls_.let_go(); }

    // These may be called from any thread; with threading::single, only from the client's one thread.
    template <class Request, class... Values>
    void start(const std::shared_ptr<account>& who, const call_options& options,
               handler_of<typename Request::value_type>&& handler, Values&&... values);
    void start_warm_up(std::size_t connections, handler_of<void> handler);
    void start_close(std::chrono::milliseconds timeout, handler_of<void> handler);
    void token_replaced(std::shared_ptr<account> who) override;
    void destroy();
    [[nodiscard]] const config& settings() const noexcept { return settings_; }
    [[nodiscard]] client_stats stats() const noexcept { return stats_.read(); }

private:
    void on_turn_end() override;
    void on_failure(boost::system::error_code cause) noexcept override { engine_.give_all_up(cause); }
    void context_ended() override;

    // These bring a call, or a waiter, to a turn.
    void put(operation& call);
    void listen(operation& call, boost::asio::cancellation_slot slot);
    void start_waiter(waiters::waiter&& who);

    // These cause a turn.
    template <class Function>
    static void post_turn(const std::shared_ptr<client_core>& self, Function function);
    bool post_anyway() noexcept;

    // own_turn() runs a turn that no event of a connection has caused. The others are parts of turns.
    template <class Function>
    void own_turn(Function function);
    void drain();
    void move_on(time_point now);
    void finish(time_point now);
    [[nodiscard]] bool anything_to_hand_over() noexcept;
    void hand_over_all(time_point now);

    const config settings_;
    const endpoint server_;
    executors executors_;
    const std::shared_ptr<account> nobody_; // the account of calls that are sent without a token
    std::atomic<std::uint64_t> next_waiter_{1};
    maybe_mutex guard_; // guards what callers' threads and turns share: the inbox and the free operations
    shared_stats stats_;
    answer_context context_;
    bool context_ended_ = false;
    calls calls_;
    operation_stores stores_;
    inbox inbox_;
    lazy_timer<turn_timer> timer_;
    engine engine_;
    net::tls_transport_source source_;
    pool pool_; // the last member, because it refers to operations and is to be destroyed before them
};

template <class Request, class... Values>
void client_core::start(const std::shared_ptr<account>& who, const call_options& options,
                        handler_of<typename Request::value_type>&& handler, Values&&... values)
{
    completion<typename Request::value_type> to(std::move(handler), executors_.home());
    std::unique_lock lock(guard_);
    if (auto why = inbox_.refusal()) {
        lock.unlock();
        return to.complete_later(executors_.callers(), std::move(*why));
    }
    operation_of<Request>& call = stores_.of<Request>().take();
    inbox_.expect();
    lock.unlock();

    try {
        auto slot = to.cancellation_slot();
        const auto now = std::chrono::steady_clock::now();
        if (const auto timeout = timeout_of(settings_, options); !timeout)
            call.refuse(timeout.error(), std::move(to));
        else if (auto good = Request::check(values...); !good)
            call.refuse(std::move(good).error(), std::move(to));
        else
            call.start({call.rule().authorized ? who : nobody_, now, now + *timeout}, std::move(to),
                       std::forward<Values>(values)...);
        if (slot.is_connected())
            listen(call, slot);
    } catch (const std::bad_alloc&) {
        inbox_.forget();
        call.recycle();
        throw; // out of the initiating function, as with every operation of Asio
    }
    put(call);
}

} // namespace venice_keys::detail
