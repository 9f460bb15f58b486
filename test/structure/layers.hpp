// Which part of the source may name which, and a reader of #include lines that finds what breaks it. Text only:
// it looks at every branch of an #if, and does not follow includes (public_header.cmake does).
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace structure {

using texts = std::vector<std::string_view>;

// One part of the source: a folder, and what its files may name besides themselves and the standard library.
struct part {
    std::string_view folder;  // relative to the root
    texts layers;             // folders below lib/
    texts public_headers;     // beginnings of names below venice_keys/; empty text: all; `values`: those with values
    texts libraries;          // beginnings of names in <>; what they let in may be taken back by `not_libraries`
    texts not_libraries = {}; // beats `libraries`
};

// In a list of public headers: those that carry values, as opposed to those with something to run.
inline constexpr std::string_view values = "VALUES";

// The table that find_violations() goes by.
[[nodiscard]] std::span<const part> parts() noexcept;

struct violation {
    std::string file; // relative to the root
    int line = 0;     // 0: the file itself
    std::string why;
};

// Reads every .hpp and .cpp below include/, lib/ and tools/ of `root`.
[[nodiscard]] std::vector<violation> find_violations(const std::filesystem::path& root);

} // namespace structure
