#include "net/turn_queue.hpp"

#include "net/known_executor.hpp"

#include <new>
#include <utility>

namespace venice_keys::net {

// Does what has waited until now. What comes meanwhile waits for the next round, so that other work of the executor is
// done in between.
struct turn_queue::round {
    explicit round(turn_queue& of, bool& stuck) : of_(of), stuck_(stuck), rest_(of.take_all()) {}
    round(const round&) = delete;
    round& operator=(const round&) = delete;
    // When a turn has thrown, what is behind it is left to the next round.
    ~round() { stuck_ = !of_.end_round(rest_); }

    void go()
    {
        while (rest_ != nullptr) {
            item& next = *rest_;
            rest_ = next.next_;
            next.end(true);
        }
    }

private:
    turn_queue& of_;
    bool& stuck_;
    item* rest_;
};

void turn_queue::post(item& which)
{
    std::unique_lock lock(guard_);
    if (ended_) {
        lock.unlock();
        return which.end(false);
    }
    if (!busy_)
        post_rounds(); // first, because it may throw. The round waits for the lock.
    push(which);
}

void turn_queue::run(item& which)
{
    std::unique_lock lock(guard_);
    if (ended_) {
        lock.unlock();
        return which.end(false);
    }
    push(which);
    if (std::exchange(busy_, true))
        return;
    lock.unlock();
    do_rounds();
}

void turn_queue::let_go() noexcept
{
    std::unique_lock lock(guard_);
    ended_ = true;
    lock.unlock();
    for (item* rest = take_all(); rest != nullptr;) {
        item& next = *rest;
        rest = next.next_;
        next.end(false);
    }
}

void turn_queue::push(item& which) noexcept
{
    which.next_ = nullptr;
    (first_ == nullptr ? first_ : last_->next_) = &which;
    last_ = &which;
}

turn_queue::item* turn_queue::take_all() noexcept
{
    const std::lock_guard lock(guard_);
    return std::exchange(first_, nullptr);
}

// The lock is held.
void turn_queue::post_rounds()
{
    detail::post_to(
        executor_, [self = shared_from_this()] { self->do_rounds(); },
        detail::allocator_from<void, detail::turn_reserve>(reserve_));
    busy_ = true;
}

// `busy_` was set on behalf of this call.
void turn_queue::do_rounds()
{
    for (;;) {
        bool stuck = false;
        {
            round now(*this, stuck);
            now.go();
        }
        if (!stuck)
            return;
        // There was no memory to post the next round, so this thread does it, unless another one has begun it.
        const std::lock_guard lock(guard_);
        if (first_ == nullptr || std::exchange(busy_, true))
            return;
    }
}

// Puts back what is left, and posts a round for what waits. Returns false if there was no memory for that: then
// whoever comes next does the round.
bool turn_queue::end_round(item* rest) noexcept
{
    const std::lock_guard lock(guard_);
    if (rest != nullptr) {
        item* last = rest;
        while (last->next_ != nullptr)
            last = last->next_;
        if (first_ == nullptr)
            last_ = last;
        last->next_ = std::exchange(first_, rest);
    }
    busy_ = false;
    if (first_ == nullptr)
        return true;
    try {
        post_rounds();
    } catch (const std::bad_alloc&) {
        return false;
    }
    return true;
}

} // namespace venice_keys::net
