// The tables of a key: the members that every answer about a key has, and what the longer answers add.
#pragma once

#include "codec/shape.hpp"

#include <venice_keys/api_key.hpp>
#include <venice_keys/key_details.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

namespace venice_keys::codec {

inline constexpr std::array<member, 3> limits_members{
    read::number<consumption_limits, &consumption_limits::usd>("usd"),
    read::number<consumption_limits, &consumption_limits::diem>("diem"),
    read::number<consumption_limits, &consumption_limits::vcu>("vcu"),
};
inline constexpr shape limits_shape{limits_members};

constexpr member unless(std::string_view rival, member one)
{
    one.yields_to = rival;
    return one;
}

// `Key` is an api_key, or derived from it. An answer must have its id.
template <class Key>
inline constexpr std::array<member, 11> members_of_key{
    read::text<Key, &api_key::type>("apiKeyType"),
    read::object<Key, &api_key::limits>("consumptionLimits", limits_shape),
    // Requests and the answer to a creation have this name.
    unless("consumptionLimits", read::object<Key, &api_key::limits>("consumptionLimit", limits_shape)),
    read::text<Key, &api_key::limit_period>("limitPeriod"),
    read::text<Key, &api_key::model_privacy>("modelPrivacy"),
    read::date<Key, &api_key::created_at>("createdAt"),
    read::date<Key, &api_key::expires_at>("expiresAt"),
    read::needed(read::text<Key, &api_key::id>("id")),
    read::text<Key, &api_key::last6_chars>("last6Chars"),
    read::date<Key, &api_key::last_used_at>("lastUsedAt"),
    read::text<Key, &api_key::description>("description"),
};

template <std::size_t some, std::size_t more>
constexpr std::array<member, some + more> joined(const std::array<member, some>& first,
                                                 const std::array<member, more>& second)
{
    std::array<member, some + more> all;
    std::copy(second.begin(), second.end(), std::copy(first.begin(), first.end(), all.begin()));
    return all;
}

// For an answer that another member shows to be the right one.
template <std::size_t size>
constexpr std::array<member, size> without_need(std::array<member, size> members)
{
    for (member& one : members)
        one.needed = false;
    return members;
}

inline constexpr std::array<member, 3> amounts_members{
    read::amount<usage_amounts, &usage_amounts::usd>("usd"),
    read::amount<usage_amounts, &usage_amounts::diem>("diem"),
    read::amount<usage_amounts, &usage_amounts::vcu>("vcu"),
};
inline constexpr shape amounts_shape{amounts_members};

inline constexpr std::array<member, 1> usage_members{
    read::object<key_details, &key_details::trailing_seven_days>("trailingSevenDays", amounts_shape),
};
inline constexpr shape usage_shape{usage_members};

inline constexpr auto details_members =
    joined(members_of_key<key_details>,
           std::array<member, 2>{
               read::same_object("usage", usage_shape),
               read::object<key_details, &key_details::current_period>("currentPeriodUsage", amounts_shape),
           });
inline constexpr shape details_shape{details_members, &read::keep_unread<key_details>};

} // namespace venice_keys::codec
