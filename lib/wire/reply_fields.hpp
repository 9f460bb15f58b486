// Which fields of an answer are kept, whichever protocol they came by. All others are dropped.
#pragma once

#include "wire/reply.hpp"

#include <string_view>

namespace venice_keys::wire {

// The most interim answers (1xx) that may come before the answer to a request.
inline constexpr unsigned max_interim = 8;

// Keeps the value if it is of use; the case of the name does not count. False: it names a coding that nobody asked for.
[[nodiscard]] bool take_field(std::string_view name, std::string_view value, reply& into);

} // namespace venice_keys::wire
