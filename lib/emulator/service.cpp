#include "emulator/service.hpp"

#include "emulator/fault_access.hpp"

namespace venice_keys::emulation {

decision service::take(const request& asked, timestamp now)
{
    const std::lock_guard lock{mutex_};
    ++stats_.requests;
    decision out = decide(asked, now);
    if (out.answer.status >= 400)
        ++stats_.failures;
    if (out.answer.status == 401)
        ++stats_.unauthorized;
    return out;
}

// A fault without an answer leaves the answer blank, with a status that is no failure.
decision service::decide(const request& asked, timestamp now)
{
    decision out{now, {}, faults_.strike(asked)};
    if (!out.strike) {
        out.answer = resource_.answer(asked, now, effect::real);
        return out;
    }
    ++stats_.faults;
    const fault_access rule{*out.strike};
    out.apply_late = rule.applied() == fault::apply::late;
    const bool applied = rule.applied() == fault::apply::before;
    if (rule.answers())
        out.answer = resource_.answer(asked, now, applied ? effect::real : effect::none);
    else if (applied)
        resource_.apply(asked, now);
    if (rule->kind == fault::kind::answer)
        out.answer = resource_.answer_with(asked, {rule->status, rule->text, rule->retry_after, rule->body}, now);
    if (rule->kind == fault::kind::malformed) {
        out.answer.status = 200;
        out.answer.body = R"({"data":{"id":"broken off in)";
    }
    return out;
}

void service::apply_late(const request& asked, timestamp now)
{
    const std::lock_guard lock{mutex_};
    if (!stopped_)
        resource_.apply(asked, now);
}

std::vector<api_key> service::keys() const
{
    const std::lock_guard lock{mutex_};
    std::vector<api_key> out;
    out.reserve(resource_.store().keys().size());
    for (const auto& [order, stored] : resource_.store().keys())
        out.push_back(stored.key);
    return out;
}

emulator_stats service::stats() const
{
    const std::lock_guard lock{mutex_};
    emulator_stats out = stats_;
    out.lockouts = resource_.lockouts();
    return out;
}

} // namespace venice_keys::emulation
