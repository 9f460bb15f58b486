// What key_update::validate() says, which is what key_rules say of an update.
#pragma once

#include "support/printing.hpp"

#include <venice_keys/key_update.hpp>

#include <string>
#include <utility>

namespace update_faults {

namespace vk = venice_keys;

inline bool valid(const vk::key_update& update)
{
    return update.validate().has_value();
}

// The detail of the refusal; empty when there is none.
inline std::string fault(const vk::key_update& update)
{
    const vk::result<void> outcome = update.validate();
    if (outcome)
        return {};
    BOOST_TEST(outcome.error().code == vk::errc::invalid_argument);
    BOOST_TEST(outcome.error().delivery == vk::delivery::not_sent);
    return outcome.error().detail;
}

inline vk::key_update described(std::string text)
{
    return vk::key_update{"id"}.description(std::move(text));
}

} // namespace update_faults
