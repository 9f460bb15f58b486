// A child process with a server that is not part of this project, and what it needs: a folder of its own and a port.
// For tests, on Linux.
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

// A new folder in the system's place for temporary files; removed with all that is in it at the end.
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

// The text of a file; empty when there is no such file.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

// A port of 127.0.0.1 that is free now; another process may still take it first.
[[nodiscard]] std::uint16_t free_port();
// Whether somebody accepts connections there.
[[nodiscard]] bool accepts(std::uint16_t port);

// The process leads a process group of its own. It ends with the thread that started it at the latest.
class server_process {
public:
    struct plan {
        std::vector<std::string> words;               // the program's path and its arguments
        std::filesystem::path terminal = "/dev/null"; // the program's output is appended to this file
        int last_signal = SIGTERM;                    // what it gets when that thread ends
    };

    server_process() = default;
    server_process(const server_process&) = delete;
    server_process& operator=(const server_process&) = delete;
    ~server_process();

    // Call this only when the process is not running.
    void start(const plan& what);
    [[nodiscard]] bool running() const noexcept { return child_ > 0; }
    void signal(int number) const noexcept;
    // The process's own children.
    [[nodiscard]] std::vector<pid_t> workers() const;
    // Whether the process has ended.
    [[nodiscard]] bool wait_for_end(std::chrono::milliseconds limit) noexcept;
    // Ends the process with this signal, and after five seconds what is left of its group by force.
    void stop(int number = SIGTERM) noexcept;

private:
    pid_t child_ = -1;
};

} // namespace test
