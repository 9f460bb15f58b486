// Runs another program: what it is given, what it says, how it ends. Not for programs that say much on both outputs.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace integration {

class child {
public:
    using variables = std::vector<std::pair<std::string, std::string>>;

    // Starts `program` with these arguments, these environment variables besides our own, and `input` on its standard
    // input. Both of its outputs come on one pipe.
    child(const std::string& program, std::vector<std::string> arguments, const variables& environment,
          const std::string& input = {});
    child(const child&) = delete;
    child& operator=(const child&) = delete;
    ~child(); // kills what is still running

    // The next line of its output, without the line's end; empty at the end of the output.
    [[nodiscard]] std::optional<std::string> read_line();
    // Everything that is left of its output.
    [[nodiscard]] std::string read_all();

    // Sends it a signal.
    void signal(int number);
    // Asks it to end, with SIGTERM.
    void terminate();
    // Waits for its end. Its exit status, or 128 and the number of the signal that ended it.
    [[nodiscard]] int wait();

private:
    bool read_more();

    pid_t pid_ = -1;
    int output_ = -1;
    std::string unread_;
};

} // namespace integration
