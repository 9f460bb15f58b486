// Whether the unit tests mirror the library: each room of a layer has its tests beside it by name.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace structure {

// A room that has no twin.
struct untwinned {
    std::string_view room;      // `wire/slot`
    std::string_view tested_by; // a file or folder below test/
    std::string_view why;
};

struct missing_twin {
    std::string file; // below the root, with slashes
    int line = 0;
    std::string why;
};

// A room is lib/LAYER/NAME.hpp with the sources that belong to it: NAME.cpp, and NAME_PART.cpp without a header of its
// own. A source that belongs to no header is a room as well; a header that declares and has no function with a body is
// none. Its twin is test/unit/LAYER/NAME.cpp, NAME_ASPECT.cpp or promise_NN_NAME.cpp, or the folder NAME.
//
// Returns the rooms that have no twin and are not among `exceptions`, and the exceptions that are none any more or
// whose tests are not there.
[[nodiscard]] std::vector<missing_twin> find_missing_twins(const std::filesystem::path& root,
                                                           std::span<const untwinned> exceptions);

} // namespace structure
