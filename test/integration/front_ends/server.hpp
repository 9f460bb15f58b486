// A stock server as a child process: HTTP/2 over TLS 1.3 in front, plain HTTP/1.1 behind. For tests, on Linux.
#pragma once

#include "support/server_process.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace integration {

// Where a front end listens, on 127.0.0.1, what is behind it there, and what it has to begin with.
struct front_end_place {
    std::filesystem::path folder; // for everything that it writes, and it alone
    std::uint16_t port = 0;
    std::uint16_t upstream_port = 0;
    std::filesystem::path certificate_file; // PEM
    std::filesystem::path private_key_file;
    std::filesystem::path both_file; // the two in one
};

// What is particular to a program.
struct front_end_recipe {
    std::string program;
    std::function<std::string(const front_end_place&)> configuration; // the text of the file
    // Given the name of that file. It has to stay in the foreground.
    std::function<std::vector<std::string>(const std::string& file)> arguments;
    int reload_signal = 0; // to the master: new workers come, and the old ones finish what they are at
};

// Starts in the constructor, which returns when connections are taken; throws std::runtime_error when it does not come
// up. It ends with the thread that made it, at the latest.
class front_end {
public:
    front_end(front_end_recipe recipe, std::uint16_t upstream_port);
    front_end(const front_end&) = delete;
    front_end& operator=(const front_end&) = delete;

    [[nodiscard]] std::string base_url() const; // https://localhost:PORT/api/v1
    [[nodiscard]] std::string certificate_file() const { return place_.certificate_file.string(); }

    void reload() const { process_.signal(recipe_.reload_signal); } // returns at once
    [[nodiscard]] std::set<pid_t> workers() const;
    [[nodiscard]] std::string log() const; // what it wrote to the terminal

private:
    void start();
    [[nodiscard]] bool wait_until_it_accepts();

    front_end_recipe recipe_;
    test::temporary_folder folder_{"venice_keys_front_end"};
    front_end_place place_;
    test::server_process process_;
};

} // namespace integration
