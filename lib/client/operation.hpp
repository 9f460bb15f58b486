// A call of the public client while it is under way: its handler, its deadline, and its place in the queues of the
// core.
#pragma once

#include "pool/call.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>

#include <cstdint>

namespace venice_keys::detail {

struct by_deadline_tag;
struct by_turn_tag;

using deadline_hook = boost::intrusive::set_base_hook<boost::intrusive::tag<by_deadline_tag>>;
using turn_hook = boost::intrusive::list_base_hook<boost::intrusive::tag<by_turn_tag>>;

// Objects of this class are used again and again, so that a call costs no allocation of its own. One use is a life: it
// ends when its result was handed over and the pool has no hold on it.
class operation : public call, public deadline_hook, public turn_hook {
public:
    // Tells the uses of one object apart: a cancellation that comes late must not hit the next one.
    [[nodiscard]] std::uint64_t life() const noexcept { return life_; }
    [[nodiscard]] const time_point& deadline() const noexcept { return deadline_; }
    // Has its result, or has been given up: an answer that comes is only checked.
    [[nodiscard]] bool completed() const noexcept { return completed_; }

protected:
    using call::call;
    ~operation() = default;

    void begin(time_point deadline) noexcept
    {
        restart();
        deadline_ = deadline;
        in_pool_ = false;
        completed_ = false;
    }
    void give_up() noexcept { completed_ = true; }
    [[nodiscard]] bool in_pool() const noexcept { return in_pool_; }

private:
    friend class client_core;

    // Puts a failure in place of the result.
    virtual void set_failure(error why) = 0;
    // Hands the result over, once. The operation may be recycled before the handler runs.
    virtual void deliver() = 0;
    // Gives the object back for another use.
    virtual void recycle() = 0;

    time_point deadline_{};
    std::uint64_t life_ = 1;
    bool in_pool_ = false;
    bool completed_ = false;
};

} // namespace venice_keys::detail
