// A member of an answer that was there and could not be read. That its field is empty here then says nothing.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace venice_keys {

/// A member of an answer that this version can't read.
struct unread_value {
    /// The name that the service gives it, with parts joined by dots and elements of lists by number: `expiresAt`,
    /// `consumptionLimits.usd`, `rateLimits[0].apiModelId`. Empty: the whole object that has this list.
    std::string name{};
    std::string text{}; ///< the value, at most 64 bytes; `an object` or `an array` for these

    /// Compares all members.
    friend bool operator==(const unread_value&, const unread_value&) = default;
};

/// Whether the list has a member of this name, or one that contains it.
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
