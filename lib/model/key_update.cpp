#include <venice_keys/key_update.hpp>

#include "model/key_rules.hpp"
#include "model/timestamp_text.hpp"

namespace venice_keys {

std::string expiration::text() const
{
    std::string text;
    append_to(text);
    return text;
}

void expiration::append_to(std::string& out) const
{
    if (const timestamp* const when = std::get_if<timestamp>(&when_))
        detail::append_timestamp(out, *when);
    else if (const std::string* const text = std::get_if<std::string>(&when_))
        out += *text;
}

bool expiration::valid() const noexcept
{
    if (const timestamp* const when = std::get_if<timestamp>(&when_))
        return detail::has_text(*when);
    const std::string* const text = std::get_if<std::string>(&when_);
    return text != nullptr && detail::is_service_form(*text);
}

namespace detail {

void set_expiration(field<expiration>& target, timestamp when)
{
    target = field<expiration>(expiration{when});
}

void set_expiration(field<expiration>& target, std::string_view text)
{
    target = field<expiration>(expiration{std::string{text}});
}

void clear_expiration(field<expiration>& target) noexcept
{
    target = field<expiration>(clear);
}

} // namespace detail

key_update& key_update::expires_at(std::string_view text) &
{
    if (text.empty())
        return expires_at(clear);
    return set(expires_at_, expiration{std::string{text}});
}

result<void> key_update::validate() const
{
    namespace rules = key_rules;
    result<void> fields =
        rules::first_fault(rules::fault_in_word("id", id_), rules::fault_in_limits_and_privacy(*this),
                           description_.has_value() ? rules::fault_in_description(*description_) : std::string{},
                           rules::fault_in_expiration(expires_at_));
    if (!fields)
        return fields;

    const bool changes_nothing = usd_.untouched() && diem_.untouched() && vcu_.untouched() &&
                                 limit_period_.untouched() && model_privacy_.untouched() && description_.untouched() &&
                                 expires_at_.untouched();
    if (changes_nothing)
        return error{errc::invalid_argument, "the update changes no field: set or clear one"};
    return fields;
}

} // namespace venice_keys
