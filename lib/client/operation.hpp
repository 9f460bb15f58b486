// A call of the public client while it is under way: whose it is, its request, its deadline, and its place in the
// queues of the core. What the answer means is for typed_operation.
#pragma once

#include "client/host.hpp"
#include "client/principal.hpp"
#include "model/redact.hpp"
#include "pool/call.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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
    void next_life() noexcept { ++life_; }
    [[nodiscard]] time_point started() const noexcept { return started_; }
    // Has its result, or has been given up: an answer that comes is only checked.
    [[nodiscard]] bool completed() const noexcept { return completed_; }
    // Of the resource, as policy/operations.hpp has it, up to its first brace.
    [[nodiscard]] static std::string path(const operation_host& host, policy::operation what);

protected:
    operation(operation_host& host, policy::operation what) noexcept : call(what), host_(host) {}
    ~operation() = default;

    void begin(std::shared_ptr<principal> who, time_point now, time_point deadline, std::string_view key) noexcept
    {
        restart(deadline, key);
        who_ = std::move(who);
        started_ = now;
        in_pool_ = false;
        completed_ = false;
    }
    // `target` and `body` must stay as they are.
    void ask(std::string_view target, std::string_view body)
    {
        request(who_->head(), {rule().method, target, body}, rule().alone);
    }
    void give_up() noexcept { completed_ = true; }
    void let_principal_go() noexcept
    {
        if (const auto entered = std::exchange(entered_, 0); entered != 0)
            who_->tokens().leave(entered);
        who_.reset();
    }
    [[nodiscard]] bool in_pool() const noexcept { return in_pool_; }
    [[nodiscard]] principal& who() const noexcept { return *who_; }
    [[nodiscard]] operation_host& host() const noexcept { return host_; }
    // The code under which a failure is told: what was created, perhaps, is outcome_unknown, whatever ended the call.
    void settle(error& why) const noexcept;
    // What must not get into a text that an answer brings.
    [[nodiscard]] virtual secret_list secrets() const noexcept { return secret_list(who_->tokens().all()); }
    // Whether its success brings a new secret.
    [[nodiscard]] bool brings_secret() const noexcept
    {
        return rule().creates || rule().which == policy::operation::web3_challenge;
    }
    // What an answer with another status than 2xx says.
    [[nodiscard]] error read_refusal(const wire::reply& answer,
                                     std::optional<std::chrono::milliseconds> retry_after) const;
    // For an answer about another key than the one that was asked for.
    [[nodiscard]] error foreign_key(std::string id, std::string_view asked) const;

    // A failure that there was no memory to keep whole. Small: it is a part of each call that waits.
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
        return why;
    }

private:
    friend class client_core;

    // Puts a failure in place of the result. Where there is no memory for that, it is kept without its texts.
    virtual void set_failure(error why) noexcept = 0;
    // Hands the result over, once. The operation may be recycled before the handler runs.
    virtual void deliver() = 0;
    // Gives the object back for another use.
    virtual void recycle() = 0;
    // After its completion.
    [[nodiscard]] virtual bool succeeded() const noexcept = 0;

    operation_host& host_;
    std::shared_ptr<principal> who_;
    std::uint64_t entered_ = 0; // what its principal's tokens gave it; 0: not admitted yet
    time_point started_{};
    std::uint64_t life_ = 1;
    bool in_pool_ = false;
    bool completed_ = false;
    std::uint8_t bare_code_ = 0;
    std::uint8_t bare_delivery_ = 0;
    std::uint16_t bare_attempts_ = 0;
};

} // namespace venice_keys::detail
