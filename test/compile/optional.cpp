// An empty optional has two meanings for an update, so that none compiles, and the compiler's message says what to
// write: see expectations.cmake. This file is compiled and never run.
#include <venice_keys/key_update.hpp>

#include <optional>

namespace vk = venice_keys;

// clang-format off
void set(vk::key_update& update, std::optional<double> limit, std::optional<vk::timestamp> when)
{
    update.diem(limit); // refused: An empty std::optional could mean to leave the field alone
    update.expires_at(when); // refused: An empty std::optional could mean to leave the expiration alone

    if (limit)
        update.usd(*limit);
    update.diem(limit ? vk::field<double>(*limit) : vk::clear);
    if (when)
        update.expires_at(*when);
    else
        update.expires_at(vk::clear);
}
// clang-format on
