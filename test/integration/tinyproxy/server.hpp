// A stock tinyproxy as a child process. For tests, on Linux.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <sys/types.h>

namespace integration {

struct tinyproxy_options {
    std::string program;         // tinyproxy itself
    std::string directives = ""; // whole lines: `BasicAuth user password`, `ConnectPort 443`
};

// Starts in the constructor, which returns when connections are taken; throws std::runtime_error when it does not come
// up. It listens on 127.0.0.1 alone, has a folder of its own, and ends with the thread that made it, at the latest.
class tinyproxy_server {
public:
    explicit tinyproxy_server(tinyproxy_options options);
    tinyproxy_server(const tinyproxy_server&) = delete;
    tinyproxy_server& operator=(const tinyproxy_server&) = delete;
    ~tinyproxy_server();

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] std::string log() const;

    void stop() noexcept;

private:
    void write_configuration() const;
    void start();
    [[nodiscard]] bool wait_until_it_accepts();
    [[nodiscard]] bool has_ended() noexcept;

    tinyproxy_options options_;
    std::filesystem::path folder_;
    std::uint16_t port_ = 0;
    pid_t child_ = -1;
};

} // namespace integration
