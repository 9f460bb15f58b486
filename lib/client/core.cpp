#include "client/core.hpp"

#include "model/bearer_token.hpp"

#include <boost/asio/strand.hpp>

#include <algorithm>
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

config checked(config settings)
{
    settings.validate().value();
    return settings;
}

asio::any_io_executor serialised(const asio::any_io_executor& executor, threading how)
{
    switch (how) {
    case threading::single:
        return executor;
    case threading::multi:
        break;
    }
    return asio::make_strand(executor);
}

pool_settings pool_settings_of(const config& settings)
{
    const wire::reply_limits reply{settings.max_header_bytes, settings.max_header_count, settings.max_reply_bytes};
    return {settings.max_connections,
            settings.pipeline_depth,
            settings.retry,
            {reply, settings.connect_timeout, settings.stall_timeout, settings.idle_timeout}};
}

} // namespace

struct client_core::shared_stats {
    std::atomic<std::uint64_t> connections_opened{0};
    std::atomic<std::uint64_t> sessions_resumed{0};
    std::atomic<std::uint64_t> connections_lost{0};
    std::atomic<std::uint64_t> requests_written{0};
    std::atomic<std::uint64_t> replies{0};
    std::atomic<std::uint64_t> replays{0};
    std::atomic<std::size_t> deepest_pipeline{0};
    std::atomic<std::size_t> open_connections{0};
    std::atomic<std::size_t> waiting_calls{0};
};

client_core::client_core(const asio::any_io_executor& executor, credentials who, config settings)
    : context_guest(asio::query(executor, asio::execution::context)),
      settings_(checked(std::move(settings))),
      user_executor_(executor),
      executor_(serialised(executor, settings_.threading)),
      server_(value_or_throw(parse_endpoint(settings_.base_url))),
      credentials_(std::move(who)),
      token_usable_(valid_bearer_token(credentials_.token().expose())),
      update_head_("PATCH", server_.base_path + "/api_keys", server_.authority, settings_.user_agent,
                   token_usable_ ? credentials_.token() : secret{}),
      decoder_(settings_.max_json_depth),
      source_(executor_, value_or_throw(net::tls_context::make(settings_.tls, server_, most_tickets)), server_,
              settings_.max_header_bytes + 16 * 1024),
      timer_(executor_),
      stats_(std::make_unique<shared_stats>()),
      pool_(
          source_, pool_settings_of(settings_), [] { return std::chrono::steady_clock::now(); }, std::random_device{}(),
          *this)
{
}

client_core::~client_core()
{
    deadlines_.clear();
    inbox_.clear();
    done_.clear();
    free_.clear();
}

void client_core::start_update(key_update&& update, const call_options& options, update_handler handler)
{
    handover<api_key> to(std::move(handler), user_executor_);
    auto guard = lock();
    if (refusing_) {
        guard = {};
        return to.complete_later(user_executor_, error(errc::closed, "the client is closed"));
    }
    if (starting_ + inbox_.size() + stats_->waiting_calls.load(std::memory_order_relaxed) >= settings_.max_queue) {
        guard = {};
        return to.complete_later(user_executor_,
                                 error(errc::queue_full, "config::max_queue calls are waiting already"));
    }
    update_operation& call = take();
    ++starting_;
    guard = {};

    auto slot = to.cancellation_slot();
    const auto now = std::chrono::steady_clock::now();
    if (auto good = check(update, options); !good)
        call.refuse(std::move(good).error(), std::move(to));
    else
        call.start(std::move(update), now + options.timeout().value_or(settings_.timeout), std::move(to));
    if (slot.is_connected())
        listen(call, slot);

    guard = lock();
    --starting_;
    inbox_.push_back(call);
    const bool post = !std::exchange(drain_posted_, true);
    guard = {};
    if (post)
        post_turn([](client_core&) {});
}

void client_core::start_warm_up(std::size_t connections, done_handler handler)
{
    const std::size_t wanted = std::min(connections, settings_.max_connections);
    const auto until = std::chrono::steady_clock::now() + settings_.timeout;
    start_waiter({handover<void>(std::move(handler), user_executor_), wanted, until}, &client_core::warming_);
}

void client_core::start_close(std::chrono::milliseconds timeout, done_handler handler)
{
    const auto until = std::chrono::steady_clock::now() + std::clamp(timeout, decltype(timeout)(0), longest_timeout);
    {
        const auto guard = lock();
        refusing_ = true;
    }
    start_waiter({handover<void>(std::move(handler), user_executor_), 0, until}, &client_core::closers_);
}

void client_core::start_waiter(waiter&& who, std::vector<waiter> client_core::*where)
{
    auto slot = who.to.cancellation_slot();
    const auto number = next_waiter_.fetch_add(1, std::memory_order_relaxed);
    who.number = number;
    if (slot.is_connected())
        slot.assign([core = weak_from_this(), number, where](asio::cancellation_type /*any*/) {
            if (const auto self = core.lock())
                self->post_turn([number, where](client_core& turn) { turn.cancel_waiter(number, turn.*where); });
        });
    post_turn([who = std::move(who), where](client_core& self) mutable {
        if (self.destroyed_)
            self.settled_.emplace_back(std::move(who.to), error(errc::closed, "the client is gone"));
        else
            (self.*where).push_back(std::move(who));
        self.closing_ = self.closing_ || !self.closers_.empty();
        self.want_connections();
    });
}

// What was asked for goes on: only its caller waits no longer.
void client_core::cancel_waiter(std::uint64_t number, std::vector<waiter>& all)
{
    const auto which = std::ranges::find(all, number, &waiter::number);
    if (which == all.end())
        return;
    settled_.emplace_back(std::move(which->to), error(errc::cancelled, "cancelled while waiting for connections"));
    all.erase(which);
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
    post_turn([](client_core& self) {
        self.destroyed_ = true;
        self.cut_off({errc::closed, "the client was destroyed"});
    });
}

void client_core::context_ended()
{
    const auto self = shared_from_this(); // a handler may own the client
    context_ended_ = true;
    std::vector<handover<api_key>> calls;
    for (update_operation& each : updates_)
        calls.push_back(each.let_go());
    const auto warming = std::move(warming_);
    const auto closers = std::move(closers_);
    const auto settled = std::move(settled_);
}

client_stats client_core::stats() const noexcept
{
    const auto get = [](const auto& counter) {
        return counter.load(std::memory_order_relaxed);
    };
    client_stats now;
    now.connections_opened = get(stats_->connections_opened);
    now.sessions_resumed = get(stats_->sessions_resumed);
    now.connections_lost = get(stats_->connections_lost);
    now.requests_written = get(stats_->requests_written);
    now.replies = get(stats_->replies);
    now.replays = get(stats_->replays);
    now.deepest_pipeline = get(stats_->deepest_pipeline);
    now.open_connections = get(stats_->open_connections);
    now.waiting_calls = get(stats_->waiting_calls);
    return now;
}

template <class Function>
void client_core::post_turn(Function&& function)
{
    asio::post(executor_, [self = shared_from_this(), function = std::forward<Function>(function)]() mutable {
        self->drain();
        function(*self);
        self->end_turn();
    });
}

std::unique_lock<std::mutex> client_core::lock()
{
    if (settings_.threading == threading::single)
        return {};
    return std::unique_lock(mutex_);
}

update_operation& client_core::take()
{
    if (free_.empty())
        return updates_.emplace_back(*this);
    auto& call = static_cast<update_operation&>(free_.front());
    free_.pop_front();
    return call;
}

result<void> client_core::check(const key_update& update, const call_options& options) const
{
    if (!token_usable_)
        return error(errc::invalid_argument, "credentials: the token has characters that no bearer token has, or none");
    if (options.timeout() && (options.timeout()->count() <= 0 || *options.timeout() > longest_timeout))
        return error(errc::invalid_argument, "call_options::timeout: not in 1 ms … 24 h");
    return update.validate();
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
    turn_list fresh;
    {
        const auto guard = lock();
        // Counted before the lock is given back, so that no caller sees less than there is.
        stats_->waiting_calls.fetch_add(inbox_.size(), std::memory_order_relaxed);
        fresh.swap(inbox_);
        drain_posted_ = false;
    }
    while (!fresh.empty()) {
        operation& call = fresh.front();
        fresh.pop_front();
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
        return fail(call, errc::closed, "the client is closed");
    call.in_pool_ = true;
    pool_.submit(call);
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
    fail(call, errc::cancelled, "cancelled while waiting for " + pool_.waiting_for(call));
}

void client_core::fail(operation& call, errc code, std::string detail)
{
    error why(code, std::move(detail));
    why.delivery = call.delivery();
    why.attempts = call.attempts();
    if (call.in_pool_ && pool_.withdraw(call))
        call.in_pool_ = false;
    call.set_failure(std::move(why));
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

void client_core::recycle(update_operation& call)
{
    ++call.life_;
    const auto guard = lock();
    free_.push_front(call);
}

void client_core::expire(time_point now)
{
    while (!deadlines_.empty() && deadlines_.begin()->deadline() <= now) {
        operation& call = *deadlines_.begin();
        fail(call, errc::deadline_exceeded, "the time ran out while waiting for " + pool_.waiting_for(call));
    }
}

void client_core::cut_off(const error& why)
{
    const bool idle = deadlines_.empty();
    closing_ = true; // what comes after it, a warm_up() for one, is not to wait
    closed_ = true;
    pool_.close(why);
    settle(warming_, why);
    settle(closers_, idle ? result<void>::success() : result<void>(why));
}

void client_core::on_unreachable(const error& why)
{
    settle(warming_, why);
}

void client_core::settle(std::vector<waiter>& all, const result<void>& with)
{
    for (waiter& each : all)
        settled_.emplace_back(std::move(each.to), with);
    all.clear();
}

void client_core::settle(time_point now)
{
    const std::size_t open = warming_.empty() ? 0 : pool_.usable();
    std::erase_if(warming_, [&](waiter& each) {
        if (open < each.connections && now < each.deadline && !closing_)
            return false;
        result<void> with = result<void>::success();
        if (open < each.connections)
            with = closing_ ? error(errc::closed, "the client is closed")
                            : error(errc::deadline_exceeded, "the time ran out while connections were opened");
        settled_.emplace_back(std::move(each.to), std::move(with));
        return true;
    });
    want_connections();
    if (closers_.empty())
        return;
    const auto first = std::ranges::min_element(closers_, {}, &waiter::deadline);
    if (deadlines_.empty() || closed_ || now >= first->deadline)
        cut_off({errc::closed, "the client was closed before the answer came"});
}

// A turn's last part. Handing over comes last: a handler may do anything, destroying the client included.
void client_core::end_turn()
{
    const time_point now = std::chrono::steady_clock::now();
    expire(now);
    if (!closed_)
        pool_.pump(now);
    settle(now);
    time_point next = pool_.deadline();
    if (!deadlines_.empty())
        next = std::min(next, deadlines_.begin()->deadline());
    for (const auto* waiters : {&warming_, &closers_})
        for (const waiter& each : *waiters)
            next = std::min(next, each.deadline);
    arm(next);
    publish();
    hand_over();
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
    armed_ = when;
    timer_.expires_at(when);
    timer_.async_wait([core = weak_from_this()](boost::system::error_code ec) {
        const auto self = core.lock();
        if (self && !ec)
            self->on_timer();
    });
}

void client_core::on_timer()
{
    armed_ = time_point::max();
    drain();
    pool_.tick(std::chrono::steady_clock::now());
    end_turn();
}

void client_core::publish() noexcept
{
    const pool_counters& counted = pool_.counters();
    const auto put = [](auto& to, auto value) {
        to.store(value, std::memory_order_relaxed);
    };
    put(stats_->connections_opened, counted.connections_opened);
    put(stats_->sessions_resumed, counted.sessions_resumed);
    put(stats_->connections_lost, counted.connections_lost);
    put(stats_->requests_written, counted.requests_written);
    put(stats_->replies, counted.replies);
    put(stats_->replays, counted.replays);
    put(stats_->deepest_pipeline, counted.deepest_pipeline);
    put(stats_->open_connections, pool_.usable());
    put(stats_->waiting_calls, pool_.waiting());
}

void client_core::hand_over()
{
    if (done_.empty() && settled_.empty())
        return;
    // A handler that throws takes the exception out of the executor's run(); the results behind it go out in another
    // turn.
    struct rest {
        std::shared_ptr<client_core> core;
        ~rest()
        {
            if (!core->done_.empty() || !core->settled_.empty())
                core->post_turn([](client_core&) {});
        }
    } const guard{shared_from_this()};
    while (!done_.empty()) {
        operation& call = done_.front();
        done_.pop_front();
        call.deliver();
    }
    while (!settled_.empty()) {
        auto [to, with] = std::move(settled_.back());
        settled_.pop_back();
        hand_over(std::move(to), std::move(with));
    }
}

} // namespace venice_keys::detail
