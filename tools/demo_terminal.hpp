// What the demonstration prints on: bars and colours on a terminal, plain lines elsewhere.
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace demo {

class terminal {
public:
    // Colours only on a terminal, and not when NO_COLOR is set (no-color.org).
    explicit terminal(std::FILE* file);

    // Prints a heading with a blank line above it.
    void heading(std::string_view text);
    void line(std::string_view text = {});
    // Prints one row of a table.
    void row(std::string_view name, std::string_view value);
    void good(std::string_view text);
    void bad(std::string_view text);

    // Replaces the line that the cursor is on. Only when live().
    void replace_line(std::string_view text);
    // Whether the output is a terminal, where a line can be replaced.
    [[nodiscard]] bool live() const noexcept { return live_; }

private:
    void styled(std::string_view style, std::string_view text);

    std::FILE* file_;
    bool live_;
    bool colours_;
};

// Shows how many of `total` steps are done: as a bar, or where there is no terminal as a line at every fifth.
class progress_bar {
public:
    progress_bar(terminal& out, std::size_t total) : out_(out), total_(total) {}

    void advance();

private:
    terminal& out_;
    std::size_t total_;
    std::size_t done_ = 0;
    std::size_t shown_ = 0; // parts of the bar, or fifths
};

} // namespace demo
