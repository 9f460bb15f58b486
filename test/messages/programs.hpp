// What the programs say when they are asked for help.
#pragma once

#include <string>

namespace messages {

[[nodiscard]] std::string help_of_all_programs();

} // namespace messages
