// What order and pacing cost a call: the order of its key, its account's queue, the error budget and the pacer. There
// is no connection.
#include "harness.hpp"
#include "texts.hpp"

#include "pool/admission.hpp"

#include <deque>

namespace vk = venice_keys;

namespace micro {

namespace {

using namespace std::chrono_literals;

class change final : public vk::detail::call {
public:
    explicit change(std::string key) : call(vk::policy::operation::update), key_(std::move(key)) { restart(); }
    void restart() noexcept { call::restart(vk::detail::time_point::max(), key_); }

private:
    vk::detail::reading read(vk::wire::reply& /*answer*/, std::optional<std::chrono::milliseconds> /*retry_after*/,
                             vk::error& /*why*/) override
    {
        return {vk::detail::session::attribution::matches};
    }
    void set_failure(vk::error /*why*/) noexcept override {}

    std::string key_;
};

enum class keys { each_its_own, all_the_same };

// A number of calls wait. The first is sent and answered, and comes again as a new one behind the others.
struct admission {
    admission(std::size_t waiting, keys whose)
    {
        it.tokens().use_token(account, vk::secret(token), now);
        for (std::size_t i = 0; i < waiting; ++i) {
            changes.emplace_back(id + (whose == keys::all_the_same ? std::string{} : std::to_string(i)));
            it.enter(changes.back(), account);
        }
    }
    ~admission()
    {
        for (change& each : changes)
            it.leave(each);
    }
    admission(const admission&) = delete;
    admission& operator=(const admission&) = delete;

    void operator()()
    {
        require(it.tokens().ready(vk::policy::request_kind::ordinary, now), "no call was ready");
        auto& sent = static_cast<change&>(it.tokens().next(vk::policy::request_kind::ordinary));
        it.tokens().report(sent, 400, now + 60s, now);
        it.tokens().sent_answered(sent, 200, vk::policy::token_acceptance::accepted, false, now);
        it.let_next_change_go(sent);
        sent.restart();
        it.enter(sent, account);
    }

    vk::detail::reporter nobody;
    std::deque<change> changes;
    vk::detail::account_queues account;
    vk::detail::admission it{vk::policy::error_budget_settings{}, nobody};
    vk::detail::time_point now{1h};
};

// The same after failures: the error budget counts those in its window before each call.
struct admission_after_failures : admission {
    admission_after_failures() : admission(1, keys::each_its_own)
    {
        for (int i = 0; i < 8; ++i) {
            require(it.tokens().ready(vk::policy::request_kind::ordinary, now), "no call was ready");
            auto& sent = static_cast<change&>(it.tokens().next(vk::policy::request_kind::ordinary));
            it.tokens().sent_answered(sent, 404, vk::policy::token_acceptance::none, false, now);
            it.let_next_change_go(sent);
            sent.restart();
            it.enter(sent, account);
        }
    }
};

} // namespace

void add_policy(definitions& to)
{
    for (const std::size_t waiting : {1U, 1'000U, 100'000U})
        to.add<admission>("admission/" + std::to_string(waiting), {.rounds = 5'000}, waiting, keys::each_its_own);
    to.add<admission>("admission_of_one_key/1000", {.rounds = 5'000}, std::size_t{1'000}, keys::all_the_same);
    to.add<admission_after_failures>("admission_after_failures", {.rounds = 5'000});
}

} // namespace micro
