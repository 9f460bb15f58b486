// A small checker of JSON against a schema written as C++ data: what the specification demands of a request body.
#pragma once

#include "model/utf8.hpp"

#include <boost/json/value.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venice_keys::test {

using namespace detail;

// One value. A rule that is left out allows anything.
struct schema {
    enum class type { text, number, object };

    type what = type::object;
    bool nullable = false;
    std::vector<std::string> one_of = {};   // the allowed values of a text
    std::vector<std::string> patterns = {}; // forms (ECMAScript): a text must have one of them, or be in one_of
    std::optional<std::size_t> longest = {};
    double least = 0; // the least value of a number
    double most = 0;
    std::map<std::string, schema> members = {}; // those of an object, which may have no others
    std::vector<std::string> required = {};
};

// What is wrong with the value, as `place: reason`; empty when nothing is.
inline std::string violation(const schema& rule, const boost::json::value& value, const std::string& place = "body")
{
    if (value.is_null())
        return rule.nullable ? "" : place + ": null";
    switch (rule.what) {
    case schema::type::text: {
        if (!value.is_string())
            return place + ": not a text";
        const std::string text{std::string_view{value.get_string()}};
        const std::optional<std::size_t> length = count_code_points(text);
        if (!length)
            return place + ": not UTF-8";
        if (rule.longest && *length > *rule.longest)
            return place + ": too long";
        if (std::ranges::find(rule.one_of, text) != rule.one_of.end())
            return "";
        const bool of_a_form = std::ranges::any_of(rule.patterns, [&text](const std::string& pattern) {
            return std::regex_search(text, std::regex{pattern}); // not anchored by itself, as in JSON Schema
        });
        const bool free = rule.one_of.empty() && rule.patterns.empty();
        return free || of_a_form ? "" : place + ": not an allowed text";
    }
    case schema::type::number:
        if (!value.is_number())
            return place + ": not a number";
        return value.to_number<double>() >= rule.least && value.to_number<double>() <= rule.most
                   ? ""
                   : place + ": out of range";
    case schema::type::object:
        break;
    }
    if (!value.is_object())
        return place + ": not an object";
    const boost::json::object& object = value.get_object();
    for (const std::string& name : rule.required) {
        if (!object.contains(name))
            return place + "." + name + ": missing";
    }
    for (const auto& member : object) {
        const auto known = rule.members.find(std::string{std::string_view{member.key()}});
        if (known == rule.members.end())
            return place + ": an unknown member";
        if (std::string wrong = violation(known->second, member.value(), place + "." + known->first); !wrong.empty())
            return wrong;
    }
    return "";
}

} // namespace venice_keys::test
