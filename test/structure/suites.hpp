// How the files of tests are built up: CTest runs the suite that is named after a file and nothing else, and several
// files share a translation unit.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace structure {

struct stray {
    std::string file; // below the root, with slashes
    int line = 0;
    std::string why;
};

// What stands where no one runs it, and names that could meet those of another file, in the files below `root`/test
// that have a suite.
std::vector<stray> find_strays(const std::filesystem::path& root);

} // namespace structure
