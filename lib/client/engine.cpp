#include "client/engine.hpp"

#include "model/bare_error.hpp"

#include <algorithm>
#include <utility>

namespace venice_keys::detail {

void engine::destroy_if_asked()
{
    if (life_.take_destruction())
        cut_off(worded_or_bare(errc::closed, "the client was destroyed"));
}

void engine::wait(waiters::list&& one)
{
    if (life_.destroyed())
        return waiters_.refuse(std::move(one), worded_or_bare(errc::closed, "the client was destroyed earlier"));
    if (one.front().what == waiters::goal::end)
        life_.close_by(one.front().deadline);
    waiters_.add(std::move(one));
    want_connections();
}

void engine::wait_no_longer(std::uint64_t number) noexcept
{
    waiters_.cancel(number);
    want_connections();
}

void engine::move_on(time_point now)
{
    calls_.collect(); // calls that have their answers are in time
    if (const error* const why = pool_.take_unreachable())
        waiters_.end_all(waiters::goal::connections, why);
    calls_.expire(now);
    calls_.fail_unusable();
    if (!life_.closed())
        pool_.pump(now);
    calls_.collect();
}

void engine::finish(time_point now)
{
    end_waiters(now);
    if (life_.is_to_close(calls_.idle(), now))
        cut_off(calls_.idle()
                    ? error(errc::closed)
                    : worded_or_bare(errc::closed, "the time that close() gave ran out before the answer came"));
}

time_point engine::deadline() const noexcept
{
    return std::min({pool_.deadline(), calls_.deadline(), waiters_.deadline(), life_.deadline()});
}

void engine::give_all_up(boost::system::error_code cause) noexcept
{
    error why(errc::connection_lost);
    why.cause = cause;
    pool_.close(why);
    calls_.collect();
    calls_.end_all(why);
    waiters_.end_all(waiters::goal::connections, &why);
}

void engine::end_waiters(time_point now)
{
    using enum waiters::goal;
    if (waiters_.any()) {
        waiters_.opened(pool_.usable());
        if (!life_.open()) {
            const error why = worded_or_bare(errc::closed, "it opens no more connections");
            waiters_.end_all(connections, &why);
        }
        if (waiters_.deadline() <= now)
            waiters_.expire(now, not_warm());
        if (life_.closed())
            waiters_.end_all(end, nullptr);
    }
    want_connections();
}

void engine::want_connections() noexcept
{
    pool_.warm_up(life_.open() ? waiters_.connections() : 0);
}

void engine::cut_off(const error& why)
{
    using enum waiters::goal;
    const bool idle = calls_.idle();
    const error whole = calls_.cut_short(why);
    life_.has_closed(); // a warm_up() that comes from now on does not wait
    pool_.close(why);
    calls_.collect();
    waiters_.end_all(connections, &why);
    waiters_.end_all(end, idle ? nullptr : &whole);
}

error engine::not_warm() const
{
    error why(errc::deadline_exceeded, pool_.wait_for_connection("the time ran out while waiting for "));
    if (const error* const trouble = pool_.connect_trouble())
        why.cause = trouble->code;
    return why;
}

} // namespace venice_keys::detail
