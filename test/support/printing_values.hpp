// What a failed BOOST_TEST shows of the library's values that have no operator<<: their members, in order.
#pragma once

#include "support/printing.hpp"

#include <venice_keys/account_limits.hpp>
#include <venice_keys/error.hpp>
#include <venice_keys/key_details.hpp>
#include <venice_keys/new_key.hpp>

#include <ostream>
#include <tuple>
#include <type_traits>

namespace printing {

inline auto members(const venice_keys::field_issue& it)
{
    return std::tie(it.path, it.text);
}

inline auto members(const venice_keys::unread_value& it)
{
    return std::tie(it.name, it.text);
}

inline auto members(const venice_keys::consumption_limits& it)
{
    return std::tie(it.usd, it.diem, it.vcu);
}

inline auto members(const venice_keys::usage_amounts& it)
{
    return std::tie(it.usd, it.diem, it.vcu);
}

inline auto members(const venice_keys::api_key& it)
{
    return std::tie(it.id, it.type, it.limits, it.limit_period, it.model_privacy, it.description, it.last6_chars,
                    it.created_at, it.expires_at, it.last_used_at, it.unread);
}

inline auto members(const venice_keys::key_details& it)
{
    return std::tuple_cat(members(static_cast<const venice_keys::api_key&>(it)),
                          std::tie(it.trailing_seven_days, it.current_period));
}

inline auto members(const venice_keys::created_key& it)
{
    return std::tuple_cat(members(static_cast<const venice_keys::api_key&>(it)), std::tie(it.secret));
}

inline auto members(const venice_keys::rate_limit& it)
{
    return std::tie(it.amount, it.type);
}

inline auto members(const venice_keys::model_rate_limits& it)
{
    return std::tie(it.model_id, it.limits);
}

inline auto members(const venice_keys::account_limits& it)
{
    return std::tie(it.access_permitted, it.tier_id, it.tier_is_charged, it.usd_balance, it.diem_balance,
                    it.key_expires_at, it.next_epoch_begins, it.models, it.bundled_credits, it.unread);
}

inline auto members(const venice_keys::rate_limit_event& it)
{
    return std::tie(it.key_id, it.model_id, it.tier, it.type, it.when, it.unread);
}

} // namespace printing

namespace boost::test_tools::tt_detail {

template <class T>
    requires requires(const T& it)
    {
        printing::members(it);
    }
struct print_log_value<T> {
    void operator()(std::ostream& out, const T& it)
    {
        const auto all = printing::members(it);
        print_log_value<std::remove_const_t<decltype(all)>>()(out, all);
    }
};

} // namespace boost::test_tools::tt_detail
