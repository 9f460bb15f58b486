// What the tests of the examples share: a service to run them against, and the things that they are given.
#pragma once

#include "integration/examples/child.hpp"

#include <venice_keys/emulator.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <thread>

#include <unistd.h>

namespace integration {

namespace asio = boost::asio;
namespace vk = venice_keys;

// An emulator on its own thread, and a file of its CA.
class service {
public:
    explicit service(std::size_t keys)
        : emulator_(io_.get_executor(), options_with(keys)), thread_([this] { io_.run(); })
    {
        static int number = 0;
        ca_file_ = std::filesystem::temp_directory_path() /
                   ("venice_keys_examples_" + std::to_string(::getpid()) + "_" + std::to_string(++number) + ".pem");
        std::ofstream{ca_file_} << emulator_.ca_pem();
    }
    service(const service&) = delete;
    service& operator=(const service&) = delete;
    ~service()
    {
        emulator_.stop();
        thread_.join();
        std::error_code ignored; // it may not have been written
        std::filesystem::remove(ca_file_, ignored);
    }

    [[nodiscard]] vk::emulator& emulator() { return emulator_; }
    [[nodiscard]] vk::api_key key(std::size_t which) const { return emulator_.keys().at(which); }
    [[nodiscard]] child::variables environment() const
    {
        return {{"VENICE_API_KEY", emulator_.token()},
                {"VENICE_BASE_URL", emulator_.base_url()},
                {"VENICE_CA_FILE", ca_file_.string()},
                {"no_proxy", "*"}}; // whoever runs the tests may have a proxy
    }

private:
    static vk::emulator_options options_with(std::size_t keys)
    {
        vk::emulator_options options;
        options.initial_keys = keys;
        return options;
    }

    asio::io_context io_;
    vk::emulator emulator_;
    std::filesystem::path ca_file_;
    std::thread thread_;
};

// A file with a token in it, its owner's alone unless others get more.
class token_file {
public:
    explicit token_file(const std::string& token, std::filesystem::perms more = std::filesystem::perms::none)
    {
        using std::filesystem::perms;
        static int number = 0;
        path_ = std::filesystem::temp_directory_path() /
                ("venice_keys_examples_" + std::to_string(::getpid()) + "_" + std::to_string(++number) + ".token");
        std::ofstream{path_} << token << '\n';
        std::filesystem::permissions(path_, perms::owner_read | more);
    }
    token_file(const token_file&) = delete;
    token_file& operator=(const token_file&) = delete;
    ~token_file()
    {
        std::error_code ignored; // it may not have been written
        std::filesystem::remove(path_, ignored);
    }

    [[nodiscard]] std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

inline std::string path_of(const std::string& example)
{
    return std::string{VENICE_KEYS_EXAMPLES} + "/" + example;
}

// Sends one request and returns the whole answer.
inline std::string ask(std::uint16_t port, const std::string& request)
{
    asio::io_context io;
    asio::ip::tcp::socket socket{io};
    socket.connect({asio::ip::address_v4::loopback(), port});
    asio::write(socket, asio::buffer(request));
    std::string answer;
    boost::system::error_code ec; // the end of the stream
    asio::read(socket, asio::dynamic_buffer(answer), ec);
    return answer;
}

} // namespace integration
