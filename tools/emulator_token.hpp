// Where venice-keys-emulator keeps its token: in a file, or in the environment, and never in an argument.
#pragma once

#include <optional>
#include <string>

namespace emulator_program {

inline constexpr int cannot_serve = 1; // the exit code
inline constexpr const char* token_variable = "VENICE_KEYS_EMULATOR_TOKEN";

// Why the program ends before it serves.
struct failure {
    int exit_code;
    std::string text;
};

[[nodiscard]] std::string system_text(int number);

// Reads the token from the file, or from the environment when no file is given. The token stays empty when a new one is
// wanted.
[[nodiscard]] std::optional<failure> find_token(const std::string& file, std::string& token);

// Writes the token to a new file that nobody else can read.
[[nodiscard]] std::optional<failure> write_token_file(const std::string& path, const std::string& token);

} // namespace emulator_program
