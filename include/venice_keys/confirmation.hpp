// What reading a key back showed about a change whose answer was lost (see call_options::confirm).
#pragma once

#include <venice_keys/key_details.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys {

struct confirmation {
    enum class verdict : std::uint8_t {
        in_effect,  ///< every field that the update named has the value it asked for; or the deleted key is gone
        differs,    ///< a field has another value, the key to update is gone, or the key to delete is still there
        unreadable, ///< the key could not be read; `why` says why
    };

    verdict what = verdict::unreadable;
    std::optional<key_details> key; ///< the key as it was read; empty when it is gone or could not be read
    std::string why;                ///< why it is unreadable, for people
};

[[nodiscard]] std::string_view to_string(confirmation::verdict value) noexcept;
std::ostream& operator<<(std::ostream& out, confirmation::verdict value);

} // namespace venice_keys
