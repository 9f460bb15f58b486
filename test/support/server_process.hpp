// A server that nobody here wrote as a child process, and what it needs: a folder of its own and a port. For tests, on
// Linux.
#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace test {

// A new folder below the system's for temporary files; gone, with all that is in it, at the end.
class temporary_folder {
public:
    explicit temporary_folder(std::string_view name);
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;
    ~temporary_folder();

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

// Empty when there is no such file.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

// Of 127.0.0.1. Free now; another process may still be faster.
[[nodiscard]] std::uint16_t free_port();
// Whether somebody takes connections there.
[[nodiscard]] bool accepts(std::uint16_t port);

// Leads a process group of its own. It ends with the thread that started it, at the latest.
class server_process {
public:
    struct plan {
        std::vector<std::string> words;               // the program's path, and its arguments
        std::filesystem::path terminal = "/dev/null"; // what it says is added to this file
        int last_signal = SIGTERM;                    // that it gets when that thread ends
    };

    server_process() = default;
    server_process(const server_process&) = delete;
    server_process& operator=(const server_process&) = delete;
    ~server_process();

    // Only when it is not running.
    void start(const plan& what);
    [[nodiscard]] bool running() const noexcept { return child_ > 0; }
    void signal(int number) const noexcept;
    // Its own children.
    [[nodiscard]] std::vector<pid_t> workers() const;
    // Whether it has ended.
    [[nodiscard]] bool wait_for_end(std::chrono::milliseconds limit) noexcept;
    // Ends it with this signal, and all of its group that is left after five seconds by force.
    void stop(int number = SIGTERM) noexcept;

private:
    pid_t child_ = -1;
};

} // namespace test
