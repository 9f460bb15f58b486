#include <venice_keys/new_key.hpp>

#include "model/key_rules.hpp"
#include "model/utf8.hpp"

namespace venice_keys {

namespace {

namespace rules = key_rules;

// A creation sends an empty text for `never`, where an update sends null.
std::string fault_in_expiration(const field<expiration>& when)
{
    if (when.has_value() && *when == expiration{std::string{}})
        return {};
    return rules::fault_in_expiration(when);
}

// The specification bounds the description only of the account's own creation (maxLength: 64), not of a wallet's.
std::string fault_in_description(const field<std::string>& text)
{
    return !text.has_value() || detail::is_utf8(*text) ? std::string{} : rules::fault("description", "is not UTF-8");
}

} // namespace

result<void> new_key::validate() const
{
    return rules::first_fault(rules::fault_in_enumeration("type", type()), rules::fault_in_limits_and_privacy(*this),
                              rules::fault_in_description(description_), fault_in_expiration(expires_at()));
}

result<void> new_web3_key::validate() const
{
    return rules::first_fault(rules::fault_in_enumeration("type", type()), rules::fault_in_word("address", address_),
                              rules::fault_in_text("challenge", challenge_.expose()),
                              rules::fault_in_word("signature", signature_.expose()),
                              rules::fault_in_limits_and_privacy(*this), fault_in_description(description_),
                              fault_in_expiration(expires_at()));
}

} // namespace venice_keys
