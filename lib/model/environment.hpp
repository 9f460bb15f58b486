// Makes a configuration of environment variables, wherever these come from.
#pragma once

#include <venice_keys/config.hpp>

#include <functional>

namespace venice_keys::detail {

// Gives the value of a variable, or null.
using environment = std::function<const char*(const char* name)>;

// Does what config::from_environment() does, with these variables.
[[nodiscard]] result<config> config_from(const environment& variables);

} // namespace venice_keys::detail
