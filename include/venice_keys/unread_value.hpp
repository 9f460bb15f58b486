// A member of an answer that was there and could not be read: its field here is empty, and that says nothing.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace venice_keys {

struct unread_value {
    // As the service calls it, parts joined by dots, elements of lists by number: `expiresAt`, `consumptionLimits.usd`,
    // `rateLimits[0].apiModelId`. Empty: the whole of the object that this stands in.
    std::string name;
    std::string text; // what stood there, at most 64 bytes; `an object` or `an array` for these

    friend bool operator==(const unread_value&, const unread_value&) = default;
};

// Whether a member of this name is among them, or one that holds it.
[[nodiscard]] inline bool is_unread(const std::vector<unread_value>& all, std::string_view name)
{
    return std::any_of(all.begin(), all.end(), [name](const unread_value& each) {
        if (each.name.empty() || name == each.name)
            return true;
        const bool longer = name.size() > each.name.size() && name.substr(0, each.name.size()) == each.name;
        return longer && (name[each.name.size()] == '.' || name[each.name.size()] == '[');
    });
}

} // namespace venice_keys
