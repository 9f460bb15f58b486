// A configuration out of environment variables, wherever these come from.
#pragma once

#include <venice_keys/config.hpp>

#include <functional>

namespace venice_keys::detail {

// The value of a variable, or null.
using environment = std::function<const char*(const char* name)>;

// What config::from_environment() does, with these variables.
[[nodiscard]] result<config> config_from(const environment& variables);

} // namespace venice_keys::detail
