#include "client/core.hpp"

#include "client/known_executor.hpp"
#include "model/bare_error.hpp"

#include <boost/asio/strand.hpp>

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <new>
#include <random>

namespace venice_keys::detail {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds longest_timeout = std::chrono::hours(24);
constexpr std::size_t most_tickets = 16;

template <class T>
T value_or_throw(result<T> maybe)
{
    return std::move(maybe).value();
}

endpoint endpoint_of(const config& settings)
{
    settings.validate().value();
    return value_or_throw(parse_endpoint(settings.base_url));
}

asio::any_io_executor serialised(const asio::any_io_executor& executor, threading how)
{
    switch (how) {
    case threading::single:
        return executor;
    case threading::multi:
        break;
    }
    return with_known(executor, [](const auto& each) { return asio::any_io_executor(asio::make_strand(each)); });
}

pool_settings pool_settings_of(const config& settings, const endpoint& server)
{
    const wire::reply_limits reply{settings.max_header_bytes, settings.max_header_count, settings.max_reply_bytes};
    const error_budget_config& error_budget = settings.error_budget;
    return {settings.max_connections,
            settings.pipeline_depth,
            settings.retry,
            {error_budget.most, error_budget.window, error_budget.strict, error_budget.enabled, error_budget.reserve},
            {reply, settings.connect_timeout, settings.stall_timeout, settings.idle_timeout, settings.answer_timeout,
             settings.max_streams},
            reporter(settings.observer, server.host, server.port),
            settings.protocol == protocol::http1 ? std::size_t{1} : settings.max_streams,
            pipelining_state::unknown,
            settings.max_connection_age};
}

pool_clocks clocks()
{
    return {[] { return std::chrono::steady_clock::now(); },
            [] {
                return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
            }};
}

error unusable_token()
{
    return {errc::invalid_argument, "credentials: the token has characters that no bearer token has, or none"};
}

} // namespace

client_core::client_core(const asio::any_io_executor& executor, config settings)
    : operation_host(executor, settings, endpoint_of(settings)),
      context_guest(asio::query(executor, asio::execution::context)),
      executor_(serialised(executor, settings.threading)),
      stores_(*this, *this, *this, *this, *this, *this, *this, *this, *this),
      source_(executor_,
              value_or_throw(net::tls_context::make(settings.tls, server(), most_tickets, settings.protocol)), server(),
              settings.max_header_bytes + 16 * 1024, value_or_throw(net::proxy_route::make(settings, server()))),
      timer_(executor_),
      stats_(std::make_unique<shared_stats>()),
      pool_(source_, pool_settings_of(settings, server()), clocks(), std::random_device{}(), *this)
{
    nobody_ = std::make_shared<principal>(std::weak_ptr<client_core>{}, std::nullopt);
}

client_core::~client_core()
{
    deadlines_.clear();
    inbox_.clear();
    drained_.clear();
    done_.clear();
    std::apply([](auto&... each) { (each.clear(), ...); }, stores_);
}

std::optional<error> client_core::closed_door() const
{
    if (refusing_)
        return error(errc::closed, "the client is closed");
    if (starting_ + inbox_.size() + stats_->waiting_calls() >= settings().max_queue)
        return error(errc::queue_full, "config::max_queue calls are waiting already");
    return std::nullopt;
}

result<time_point> client_core::deadline_of(const call_options& options, time_point now) const
{
    const auto fits = [](const auto& limit) {
        return !limit || (limit->count() > 0 && *limit <= longest_timeout);
    };
    if (!fits(options.timeout()))
        return error(errc::invalid_argument, "call_options::timeout: not in 1 ms … 24 h");
    if (!fits(options.confirm_reserve()))
        return error(errc::invalid_argument, "call_options::confirm: not in 1 ms … 24 h");
    return now + options.timeout().value_or(settings().timeout);
}

void client_core::enqueue(operation& call)
{
    auto guard = lock();
    --starting_;
    inbox_.push_back(call);
    const bool post = !std::exchange(drain_posted_, true);
    const std::uint64_t drains = drains_;
    guard = {};
    if (!post)
        return;
    try {
        post_turn([](client_core&) {});
    } catch (const std::bad_alloc&) {
        guard = lock();
        if (drains_ != drains)
            return; // another turn has taken the call
        inbox_.erase(inbox_.iterator_to(call));
        const bool others = !inbox_.empty(); // they rely on this turn
        drain_posted_ = others;
        guard = {};
        call.recycle();
        if (others)
            post_turn([](client_core&) {});
        throw;
    }
}

void client_core::not_started(operation& call)
{
    {
        const auto guard = lock();
        --starting_;
    }
    call.recycle();
}

void client_core::start_warm_up(std::size_t connections, handler_of<void> handler)
{
    const std::size_t wanted = std::min(connections, settings().max_connections);
    const auto until = std::chrono::steady_clock::now() + settings().timeout;
    start_waiter({handover<void>(std::move(handler), home()), wanted, until}, &client_core::warming_);
}

void client_core::start_close(std::chrono::milliseconds timeout, handler_of<void> handler)
{
    const auto until = std::chrono::steady_clock::now() + std::clamp(timeout, decltype(timeout)(0), longest_timeout);
    start_waiter({handover<void>(std::move(handler), home()), 0, until}, &client_core::closers_); // may throw
    const auto guard = lock();
    refusing_ = true;
}

void client_core::start_waiter(waiter&& who, waiters client_core::*where)
{
    auto slot = who.to.cancellation_slot();
    const auto number = next_waiter_.fetch_add(1, std::memory_order_relaxed);
    who.number = number;
    if (slot.is_connected())
        slot.assign([core = weak_from_this(), number, where](asio::cancellation_type /*any*/) {
            if (const auto self = core.lock())
                self->post_turn([number, where](client_core& turn) { turn.cancel_waiter(number, where); });
        });
    waiters one;
    one.push_back(std::move(who));
    post_turn([one = std::move(one), where](client_core& self) mutable {
        if (self.destroyed_)
            self.end_waiter(one, one.begin(), worded_or_bare(errc::closed, "the client is gone"));
        else
            (self.*where).splice((self.*where).end(), one);
        if (!self.closers_.empty()) {
            self.closing_ = true;
            self.close_by_ = std::min(self.close_by_, self.closers_.back().deadline);
        }
        self.want_connections();
    });
}

// What was asked for goes on: only its caller waits no longer.
void client_core::cancel_waiter(std::uint64_t number, waiters client_core::*where)
{
    waiters& all = this->*where;
    const auto which = std::ranges::find(all, number, &waiter::number);
    if (which == all.end())
        return;
    end_waiter(all, which,
               worded_or_bare(errc::cancelled, where == &client_core::closers_
                                                   ? "cancelled while waiting for the client to close, which goes on"
                                                   : "cancelled while waiting for connections"));
    want_connections();
}

void client_core::want_connections()
{
    std::size_t most = 0;
    if (!closing_)
        for (const waiter& each : warming_)
            most = std::max(most, each.connections);
    pool_.warm_up(most);
}

void client_core::destroy()
{
    if (context_ended_)
        return;
    destroying_ = true;
    post_anyway();
}

void client_core::context_ended()
{
    const auto self = shared_from_this(); // a handler may own the client
    context_ended_ = true;
    const auto let_go = [](auto& store) {
        std::vector<decltype(store.all().front().let_go())> handlers;
        for (auto& each : store.all())
            handlers.push_back(each.let_go());
        return handlers;
    };
    const auto calls = std::apply([&](auto&... each) { return std::make_tuple(let_go(each)...); }, stores_);
    const auto warming = std::move(warming_);
    const auto closers = std::move(closers_);
    const auto settled = std::move(settled_);
}

template <class Function>
void client_core::turn(Function function)
{
    protect([&] {
        drain();
        if (destroying_ && !destroyed_) {
            destroyed_ = true;
            cut_off(worded_or_bare(errc::closed, "the client was destroyed"));
        }
        function(*this);
    });
    end_turn();
}

template <class Function>
void client_core::post_turn(Function&& function)
{
    asio::post(executor_, [self = shared_from_this(), function = std::forward<Function>(function)]() mutable {
        self->turn(std::move(function));
    });
}

void client_core::post_anyway() noexcept
{
    try {
        post_turn([](client_core&) {});
    } catch (const std::bad_alloc&) {
        post_from_reserve();
    }
}

// Of a strand there is no knowing what memory it takes, so that one is entered from its context. Of an executor that is
// not known there is none either: what waits for the turn goes out with the next that comes.
void client_core::post_from_reserve() noexcept
{
    if (reserve_posted_.exchange(true))
        return;
    auto later = asio::bind_allocator(turn_reserve::allocator<void>(reserve_), [self = shared_from_this()] {
        self->reserve_posted_ = false;
        if (self->settings().threading == threading::single)
            self->turn([](client_core&) {});
        else
            self->post_anyway();
    });
    try {
        with_known(user_executor(), [&later](const auto& known) { asio::post(known, std::move(later)); });
    } catch (const std::bad_alloc&) {
        reserve_posted_ = false;
    }
}

template <class Work>
bool client_core::protect(Work work)
{
    try {
        work();
        return true;
    } catch (const std::bad_alloc&) {
        give_all_up(make_error_code(boost::system::errc::not_enough_memory));
    } catch (const boost::system::system_error& thrown) {
        give_all_up(thrown.code());
    }
    return false;
}

// Where work was cut short, nobody knows which calls it has left behind: they end, all of them, and their connections.
// What they end with has no text, which would want memory.
void client_core::give_all_up(boost::system::error_code cause) noexcept
{
    exhausted_ = false;
    error why(errc::connection_lost);
    why.cause = cause;
    pool_.close(why);
    while (!drained_.empty()) {
        operation& call = drained_.front();
        drained_.pop_front();
        if (!call.completed_)
            call.set_failure(why);
        complete(call);
    }
    while (!deadlines_.empty()) {
        operation& call = *deadlines_.begin();
        call.in_pool_ = false;
        call.set_failure(why);
        complete(call);
    }
    settle(warming_, &why);
}

// The slot is touched here, in the initiation, and where it is cleared, on the handler's executor. What it calls comes
// from any thread, so it only posts.
void client_core::listen(operation& call, asio::cancellation_slot slot)
{
    slot.assign([core = weak_from_this(), &call, life = call.life()](asio::cancellation_type type) {
        if (const auto self = core.lock())
            self->post_turn([&call, life, type](client_core& turn) { turn.cancel(call, life, type); });
    });
}

void client_core::drain()
{
    {
        const auto guard = lock();
        // Counted before the lock is given back, so that no caller sees less than there is.
        stats_->add_waiting_calls(inbox_.size());
        drained_.splice(drained_.end(), inbox_);
        drain_posted_ = false;
        ++drains_;
    }
    while (!drained_.empty()) {
        operation& call = drained_.front();
        drained_.pop_front();
        admit(call);
    }
}

void client_core::admit(operation& call)
{
    if (call.completed_) {
        done_.push_back(call);
        return;
    }
    deadlines_.insert(deadlines_.cend(), call);
    if (closing_ || closed_)
        return fail(call, {errc::closed, "the client is closed"});
    principal& who = call.who();
    if (who.outdated())
        renew(who);
    call.entered_ = who.tokens().enter();
    if (!who.usable())
        return fail(call, unusable_token());
    call.in_pool_ = true;
    pool_.submit(call, who.place());
}

void client_core::renew(principal& who)
{
    try {
        who.renew(server().authority, settings().user_agent);
        pool_.use_token(who.place(), who.usable() ? who.token() : secret{});
    } catch (const std::bad_alloc&) {
        who.set_outdated();
        throw;
    }
    if (who.usable())
        return;
    unusable_ = true;
    fail_unusable();
}

// What waits, and later what comes back from a connection that was lost: it would go without a token.
void client_core::fail_unusable()
{
    bool any = false;
    for (auto each = deadlines_.begin(); each != deadlines_.end();) {
        operation& call = *each++;
        if (!call.in_pool_ || call.who().usable())
            continue;
        if (call.at() == call::place::session)
            any = true;
        else
            fail(call, unusable_token());
    }
    unusable_ = any;
}

void client_core::token_replaced(std::shared_ptr<principal> who)
{
    post_turn([who = std::move(who)](client_core& self) {
        if (who->outdated())
            self.renew(*who);
    });
}

void client_core::cancel(operation& call, std::uint64_t life, asio::cancellation_type type)
{
    if (call.life_ != life || call.completed_)
        return;
    const bool written = call.where() == wire::slot::state::written;
    const bool withdraws = (type & (asio::cancellation_type::terminal | asio::cancellation_type::partial)) !=
                           asio::cancellation_type::none;
    if (type == asio::cancellation_type::none || (written && !withdraws))
        return;
    fail(call, {errc::cancelled, "cancelled while waiting for " + pool_.waiting_for(call)});
}

void client_core::fail(operation& call, error why)
{
    call.set_failure(std::move(why));
    if (call.in_pool_ && pool_.withdraw(call))
        call.in_pool_ = false;
    complete(call);
}

void client_core::complete(operation& call)
{
    call.completed_ = true;
    if (call.deadline_hook::is_linked())
        deadlines_.erase(deadlines_.iterator_to(call));
    done_.push_back(call);
}

void client_core::release(operation& call)
{
    call.in_pool_ = false;
    if (!call.turn_hook::is_linked()) // its result was handed over before
        call.recycle();
}

void client_core::expire(time_point now)
{
    while (!deadlines_.empty() && deadlines_.begin()->deadline() <= now) {
        operation& call = *deadlines_.begin();
        fail(call, pool_.out_of_time(call));
    }
}

void client_core::cut_off(const error& why)
{
    const bool idle = deadlines_.empty();
    const error whole = cut_short(why);
    closing_ = true; // what comes after it, a warm_up() for one, is not to wait
    closed_ = true;
    pool_.close(why);
    settle(warming_, &why);
    settle(closers_, idle ? nullptr : &whole);
}

// What closing with calls under way ends with: how many these are, and how far the worst of them got.
error client_core::cut_short(const error& why) const noexcept
{
    error whole = copy_or_bare(why);
    std::size_t cut = 0;
    std::size_t unanswered = 0;
    for (const operation& each : deadlines_) {
        ++cut;
        unanswered += each.delivery() == delivery::sent_unanswered ? 1U : 0U;
        whole.delivery = std::max(whole.delivery, each.delivery());
    }
    try {
        whole.detail += ": " + std::to_string(cut) + (cut == 1 ? " call was" : " calls were") + " cut off, " +
                        std::to_string(unanswered) + " of them sent and not answered";
    } catch (const std::bad_alloc&) {
        whole.detail.clear(); // the delivery tells the worst of it
    }
    return whole;
}

void client_core::on_unreachable(const error& why)
{
    settle(warming_, &why);
}

void client_core::settle(waiters& all, const error* why) noexcept
{
    while (!all.empty())
        end_waiter(all, all.begin(), why == nullptr ? result<void>::success() : result<void>(copy_or_bare(*why)));
}

void client_core::end_waiter(waiters& all, waiters::iterator which, result<void> with) noexcept
{
    which->with = std::move(with);
    settled_.splice(settled_.end(), all, which);
}

void client_core::settle(time_point now)
{
    const std::size_t open = warming_.empty() ? 0 : pool_.usable();
    for (auto next = warming_.begin(); next != warming_.end();) {
        const auto each = next++;
        if (open < each->connections && now < each->deadline && !closing_)
            continue;
        result<void> with = result<void>::success();
        if (open < each->connections)
            with = closing_ ? worded_or_bare(errc::closed, "the client is closed") : not_warm();
        end_waiter(warming_, each, std::move(with));
    }
    want_connections();
    if (close_by_ == time_point::max())
        return;
    if (closed_)
        settle(closers_, nullptr);
    else if (deadlines_.empty() || now >= close_by_)
        cut_off(worded_or_bare(errc::closed, "the client was closed before the answer came"));
}

error client_core::not_warm() const
{
    error why(errc::deadline_exceeded, "the time ran out while waiting for " + pool_.connecting_words());
    if (const error* const trouble = pool_.connect_trouble())
        why.cause = trouble->code;
    return why;
}

// A turn's last part. Handing over comes last: a handler may do anything, destroying the client included.
void client_core::end_turn()
{
    const time_point now = std::chrono::steady_clock::now();
    advance([&] {
        if (exhausted_)
            throw std::bad_alloc();
        move_on(now);
    });
    hand_over_all(now);
}

template <class Work>
void client_core::advance(Work work)
{
    if (!protect(std::move(work))) // who waits for something else than an answer is still to be heard
        protect([this] { finish(std::chrono::steady_clock::now()); });
}

void client_core::move_on(time_point now)
{
    expire(now);
    if (unusable_)
        fail_unusable();
    if (!closed_)
        pool_.pump(now);
    finish(now);
}

void client_core::finish(time_point now)
{
    settle(now);
    time_point next = pool_.deadline();
    if (!deadlines_.empty())
        next = std::min(next, deadlines_.begin()->deadline());
    for (const waiter& each : warming_)
        next = std::min(next, each.deadline);
    if (!closed_)
        next = std::min(next, close_by_);
    arm(next);
    stats_->publish(pool_);
}

// The timer may fire too early, and is then set again: that is cheaper than setting it anew in every turn.
void client_core::arm(time_point when)
{
    if (when == time_point::max()) {
        if (armed_ != when)
            timer_.cancel();
        armed_ = when;
        return;
    }
    if (when >= armed_)
        return;
    armed_ = time_point::max(); // if it can't be set
    timer_.expires_at(when);
    timer_.async_wait([core = weak_from_this()](boost::system::error_code ec) {
        const auto self = core.lock();
        if (self && !ec)
            self->on_timer();
    });
    armed_ = when;
}

void client_core::on_timer()
{
    armed_ = time_point::max();
    protect([this] {
        drain();
        pool_.tick(std::chrono::steady_clock::now());
    });
    end_turn();
}

void client_core::hand_over_all(time_point now)
{
    if (done_.empty() && settled_.empty())
        return;
    // What is left goes out in another turn: results behind a handler that has thrown, which takes the exception out of
    // the executor's run(), and those of calls that have failed at once.
    struct rest {
        std::shared_ptr<client_core> core;
        ~rest()
        {
            if (!core->done_.empty() || !core->settled_.empty() || core->end_hold())
                core->post_anyway();
        }
    } const guard{shared_from_this()};
    hold_starts();
    while (!done_.empty()) {
        operation& call = done_.front();
        done_.pop_front();
        stats_->call_ended(call.succeeded(), now - call.started());
        call.deliver();
    }
    while (!settled_.empty()) {
        waiters first;
        first.splice(first.begin(), settled_, settled_.begin());
        hand_over(std::move(first.front().to), std::move(first.front().with));
    }
    // A caller goes on with the next call when one has ended: these calls need no turn of their own.
    if (end_hold())
        advance([this] {
            drain();
            move_on(std::chrono::steady_clock::now());
        });
}

// With one thread, handlers run here.
void client_core::hold_starts()
{
    if (settings().threading == threading::single)
        drain_posted_ = true;
}

bool client_core::end_hold()
{
    if (settings().threading != threading::single)
        return false;
    if (inbox_.empty())
        drain_posted_ = false;
    return drain_posted_;
}

} // namespace venice_keys::detail
