// The arguments of a program. CLI11 takes the command line apart; then every value is checked before anything starts,
// and all that is wrong is reported together. It is for the programs only, and not installed.
#pragma once

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace tools {

inline constexpr int wrong_use = 2; // the exit code for wrong arguments

class arguments {
public:
    // What is wrong with a text; empty when nothing is.
    using text_check = std::function<std::string(const std::string&)>;

    arguments(std::string program, std::string about) : app_(std::move(about), program), program_(std::move(program)) {}

    // A whole number from `lowest` to `highest`. The target does not change when the option is not given.
    template <std::integral Number>
    void number(const std::string& name, Number& target, std::type_identity_t<Number> lowest,
                std::type_identity_t<Number> highest, const std::string& help)
    {
        add(name, help, fmt::format("{}-{}", lowest, highest), std::to_string(target),
            [=, &target](const std::string& text) { return read_number(text, target, lowest, highest); });
    }

    template <std::integral Number>
    void number(const std::string& name, std::optional<Number>& target, std::type_identity_t<Number> lowest,
                std::type_identity_t<Number> highest, const std::string& help)
    {
        add(name, help, fmt::format("{}-{}", lowest, highest), {}, [=, &target](const std::string& text) {
            Number value{};
            std::string wrong = read_number(text, value, lowest, highest);
            target = value;
            return wrong;
        });
    }

    // A time such as 250ms or 2s, up to `highest`.
    void time(const std::string& name, std::chrono::milliseconds& target, std::chrono::milliseconds highest,
              const std::string& help)
    {
        add(name, help, "TIME", fmt::format("{}ms", target.count()), [=, &target](const std::string& text) {
            const bool in_milliseconds = text.ends_with("ms");
            const std::string_view digits = std::string_view{text}.substr(
                0, text.size() - std::min<std::size_t>(text.size(), in_milliseconds ? 2 : 1));
            const std::int64_t unit = in_milliseconds ? 1 : 1000;
            std::int64_t count = 0;
            if (!text.ends_with('s') || !read_number(digits, count, {}, highest.count() / unit).empty())
                return fmt::format("'{}' is not a time such as 250ms or 2s, of at most {} s", text,
                                   highest.count() / 1000);
            target = std::chrono::milliseconds{count * unit};
            return std::string{};
        });
    }

    void text(const std::string& name, std::string& target, const std::string& help, const std::string& type = "TEXT",
              text_check check = not_empty)
    {
        add(name, help, type, target, [check = std::move(check), &target](const std::string& text) {
            target = text;
            return check(text);
        });
    }

    // An option that may be repeated.
    void texts(const std::string& name, std::vector<std::string>& target, const std::string& help, text_check check)
    {
        // Each use takes one value: what follows that is reported as surplus, and not shown.
        const CLI::Option* const option =
            app_.add_option(name, target, help)->expected(1)->take_all()->allow_extra_args(false);
        checks_.push_back([this, name, option, check = std::move(check)] {
            for (const std::string& each : option->results())
                note(name, check(each));
        });
    }

    void flag(const std::string& name, bool& target, const std::string& help)
    {
        flags_.emplace_back(app_.add_flag(name, target, help), &target);
    }

    // What is wrong with several options together; empty when nothing is.
    void rule(std::function<std::string()> check)
    {
        checks_.push_back([this, check = std::move(check)] {
            std::string wrong = check();
            if (!wrong.empty())
                wrong_.push_back(std::move(wrong));
        });
    }

    void required(const std::string& name)
    {
        rule([this, name] {
            return app_.count(name) == 0 ? fmt::format("{}: it is missing, and has no default", name) : std::string{};
        });
    }

    void footer(std::string text) { app_.footer(std::move(text)); }

    // Empty when all is well. Otherwise the code to exit with, after everything wrong has been reported.
    [[nodiscard]] std::optional<int> read(int argc, char** argv)
    {
        app_.allow_extras();
        try {
            app_.parse(argc, argv);
        } catch (const CLI::Success& help) {
            return app_.exit(help);
        } catch (const CLI::ParseError& why) { // what is before the option in question has been read
            wrong_.push_back(complaint(why));
            for (const auto& [option, target] : flags_)
                *target = option->count() != 0;
        }
        for (const std::string& each : app_.remaining())
            wrong_.push_back(unknown(each));
        for (const auto& check : checks_)
            check();
        for (const std::string& each : wrong_)
            fmt::print(stderr, "{}: {}\n", program_, each);
        if (wrong_.empty())
            return std::nullopt;
        fmt::print(stderr, "Run with --help for more information.\n");
        return wrong_use;
    }

    static std::string not_empty(const std::string& text)
    {
        return text.empty() ? "it must not be empty" : std::string{};
    }

private:
    // To CLI11 all options are texts, so that it complains of none of them before the others have been looked at.
    void add(const std::string& name, const std::string& help, const std::string& type, const std::string& usual,
             text_check take)
    {
        auto given = std::make_shared<std::string>(usual);
        CLI::Option* const option = app_.add_option(name, *given, help)->type_name(type);
        if (!usual.empty())
            option->capture_default_str();
        // This is not `given`, which CLI11 leaves unchanged when it complains and uses itself.
        checks_.push_back([this, name, option, given, take = std::move(take)] {
            if (option->count() != 0)
                note(name, take(option->results().back()));
        });
    }

    // Shows only the name of an option: the rest may be a token that somebody took for an argument.
    static std::string unknown(const std::string& text)
    {
        if (text.starts_with("--"))
            return fmt::format("{}: there is no such option", text.substr(0, text.find('=')));
        return "an argument belongs to no option; it is not shown, because it may be a token";
    }

    // CLI11's own text may quote a value.
    static std::string complaint(const CLI::ParseError& why)
    {
        const std::string text = why.what();
        const std::size_t begin = std::min(text.find("--"), text.size());
        const std::string name = text.substr(begin, text.find_first_of(" :=", begin) - begin);
        if (dynamic_cast<const CLI::ArgumentMismatch*>(&why) != nullptr)
            return name + ": its value is missing";
        return name + ": it takes no value";
    }

    void note(const std::string& name, const std::string& wrong)
    {
        if (!wrong.empty())
            wrong_.push_back(name + ": " + wrong);
    }

    template <class Number>
    static std::string read_number(std::string_view text, Number& target, Number lowest, Number highest)
    {
        Number value{};
        const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
        if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || value < lowest || value > highest)
            return fmt::format("'{}' is not a whole number from {} to {}", text, lowest, highest);
        target = value;
        return {};
    }

    CLI::App app_;
    std::string program_;
    std::vector<std::pair<const CLI::Option*, bool*>> flags_;
    std::vector<std::function<void()>> checks_;
    std::vector<std::string> wrong_;
};

// The text for people, without the source location that boost::system::system_error adds.
inline std::string plain_text(const std::exception& thrown)
{
    const std::string text = thrown.what();
    const bool has_place = dynamic_cast<const boost::system::system_error*>(&thrown) != nullptr && text.ends_with(']');
    return has_place ? text.substr(0, text.rfind(" [")) : text;
}

} // namespace tools
