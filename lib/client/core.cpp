#include "client/core.hpp"

#include <algorithm>
#include <random>

namespace venice_keys::detail {

namespace asio = boost::asio;

client_core::client_core(const asio::any_io_executor& executor, config settings)
    : context_guest(asio::query(executor, asio::execution::context)),
      settings_(std::move(settings)),
      server_(server_of(settings_)),
      executors_(executor, settings_.threading),
      nobody_(std::make_shared<account>(std::weak_ptr<account_owner>{}, std::nullopt)),
      guard_(settings_.threading != threading::single),
      context_{settings_.max_json_depth, settings_.error_budget.window, static_cast<bool>(settings_.observer),
               codec::update_decoder(settings_.max_json_depth)},
      calls_(pool_, server_.authority, settings_.user_agent),
      stores_({context_, server_.base_path, guard_}),
      inbox_(guard_, stats_, settings_),
      timer_(executors_.turns()),
      engine_(calls_, pool_),
      source_(transports_of(settings_, server_, executors_.turns(), *this)),
      pool_(source_, pool_settings_of(settings_, server_), clocks(), std::random_device{}())
{
}

void client_core::put(operation& call)
{
    const auto turn = inbox_.put(call);
    if (!turn || post_anyway() || !inbox_.take_back(call, *turn))
        return;
    call.recycle();
    throw std::bad_alloc();
}

// The slot is used here, in the initiation, and on the handler's executor, where it is cleared. The function in it may
// be called on any thread, so it only posts.
void client_core::listen(operation& call, asio::cancellation_slot slot)
{
    slot.assign([core = weak_from_this(), &call, life = call.life()](asio::cancellation_type type) {
        if (const auto self = core.lock())
            post_turn(self, [&call, life, type](client_core& in) { in.calls_.cancel(call, life, type); });
    });
}

void client_core::start_warm_up(std::size_t connections, handler_of<void> handler)
{
    const auto until = std::chrono::steady_clock::now() + settings_.timeout;
    start_waiter({completion<void>(std::move(handler), executors_.home()), waiters::goal::connections, next_waiter_++,
                  until, std::min(connections, settings_.max_connections)});
}

void client_core::start_close(std::chrono::milliseconds timeout, handler_of<void> handler)
{
    const auto until = std::chrono::steady_clock::now() + std::clamp(timeout, decltype(timeout)(0), longest_timeout);
    start_waiter({completion<void>(std::move(handler), executors_.home()), waiters::goal::end, next_waiter_++, until});
    inbox_.refuse_all(); // last, because the line before may throw
}

void client_core::start_waiter(waiters::waiter&& who)
{
    if (auto slot = who.to.cancellation_slot(); slot.is_connected())
        slot.assign([core = weak_from_this(), number = who.number](asio::cancellation_type /*any*/) {
            if (const auto self = core.lock())
                post_turn(self, [number](client_core& in) { in.engine_.wait_no_longer(number); });
        });
    waiters::list one;
    one.push_back(std::move(who));
    post_turn(shared_from_this(), [one = std::move(one)](client_core& in) mutable { in.engine_.wait(std::move(one)); });
}

void client_core::token_replaced(std::shared_ptr<account> who)
{
    post_turn(shared_from_this(), [who = std::move(who)](client_core& in) { in.calls_.token_replaced(*who); });
}

void client_core::destroy()
{
    if (context_ended_)
        return;
    engine_.ask_to_destroy();
    post_anyway();
}

void client_core::context_ended()
{
    const auto self = shared_from_this(); // a handler that is destroyed may own the client
    context_ended_ = true;
    const auto calls = stores_.let_go();
    const auto others = engine_.who_waits().let_go();
    executors_.let_go();
}

template <class Function>
void client_core::post_turn(const std::shared_ptr<client_core>& self, Function function)
{
    self->executors_.post([self, function = std::move(function)]() mutable { self->own_turn(std::move(function)); });
}

bool client_core::post_anyway() noexcept
{
    return executors_.post_anyway([this] {
        return [self = shared_from_this()] {
            self->own_turn([](client_core&) {});
        };
    });
}

template <class Function>
void client_core::own_turn(Function function)
{
    turn([&] {
        drain();
        engine_.destroy_if_asked();
        function(*this);
    });
}

void client_core::drain()
{
    inbox_.take_all(calls_.arrivals());
    engine_.admit_all();
}

// The last part of a turn. Results are handed over last, because a handler may do anything, even destroy the client.
void client_core::on_turn_end()
{
    const time_point now = std::chrono::steady_clock::now();
    move_on(now);
    hand_over_all(now);
}

void client_core::move_on(time_point now)
{
    const bool moved = protect([&] {
        engine_.move_on(now);
        finish(now);
    });
    if (!moved) // those who wait for connections or for the end are served all the same
        protect([this] { finish(std::chrono::steady_clock::now()); });
}

void client_core::finish(time_point now)
{
    engine_.finish(now);
    timer_.arm(engine_.deadline(), [core = weak_from_this()] {
        if (const auto self = core.lock()) {
            self->timer_.fired();
            self->own_turn([](client_core& in) { in.pool_.tick(std::chrono::steady_clock::now()); });
        }
    });
    stats_.publish(pool_);
}

bool client_core::anything_to_hand_over() noexcept
{
    return calls_.any_done() || engine_.who_waits().any_ended();
}

void client_core::hand_over_all(time_point now)
{
    if (!anything_to_hand_over())
        return;
    // What is left goes out in another turn: results behind a handler that has thrown (its exception comes out of the
    // executor's run()), and those of calls that have failed at once.
    struct rest {
        std::shared_ptr<client_core> core;
        ~rest()
        {
            if (core->anything_to_hand_over() || core->inbox_.resume())
                core->post_anyway();
        }
    } const guard{shared_from_this()};
    inbox_.hold();
    while (calls_.any_done()) {
        operation& call = calls_.take_done();
        stats_.call_ended(call.succeeded(), now - call.started());
        call.deliver(executors_);
    }
    while (engine_.who_waits().any_ended()) {
        waiters::list first = engine_.who_waits().take_ended();
        executors_.complete(std::move(first.front().to), std::move(first.front().with));
    }
    // Many handlers start the next call. Such calls need no turn of their own.
    if (inbox_.resume()) {
        protect([this] { drain(); });
        move_on(std::chrono::steady_clock::now());
    }
}

} // namespace venice_keys::detail
