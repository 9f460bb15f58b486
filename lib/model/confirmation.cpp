#include <venice_keys/confirmation.hpp>

#include <ostream>

namespace venice_keys {

std::string_view to_string(confirmation::verdict value) noexcept
{
    switch (value) {
    case confirmation::verdict::in_effect:
        return "in effect";
    case confirmation::verdict::differs:
        return "differs";
    case confirmation::verdict::unreadable:
        return "unreadable";
    }
    return "unknown";
}

std::ostream& operator<<(std::ostream& out, confirmation::verdict value)
{
    return out << to_string(value);
}

} // namespace venice_keys
