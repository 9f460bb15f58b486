#include "composed/in_effect.hpp"

#include <optional>
#include <string_view>

namespace venice_keys::detail {

namespace {

// Whether the field, or its absence, could be read. A field that could not be read agrees with nothing.
bool was_read(const api_key& key, std::string_view singular, std::string_view plural = {})
{
    return !is_unread(key.unread, singular) && (plural.empty() || !is_unread(key.unread, plural));
}

bool same(const field<double>& wanted, const std::optional<double>& read)
{
    return wanted.untouched() || (wanted.has_value() ? read == *wanted : !read);
}

template <class T>
bool same(const field<T>& wanted, const T& read)
{
    return wanted.untouched() || (wanted.has_value() && *wanted == read);
}

bool same(const field<expiration>& wanted, const std::optional<timestamp>& read)
{
    return wanted.untouched() || (wanted.has_value() ? read && read == parse_timestamp(wanted->text()) : !read);
}

} // namespace

bool in_effect(const key_update& update, const api_key& read)
{
    const auto limit_agrees = [&read](const field<double>& wanted, const std::optional<double>& limit,
                                      std::string_view singular, std::string_view plural) {
        return wanted.untouched() || (was_read(read, singular, plural) && same(wanted, limit));
    };
    using namespace std::string_view_literals;
    return limit_agrees(update.usd(), read.limits.usd, "consumptionLimit.usd"sv, "consumptionLimits.usd"sv) &&
           limit_agrees(update.diem(), read.limits.diem, "consumptionLimit.diem"sv, "consumptionLimits.diem"sv) &&
           limit_agrees(update.vcu(), read.limits.vcu, "consumptionLimit.vcu"sv, "consumptionLimits.vcu"sv) &&
           same(update.limit_period(), read.limit_period) && same(update.model_privacy(), read.model_privacy) &&
           (update.description().untouched() ||
            (was_read(read, "description"sv) && same(update.description(), read.description))) &&
           (update.expires_at().untouched() ||
            (was_read(read, "expiresAt"sv) && same(update.expires_at(), read.expires_at)));
}

} // namespace venice_keys::detail
