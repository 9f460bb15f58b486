// The examples' arguments, checked before anything starts. What is wrong is told on standard error, all of it, with the
// argument, its value and what it may be; then the program ends with 2.
#pragma once

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

class arguments {
public:
    static constexpr int wrong_use = 2;

    // `names` of what has to be given, in its order: "update_one", {"KEY-ID"}. The last may stand for several:
    // "KEY-ID...". `about` is a sentence for --help, which ends the program.
    arguments(int argc, char* argv[], std::string program, std::vector<std::string> names, std::string_view about = {})
        : given_(argv + (argc > 0 ? 1 : 0), argv + argc), program_(std::move(program)), names_(std::move(names))
    {
        if (std::find(given_.begin(), given_.end(), "--help") != given_.end())
            help(about);
        const bool several = !names_.empty() && names_.back().ends_with("...");
        wrong_number_ = several ? given_.size() < names_.size() : given_.size() != names_.size();
        if (!wrong_number_)
            return;
        if (given_.size() < names_.size()) {
            std::cerr << program_ << ": " << names_[given_.size()] << ": it is missing\n";
        } else {
            const std::size_t surplus = given_.size() - names_.size();
            std::cerr << program_ << ": " << surplus << (surplus == 1 ? " argument" : " arguments") << " too many\n";
        }
        std::cerr << usage() << '\n';
        wrong_ = true;
    }

    // The id of a key, or the path of a file: not empty, without control characters.
    std::string text(std::size_t which)
    {
        const std::string& value = at(which);
        const auto is_control = [](char c) {
            return static_cast<unsigned char>(c) < 0x20 || c == '\x7F';
        };
        if (value.empty())
            complain(which, "it is empty");
        else if (std::any_of(value.begin(), value.end(), is_control))
            complain(which, "it has a control character, such as a line end");
        return value;
    }

    // The same for the name that stands for several, which is the last.
    std::vector<std::string> texts(std::size_t first)
    {
        std::vector<std::string> all;
        for (std::size_t i = first; i < given_.size(); ++i)
            all.push_back(text(i));
        return all;
    }

    // 0x and 40 hexadecimal digits.
    std::string wallet_address(std::size_t which)
    {
        const std::string& value = at(which);
        const bool good = value.size() == 42 && value.starts_with("0x") &&
                          value.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string::npos;
        if (!good)
            complain(which, "'" + value + "' is not 0x and 40 hexadecimal digits");
        return value;
    }

    template <class Number>
    Number number(std::size_t which, Number lowest, Number highest)
    {
        const std::string& text = at(which);
        Number value{};
        const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
        const bool whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
        if (!whole || !(value >= lowest && value <= highest)) // also what is not a number at all
            complain(which, "'" + text + "' is not a number from " + told(lowest) + " to " + told(highest));
        return value;
    }

    [[nodiscard]] bool wrong() const { return wrong_; }

private:
    template <class Number>
    static std::string told(Number value)
    {
        return std::to_string(static_cast<long long>(value));
    }

    [[nodiscard]] const std::string& at(std::size_t which) const
    {
        static const std::string none;
        return wrong_number_ ? none : given_[which];
    }

    [[nodiscard]] std::string usage() const
    {
        std::string text = "usage: " + program_;
        for (const std::string& name : names_)
            text += ' ' + name;
        return text;
    }

    [[noreturn]] void help(std::string_view about) const
    {
        std::cout << usage() << '\n';
        if (!about.empty())
            std::cout << about << '\n';
        std::cout
            << "\nThe environment says whom it speaks to: VENICE_API_KEY is the token of an ADMIN key, VENICE_BASE_URL "
               "another\nserver than https://api.venice.ai/api/v1, VENICE_CA_FILE whom to trust instead of the "
               "system's\ncertificates, HTTPS_PROXY a proxy, and NO_PROXY the servers that are reached without it.\n"
               "Exit codes: 0 if all went well, 1 if something failed, 2 if the arguments are wrong.\n";
        std::exit(0); // NOLINT(concurrency-mt-unsafe): nothing has started
    }

    void complain(std::size_t which, const std::string& why)
    {
        if (!wrong_number_) // else the usage has been told
            std::cerr << program_ << ": " << names_[std::min(which, names_.size() - 1)] << ": " << why << '\n';
        wrong_ = true;
    }

    std::vector<std::string> given_;
    std::string program_;
    std::vector<std::string> names_;
    bool wrong_number_ = false;
    bool wrong_ = false;
};

// For people: system_error's what() ends with the place in a header where the error was made.
inline std::string plain_text(const std::exception& thrown)
{
    std::string text = thrown.what();
    if (dynamic_cast<const boost::system::system_error*>(&thrown) != nullptr && text.ends_with(']'))
        text.erase(text.rfind(" ["));
    return text;
}
