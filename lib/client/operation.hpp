// What all calls of the public client have in common while they are under way: whose they are, their deadlines, and
// their places in the lists of the client. What a call asks for and completes with is in operation_of.
#pragma once

#include "client/account.hpp"
#include "client/executors.hpp"
#include "pool/call.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace venice_keys::detail {

struct by_deadline_tag;
struct by_turn_tag;

using deadline_hook = boost::intrusive::set_base_hook<boost::intrusive::tag<by_deadline_tag>>;
using turn_hook = boost::intrusive::list_base_hook<boost::intrusive::tag<by_turn_tag>>;

// An object is used for one call after the other. Each use is a life, which ends when the result has been handed over
// and the pool does not refer to it any more.
class operation : public call, public deadline_hook, public turn_hook {
public:
    // The number of this life. A cancellation that comes late must not hit the next one.
    [[nodiscard]] std::uint64_t life() const noexcept { return life_; }
    void next_life() noexcept { ++life_; }
    [[nodiscard]] time_point started() const noexcept { return started_; }
    // Whether the call has its result. An answer that comes later is only checked.
    [[nodiscard]] bool completed() const noexcept { return completed_; }
    [[nodiscard]] bool in_pool() const noexcept { return in_pool_; }
    [[nodiscard]] account& who() const noexcept { return *who_; }

    // Whether the result, which the call must have, is a success.
    [[nodiscard]] virtual bool succeeded() const noexcept = 0;
    // Hands the result over, once. The object may begin its next life before the handler runs.
    virtual void deliver(executors& by) = 0;
    // Ends this life.
    virtual void recycle() = 0;

protected:
    explicit operation(policy::operation what) noexcept : call(what) {}
    ~operation() = default;

    // A call without an account has its result from the beginning.
    void begin(std::shared_ptr<account> who, time_point now, time_point deadline, std::string_view key) noexcept
    {
        restart(deadline, key);
        who_ = std::move(who);
        started_ = now;
        in_pool_ = false;
        completed_ = !who_;
    }
    void let_account_go() noexcept
    {
        if (const auto began = std::exchange(began_, 0); began != 0)
            who_->call_ends(began);
        who_.reset();
    }
    // Adds how far the call got, to be reported with a failure. A creation that was sent and not answered ends as
    // outcome_unknown, whatever the reason.
    void add_delivery(error& why, venice_keys::delivery how) const noexcept;

    // These keep a failure when there is no memory for a whole one. They are small, because each waiting call has them.
    void keep_bare(const error& why) noexcept
    {
        bare_code_ = static_cast<std::uint8_t>(why.code.value());
        bare_delivery_ = static_cast<std::uint8_t>(why.delivery);
        bare_attempts_ = static_cast<std::uint16_t>(std::min(why.attempts, 0xFFFFU));
    }
    [[nodiscard]] error bare_failure() const noexcept
    {
        error why(static_cast<errc>(bare_code_));
        why.delivery = static_cast<venice_keys::delivery>(bare_delivery_);
        why.attempts = bare_attempts_;
        why.creates = rule().creates;
        return why;
    }

private:
    friend class calls; // which takes an operation through its life

    std::shared_ptr<account> who_;
    std::uint64_t began_ = 0; // for account::call_ends(); 0 before its admission
    time_point started_{};
    std::uint64_t life_ = 1;
    bool in_pool_ = false;
    bool completed_ = false;
    std::uint8_t bare_code_ = 0;
    std::uint8_t bare_delivery_ = 0;
    std::uint16_t bare_attempts_ = 0;
};

using operation_list = boost::intrusive::list<operation, boost::intrusive::base_hook<turn_hook>>;

} // namespace venice_keys::detail
