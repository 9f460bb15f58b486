// The error for a value that is refused before anything is sent.
#pragma once

#include <venice_keys/error.hpp>

#include <string>
#include <string_view>

namespace venice_keys::detail {

// `name` is the field, the variable or the file that the value is from.
[[nodiscard]] inline error invalid_argument(std::string_view name, std::string_view reason)
{
    return {errc::invalid_argument, std::string{name}.append(": ").append(reason)};
}

} // namespace venice_keys::detail
