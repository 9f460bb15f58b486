#include "emulator/fault_rules.hpp"

#include "emulator/fault_access.hpp"

#include <algorithm>
#include <utility>

namespace venice_keys::emulation {

namespace {

bool concerns(const fault& rule, const request& asked)
{
    const fault_access properties{rule};
    if (asked.stream == 0 ? !properties.concerns_http1() : !properties.concerns_http2())
        return false;
    if (properties->kind == fault::kind::overread && !asked.followed)
        return false;
    if (!properties->only_method.empty() && properties->only_method != asked.method)
        return false;
    const std::string& text = properties->only_for;
    return asked.target.find(text) != std::string::npos || asked.body.find(text) != std::string::npos;
}

} // namespace

void fault_rules::add(fault what)
{
    const std::uint64_t to_pass = fault_access(what)->after;
    rules_.push_back({std::move(what), to_pass});
}

std::optional<fault> fault_rules::strike(const request& asked)
{
    std::optional<fault> struck;
    for (rule& each : rules_) {
        if (!concerns(each.what, asked))
            continue;
        if (each.to_pass > 0) {
            --each.to_pass;
        } else if (!struck && is_due(each)) {
            ++each.struck;
            each.to_pass = fault_access(each.what)->every;
            struck = each.what;
        }
    }
    return struck;
}

bool fault_rules::watch_overread() const
{
    return std::any_of(rules_.begin(), rules_.end(),
                       [](const rule& each) { return fault_access(each.what)->kind == fault::kind::overread; });
}

bool fault_rules::is_due(rule& each)
{
    const fault_access properties{each.what};
    if (properties->times != 0 && each.struck >= properties->times)
        return false;
    return properties->probability >= 1.0 || draw() < properties->probability;
}

double fault_rules::draw()
{
    // The numbers of std::uniform_real_distribution differ from one standard library to the next.
    return static_cast<double>(random_() >> 11U) * 0x1p-53;
}

} // namespace venice_keys::emulation
