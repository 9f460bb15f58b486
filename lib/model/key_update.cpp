#include <venice_keys/key_update.hpp>

#include "model/timestamp_text.hpp"
#include "model/utf8.hpp"

#include <cstddef>

namespace venice_keys {

namespace {

// Source of both: the request body of the update in the published specification.
constexpr double highest_limit = 9'999'999'999;
constexpr std::size_t longest_description = 64; // code points

error invalid(std::string_view name, std::string_view reason)
{
    return error{errc::invalid_argument, std::string{name} + ": " + std::string{reason}};
}

// Empty when there is nothing wrong.
std::string_view fault_in(const field<double>& limit) noexcept
{
    // Written so that a NaN fails as well.
    const bool in_range = !limit.has_value() || (*limit >= 0 && *limit <= highest_limit);
    return in_range ? "" : "not in 0 … 9999999999";
}

template <class Enumeration>
std::string_view fault_in(const field<Enumeration>& value) noexcept
{
    if (!value.has_value())
        return {};
    if (value->text().empty())
        return "has no text";
    return is_utf8(value->text()) ? "" : "not UTF-8";
}

} // namespace

std::string expiration::text() const
{
    std::string text;
    append_to(text);
    return text;
}

void expiration::append_to(std::string& out) const
{
    if (const timestamp* const when = std::get_if<timestamp>(&when_))
        append_timestamp(out, *when);
    else if (const std::string* const text = std::get_if<std::string>(&when_))
        out += *text;
}

bool expiration::valid() const noexcept
{
    if (const timestamp* const when = std::get_if<timestamp>(&when_))
        return has_text(*when);
    const std::string* const text = std::get_if<std::string>(&when_);
    return text != nullptr && parse_timestamp(*text).has_value();
}

key_update& key_update::expires_at(std::string_view text) &
{
    if (text.empty())
        return expires_at(clear);
    return set(expires_at_, expiration{std::string{text}});
}

result<void> key_update::validate() const
{
    if (id_.empty())
        return invalid("id", "empty");
    if (!is_utf8(id_))
        return invalid("id", "not UTF-8");

    if (const std::string_view fault = fault_in(usd_); !fault.empty())
        return invalid("usd", fault);
    if (const std::string_view fault = fault_in(diem_); !fault.empty())
        return invalid("diem", fault);
    if (const std::string_view fault = fault_in(vcu_); !fault.empty())
        return invalid("vcu", fault);
    if (const std::string_view fault = fault_in(limit_period_); !fault.empty())
        return invalid("limit_period", fault);
    if (const std::string_view fault = fault_in(model_privacy_); !fault.empty())
        return invalid("model_privacy", fault);

    if (description_.has_value()) {
        const std::optional<std::size_t> length = count_code_points(*description_);
        if (!length)
            return invalid("description", "not UTF-8");
        if (*length > longest_description)
            return invalid("description", std::to_string(*length) + " characters, at most 64");
    }

    if (expires_at_.has_value() && !expires_at_->valid())
        return invalid("expires_at", "not a day as YYYY-MM-DD or a time as YYYY-MM-DDTHH:MM:SS[.mmm]Z");

    const bool changes_nothing = usd_.untouched() && diem_.untouched() && vcu_.untouched() &&
                                 limit_period_.untouched() && model_privacy_.untouched() && description_.untouched() &&
                                 expires_at_.untouched();
    if (changes_nothing)
        return error{errc::invalid_argument, "the update changes nothing"};
    return result<void>::success();
}

} // namespace venice_keys
