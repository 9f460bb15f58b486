// A stock tinyproxy as a child process. For tests, on Linux.
#pragma once

#include "support/server_process.hpp"

#include <cstdint>
#include <string>

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

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] std::string log() const;

    // It has nothing to put in order.
    void stop() noexcept { process_.stop(SIGKILL); }

private:
    void write_configuration() const;
    void start();
    [[nodiscard]] bool wait_until_it_accepts();

    tinyproxy_options options_;
    test::temporary_folder folder_{"venice_keys_tinyproxy"};
    std::uint16_t port_ = 0;
    test::server_process process_;
};

} // namespace integration
