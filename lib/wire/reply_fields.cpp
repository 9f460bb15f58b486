#include "wire/reply_fields.hpp"

#include "model/small_letter.hpp"

#include "wire/tolerance.hpp"

#include <charconv>
#include <cstdint>
#include <optional>

namespace venice_keys::wire {

using detail::is_in_any_case;

namespace {

std::optional<std::uint64_t> to_number(std::string_view text) noexcept
{
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, ec] = std::from_chars(text.data(), end, number);
    if (ec != std::errc{} || (stop != end && *stop != '.')) // a fraction is cut off
        return std::nullopt;
    return number;
}

void take_rate_limit(std::string_view name, std::string_view value, reply& into)
{
    if (is_in_any_case(name, "x-ratelimit-remaining-requests"))
        into.requests.remaining = to_number(value);
    else if (is_in_any_case(name, "x-ratelimit-reset-requests"))
        into.requests.reset = to_number(value);
    else if (is_in_any_case(name, "x-ratelimit-limit-requests"))
        into.requests.limit = to_number(value);
    else if (is_in_any_case(name, "x-ratelimit-remaining"))
        into.error_budget.remaining = to_number(value);
    else if (is_in_any_case(name, "x-ratelimit-resets"))
        into.error_budget.resets = to_number(value);
}

} // namespace

bool take_field(std::string_view name, std::string_view value, reply& into)
{
    // Most fields are none of these, which their length or first letter shows.
    switch (name.size()) {
    case 4:
        if (is_in_any_case(name, "date"))
            into.date.assign(value);
        break;
    case 6:
        if (is_in_any_case(name, "cf-ray"))
            into.request_id.assign(value);
        break;
    case 11:
        if (is_in_any_case(name, "retry-after")) {
            if (!into.retry_after.empty()) // lines of one name are a list (RFC 9110 section 5.3)
                into.retry_after += ", ";
            into.retry_after.append(value);
        }
        break;
    case 16:
        if (is_in_any_case(name, "content-encoding"))
            return names_no_coding(value);
        break;
    default:
        if (!name.empty() && detail::small_letter(name.front()) == 'x')
            take_rate_limit(name, value, into);
        break;
    }
    return true;
}

} // namespace venice_keys::wire
