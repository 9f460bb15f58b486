#include "client/calls.hpp"

#include "model/bare_error.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace venice_keys::detail {

namespace asio = boost::asio;

namespace {

error unusable_token(const account& who)
{
    return {errc::invalid_argument, "credentials: " + who.fault()};
}

} // namespace

void calls::admit_all(bool open)
{
    while (!arrivals_.empty()) {
        operation& call = arrivals_.front();
        arrivals_.pop_front();
        admit(call, open);
    }
}

void calls::admit(operation& call, bool open)
{
    if (call.completed_) {
        done_.push_back(call);
        return;
    }
    under_way_.insert(under_way_.cend(), call);
    if (!open)
        return fail(call, {errc::closed, "it starts no more calls"});
    account& who = call.who();
    if (who.outdated())
        renew(who);
    call.began_ = who.call_begins();
    if (!who.usable())
        return fail(call, unusable_token(who));
    call.in_pool_ = true;
    pool_.submit(call, who);
}

void calls::token_replaced(account& who)
{
    if (who.take_replacement())
        renew(who);
}

void calls::renew(account& who)
{
    try {
        who.renew(authority_, user_agent_);
        pool_.use_token(who, who.usable() ? who.token() : secret{});
    } catch (const std::bad_alloc&) {
        who.set_outdated();
        throw;
    }
    if (who.usable())
        return;
    any_unusable_ = true;
    fail_unusable();
}

// A call on a connection was sent with the old token. It ends here only if its connection is lost and it has to be sent
// again.
void calls::fail_unusable()
{
    if (!any_unusable_)
        return;
    bool any = false;
    for (auto each = under_way_.begin(); each != under_way_.end();) {
        operation& call = *each++;
        if (!call.in_pool_ || call.who().usable())
            continue;
        if (call.at() == call::place::session)
            any = true;
        else
            fail(call, unusable_token(call.who()));
    }
    any_unusable_ = any;
}

void calls::cancel(operation& call, std::uint64_t life, asio::cancellation_type type)
{
    if (call.life_ != life || call.completed_)
        return;
    const bool written = call.where() == wire::slot::state::written;
    const bool withdraws = (type & (asio::cancellation_type::terminal | asio::cancellation_type::partial)) !=
                           asio::cancellation_type::none;
    if (type == asio::cancellation_type::none || (written && !withdraws))
        return;
    fail(call, {errc::cancelled, pool_.wait_of(call, "the call was waiting for ")});
}

void calls::expire(time_point now)
{
    while (!under_way_.empty() && under_way_.begin()->deadline() <= now) {
        operation& call = *under_way_.begin();
        fail(call, pool_.out_of_time(call));
    }
}

void calls::end_all(const error& why) noexcept
{
    while (!arrivals_.empty()) {
        operation& call = arrivals_.front();
        arrivals_.pop_front();
        if (!call.completed_)
            call.set_failure(why);
        complete(call);
    }
    while (!under_way_.empty()) {
        operation& call = *under_way_.begin();
        call.in_pool_ = false;
        call.set_failure(why);
        complete(call);
    }
}

void calls::let_go() noexcept
{
    arrivals_.clear();
    under_way_.clear();
    done_.clear();
}

error calls::cut_short(const error& why) const noexcept
{
    error whole = copy_or_bare(why);
    std::size_t cut = 0;
    std::size_t unanswered = 0;
    for (const operation& each : under_way_) {
        ++cut;
        unanswered += each.delivery() == delivery::sent_unanswered ? 1U : 0U;
        whole.delivery = std::max(whole.delivery, each.delivery());
    }
    try {
        whole.detail += ": " + std::to_string(cut) + (cut == 1 ? " call was" : " calls were") + " cut off, " +
                        std::to_string(unanswered) + " of them sent and not answered";
    } catch (const std::bad_alloc&) {
        whole.detail.clear(); // the delivery still says the worst
    }
    return whole;
}

operation& calls::take_done() noexcept
{
    operation& first = done_.front();
    done_.pop_front();
    return first;
}

void calls::fail(operation& call, error why)
{
    call.set_failure(std::move(why));
    if (call.in_pool_ && pool_.withdraw(call))
        call.in_pool_ = false;
    complete(call);
}

void calls::complete(operation& call) noexcept
{
    call.completed_ = true;
    if (call.deadline_hook::is_linked())
        under_way_.erase(under_way_.iterator_to(call));
    done_.push_back(call);
}

void calls::collect() noexcept
{
    while (auto* const each = pool_.take_ended()) {
        auto& call = static_cast<operation&>(*each);
        call.in_pool_ = false;
        if (!call.completed_)
            complete(call);
        else if (!call.turn_hook::is_linked()) // its result was handed over before
            call.recycle();
    }
}

} // namespace venice_keys::detail
