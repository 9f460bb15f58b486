// What is taken of an answer's fields, whichever protocol they came by. All others are dropped.
#pragma once

#include "wire/reply.hpp"

#include <string_view>

namespace venice_keys::wire {

// Interim answers, 1xx, that one request may have before its own.
inline constexpr unsigned max_interim = 8;

// Names count in any case of letters. False: it is a Content-Encoding that names a coding, and none was asked for.
[[nodiscard]] bool take_field(std::string_view name, std::string_view value, reply& into);

} // namespace venice_keys::wire
