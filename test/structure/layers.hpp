// Which part of the source may name which, and a reader of #include lines that finds what breaks it. Text only:
// it looks at every branch of an #if, and does not follow includes (public_header.cmake does).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace structure {

struct violation {
    std::string file; // relative to the root
    int line = 0;     // 0: the file itself
    std::string why;
};

// Reads every .hpp and .cpp below include/, lib/ and tools/ of `root`.
[[nodiscard]] std::vector<violation> find_violations(const std::filesystem::path& root);

} // namespace structure
