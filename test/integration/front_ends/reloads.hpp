// Updates over HTTP/2 through a stock server that is told to reload in the midst of them. Each must be applied, and
// those of a key in their order.
#pragma once

#include "integration/front_ends/server.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace integration {

// For a suite's precondition. CTest reads the line that it prints. Where VENICE_KEYS_NO_SKIP is set, as in CI, the
// tests run all the same, and fail.
[[nodiscard]] boost::test_tools::assertion_result is_there(const std::string& program, const std::string& name);

void check_updates_through_reloads(const front_end_recipe& recipe);

} // namespace integration
