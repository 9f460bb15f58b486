#include "demo_plan.hpp"

#include <array>
#include <chrono>
#include <random>
#include <string>
#include <utility>

namespace demo {

namespace vk = venice_keys;

namespace {

constexpr std::array periods{vk::limit_period::epoch, vk::limit_period::month, vk::limit_period::lifetime};
constexpr std::array privacies{vk::model_privacy::all, vk::model_privacy::private_text,
                               vk::model_privacy::private_only};

planned_change plan(const vk::api_key& before, std::size_t number, unsigned round, std::mt19937_64& random)
{
    planned_change change{vk::key_update{before.id}, before};
    const auto cents = random() % 1'000'000;
    const std::string description = "tenant " + std::to_string(number) + ", round " + std::to_string(round);
    change.expected.limits.usd = static_cast<double>(cents) / 100;
    change.expected.limit_period = periods[random() % periods.size()];
    change.expected.model_privacy = privacies[random() % privacies.size()];
    change.expected.description = description;
    change.update.usd(*change.expected.limits.usd)
        .limit_period(change.expected.limit_period)
        .model_privacy(change.expected.model_privacy)
        .description(description);

    // Each field is set, cleared and left alone in turn.
    switch ((number + round) % 3) {
    case 0:
        change.expected.expires_at = vk::timestamp{std::chrono::milliseconds{2'000'000'000'000 + random() % 1'000'000}};
        change.expected.limits.diem = static_cast<double>(random() % 1'000);
        change.update.expires_at(*change.expected.expires_at).diem(*change.expected.limits.diem);
        break;
    case 1:
        change.expected.expires_at.reset();
        change.expected.limits.diem.reset();
        change.update.expires_at(vk::clear).diem(vk::clear);
        break;
    default:
        break;
    }
    return change;
}

} // namespace

std::vector<planned_change> plan_round(const std::vector<vk::api_key>& before, unsigned round, std::uint64_t seed)
{
    std::mt19937_64 random{seed + round};
    std::vector<planned_change> changes;
    changes.reserve(before.size());
    for (const vk::api_key& key : before)
        changes.push_back(plan(key, changes.size() + 1, round, random));
    return changes;
}

} // namespace demo
