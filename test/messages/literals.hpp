// Finds the texts in sources that people may come to read.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace messages {

struct literal {
    int line = 0; // of its beginning
    std::string text;
};

// The string literals of a source file, in its order, without escapes; those that the compiler would join are one.
// Comments and directives have none.
[[nodiscard]] std::vector<literal> literals_in(std::string_view source);

// The parts of a text that people read: what stands between the fields of a format, where it has words and blanks. A
// run of white space counts as one blank.
[[nodiscard]] std::vector<std::string> prose_in(std::string_view text);

// The same with one blank in the place of each run of white space.
[[nodiscard]] std::string with_single_blanks(std::string_view text);

} // namespace messages
