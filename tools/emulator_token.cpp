#include "emulator_token.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <system_error>

namespace emulator_program {

namespace {

// What is wrong with the token; empty when nothing is. RFC 6750 section 2.1 has its characters.
std::string fault_in_token(std::string_view text)
{
    constexpr std::string_view others = "-._~+/=";
    if (text.empty())
        return "the token is empty";
    const bool good = std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               others.find(c) != std::string_view::npos;
    });
    return good ? ""
                : "the token has a character that no bearer token has; it may have ASCII letters, digits and - . _ ~ + "
                  "/ =";
}

} // namespace

std::string system_text(int number)
{
    return std::generic_category().message(number);
}

std::optional<failure> find_token(const std::string& file, std::string& token)
{
    std::string source;
    const char* const variable = std::getenv(token_variable); // NOLINT(concurrency-mt-unsafe): the only thread
    if (!file.empty()) {
        std::ifstream from{file};
        if (!from && errno == ENOENT)
            return std::nullopt; // it is going to be written
        if (!from)
            return failure{cannot_serve, fmt::format("the token file {} can't be read: {}", file, system_text(errno))};
        std::getline(from, token);
        if (from.bad()) // it is a directory, for example
            return failure{cannot_serve, fmt::format("the token file {} can't be read: {}", file, system_text(errno))};
        source = "the token file " + file;
    } else if (variable != nullptr) {
        token = variable;
        source = token_variable;
    } else {
        return std::nullopt;
    }
    if (const std::string fault = fault_in_token(token); !fault.empty())
        return failure{cannot_serve, source + ": " + fault};
    return std::nullopt;
}

std::optional<failure> write_token_file(const std::string& path, const std::string& token)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0)
        return failure{cannot_serve, fmt::format("the token file {} can't be made: {}", path, system_text(errno))};
    const std::string line = token + '\n';
    const bool written = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    const int why = errno;
    ::close(file);
    if (!written)
        return failure{cannot_serve, fmt::format("the token file {} can't be written: {}", path, system_text(why))};
    return std::nullopt;
}

} // namespace emulator_program
