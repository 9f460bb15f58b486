// Checks the project's Markdown against the files that it speaks of: code blocks against compiled regions, links
// against files and headings. Not a Markdown parser: it reads lines, fences, headings and links, which is what we
// write.
//
// A block of C++ says where it is from, in the line before its fence:
//
//     <!-- from docs/examples/first.cpp#create -->
//
// and equals what stands between `// [create]` and `// [/create]` there, less the indentation that all lines share.
// Other blocks may say so too: in CMake and in the shell the marks are `# [create]` and `# [/create]`. Without a region
// the block is the whole file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace docs {

struct problem {
    std::string file; // relative to the root
    int line = 0;
    std::string why;
};

// Looks at README.md and the other *.md at the root, and at all below docs/. In README.md and docs/guide/, a block of
// C++ that does not say where it is from is a problem too.
[[nodiscard]] std::vector<problem> check(const std::filesystem::path& root);

// Writes each region into the blocks that are from it. Returns the files that changed, relative to the root.
std::vector<std::string> update(const std::filesystem::path& root);

} // namespace docs
