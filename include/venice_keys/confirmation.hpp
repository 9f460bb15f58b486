// What reading a key back showed about a change whose answer was lost (see call_options::confirm).
#pragma once

#include <venice_keys/detail/export.hpp>
#include <venice_keys/key_details.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys {

/// What was found when a key was read back: error::confirmation.
struct confirmation {
    /// What the key, as it was read, says about the change.
    enum class verdict : std::uint8_t {
        in_effect,  ///< every field that the update named has the value it asked for; or the deleted key is gone
        differs,    ///< a field has another value, the key to update is gone, or the key to delete is still there
        unreadable, ///< the key could not be read; `why` says why
    };

    verdict what = verdict::unreadable; ///< the finding
    std::optional<key_details> key{};   ///< the key as it was read; empty when it is gone or could not be read
    std::string why{};                  ///< why it is unreadable, for people
};

/// The enumerator's name: `in_effect`, `differs` or `unreadable`.
[[nodiscard]] VENICE_KEYS_API std::string_view to_string(confirmation::verdict value) noexcept;
/// Prints what to_string() gives.
VENICE_KEYS_API std::ostream& operator<<(std::ostream& out, confirmation::verdict value);

} // namespace venice_keys
