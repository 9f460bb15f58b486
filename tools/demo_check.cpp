#include "demo_check.hpp"

#include <map>
#include <string_view>

namespace demo {

namespace vk = venice_keys;

namespace {

// The first field that differs; empty when none does.
std::string_view difference(const vk::api_key& wanted, const vk::api_key& found)
{
    if (found.id != wanted.id)
        return "id";
    if (found.type != wanted.type)
        return "type";
    if (found.limits.usd != wanted.limits.usd)
        return "limits.usd";
    if (found.limits.diem != wanted.limits.diem)
        return "limits.diem";
    if (found.limits.vcu != wanted.limits.vcu)
        return "limits.vcu";
    if (found.limit_period != wanted.limit_period)
        return "limit_period";
    if (found.model_privacy != wanted.model_privacy)
        return "model_privacy";
    if (found.description != wanted.description)
        return "description";
    if (found.last6_chars != wanted.last6_chars)
        return "last6_chars";
    if (found.created_at != wanted.created_at)
        return "created_at";
    if (found.expires_at != wanted.expires_at)
        return "expires_at";
    if (found.last_used_at != wanted.last_used_at)
        return "last_used_at";
    return {};
}

// What became of one key.
struct trace {
    const vk::api_key* held = nullptr;
    std::size_t changes = 0;       // how often the journal has the key
    std::string_view wrong_change; // a field with another value than the planned one
};

// What is wrong with one key; empty when nothing is.
std::string fault_in(const planned_change& change, const vk::result<vk::api_key>& answer, const trace& found)
{
    if (!answer)
        return answer.error().message();
    vk::api_key answered = *answer;
    if (answered.model_privacy == vk::model_privacy::other)
        answered.model_privacy = change.expected.model_privacy; // the answer need not contain it
    if (const auto field = difference(change.expected, answered); !field.empty())
        return "the answer has another " + std::string{field};
    if (found.held == nullptr)
        return "the server has lost the key";
    if (const auto field = difference(change.expected, *found.held); !field.empty())
        return "the server holds another " + std::string{field};
    if (found.changes == 0)
        return "the journal does not have the update";
    if (!found.wrong_change.empty())
        return "the journal has a change with another " + std::string{found.wrong_change};
    return {};
}

} // namespace

findings check_round(const std::vector<planned_change>& plan, const std::vector<vk::result<vk::api_key>>& answers,
                     const std::vector<vk::api_key>& held, std::span<const vk::journal_entry> journal,
                     std::size_t may_repeat)
{
    findings all;
    std::map<std::string_view, trace> traces;
    for (const vk::api_key& key : held)
        traces[key.id].held = &key;
    std::map<std::string_view, const vk::api_key*> wanted;
    for (const planned_change& change : plan)
        wanted[change.expected.id] = &change.expected;

    for (const vk::journal_entry& entry : journal) {
        const auto planned = wanted.find(entry.key.id);
        if (planned == wanted.end() || entry.what != vk::journal_entry::change::updated) {
            all.faults.push_back(entry.key.id + ": a change that nobody asked for");
            continue;
        }
        trace& key = traces[entry.key.id];
        all.again += key.changes++ == 0 ? 0U : 1U;
        if (const auto field = difference(*planned->second, entry.key); !field.empty())
            key.wrong_change = field;
    }
    if (all.again > may_repeat)
        all.faults.push_back(std::to_string(all.again) + " updates applied again, of at most " +
                             std::to_string(may_repeat));

    for (std::size_t i = 0; i != plan.size(); ++i) {
        const std::string fault = fault_in(plan[i], answers[i], traces[plan[i].expected.id]);
        if (fault.empty())
            ++all.applied;
        else
            all.faults.push_back(plan[i].expected.id + ": " + fault);
    }
    return all;
}

} // namespace demo
