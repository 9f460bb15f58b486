#include <venice_keys/yes_or_no.hpp>

#include <ostream>

namespace venice_keys {

std::ostream& operator<<(std::ostream& out, yes_or_no value)
{
    return out << (!value.told() ? "not told" : value.yes() ? "yes" : "no");
}

} // namespace venice_keys
