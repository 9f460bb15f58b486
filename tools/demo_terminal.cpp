#include "demo_terminal.hpp"

#include <fmt/core.h>

#include <cstdlib>

#include <unistd.h>

namespace demo {

namespace {

constexpr std::size_t bar_width = 50;
constexpr std::size_t plain_steps = 5;

} // namespace

terminal::terminal(std::FILE* file) : file_(file), live_(::isatty(::fileno(file)) == 1)
{
    const char* const no_colour = std::getenv("NO_COLOR"); // NOLINT(concurrency-mt-unsafe): nobody sets it
    colours_ = live_ && (no_colour == nullptr || *no_colour == '\0');
}

void terminal::heading(std::string_view text)
{
    line();
    styled("1", text);
}

void terminal::line(std::string_view text)
{
    fmt::print(file_, "{}\n", text);
    std::fflush(file_);
}

void terminal::row(std::string_view name, std::string_view value)
{
    line(fmt::format("  {:<18}  {}", name, value));
}

void terminal::good(std::string_view text)
{
    styled("32", fmt::format("  {}", text));
}

void terminal::bad(std::string_view text)
{
    styled("31", fmt::format("  {}", text));
}

void terminal::replace_line(std::string_view text)
{
    fmt::print(file_, "\r{}", text);
    std::fflush(file_);
}

void terminal::styled(std::string_view style, std::string_view text)
{
    if (colours_)
        line(fmt::format("\x1b[{}m{}\x1b[0m", style, text));
    else
        line(text);
}

void progress_bar::advance()
{
    ++done_;
    const std::size_t steps = out_.live() ? bar_width : plain_steps;
    const std::size_t reached = done_ * steps / total_;
    if (reached == shown_)
        return;
    shown_ = reached;
    if (!out_.live())
        return out_.line(fmt::format("  {} of {} done", done_, total_));
    out_.replace_line(fmt::format("  [{:<{}}] {} of {}", std::string(reached, '#'), bar_width, done_, total_));
    if (done_ == total_)
        out_.line();
}

} // namespace demo
