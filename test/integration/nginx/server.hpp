// A stock nginx as a child process: TLS in front, plain HTTP behind. For tests, on Linux.
#pragma once

#include "support/server_process.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace integration {

struct nginx_options {
    std::string program; // nginx itself
    std::filesystem::path certificate_file;
    std::filesystem::path private_key_file;
    std::uint16_t upstream_port = 9;      // plain HTTP on 127.0.0.1; the default has nobody there
    std::string server_directives = "";   // `keepalive_requests 7;` for example
    std::string location_directives = ""; // inside `location /`, beside proxy_pass
    unsigned workers = 1;
};

// Starts in the constructor, which returns when connections are taken; throws std::runtime_error when nginx does not
// come up. It has a folder of its own for everything it writes. It ends with the thread that made it, at the latest.
class nginx_server {
public:
    explicit nginx_server(nginx_options options);
    nginx_server(const nginx_server&) = delete;
    nginx_server& operator=(const nginx_server&) = delete;
    ~nginx_server();

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::string base_url() const; // https://localhost:PORT/api/v1

    // Asks for new workers; the old ones answer what they are at, close what is idle and end. Returns at once.
    void reload() const;
    // How often the master has been told.
    [[nodiscard]] std::size_t reloads() const;

    [[nodiscard]] std::vector<pid_t> workers() const { return process_.workers(); }
    // As a crash would: the master starts another one.
    void kill_workers() const;

    // Ends it, gracefully if that is possible in `patience_ms`, which is also when idle connections are closed.
    void stop(unsigned patience_ms = 2'000) noexcept;

    // What it wrote to its error log, at level `notice`.
    [[nodiscard]] std::string log() const;

private:
    void write_configuration() const;
    void start();
    [[nodiscard]] bool wait_until_it_accepts();

    nginx_options options_;
    test::temporary_folder folder_{"venice_keys_nginx"};
    std::uint16_t port_ = 0;
    test::server_process process_;
};

} // namespace integration
