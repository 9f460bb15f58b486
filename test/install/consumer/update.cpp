#include "update.hpp"

#include <venice_keys/client.hpp>
#include <venice_keys/emulator.hpp>
#include <venice_keys/observer.hpp>
#include <venice_keys/version.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace asio = boost::asio;
namespace vk = venice_keys;

namespace {

bool all_is_well = true;

void check(bool holds, const char* what)
{
    if (holds)
        return;
    std::cerr << what << '\n';
    all_is_well = false;
}

// The library calls what was compiled here.
class counter final : public vk::observer {
public:
    void attempt_ended(const vk::event::attempt_ended& /*what*/) noexcept override { ++attempts; }

    int attempts = 0;
};

// Exceptions and errors of the library are the same types and values here.
void make_mistakes(asio::io_context& io)
{
    vk::config nonsense;
    nonsense.base_url = "no URL";
    bool caught = false;
    try {
        const vk::client client(io.get_executor(), vk::credentials{vk::secret{"token"}}, nonsense);
    } catch (const vk::request_failed& failed) {
        caught = failed.error().code == vk::errc::invalid_argument &&
                 &failed.error().code.category() == &vk::error_category();
    }
    check(caught, "request_failed was not caught where the library threw it");

    caught = false;
    try {
        nonsense.validate().value();
    } catch (const std::exception& failed) {
        caught = dynamic_cast<const vk::request_failed*>(&failed) != nullptr;
    }
    check(caught, "request_failed was not recognized as what it is");
}

void update(asio::io_context& io)
{
    vk::emulator_options options;
    options.initial_keys = 1;
    vk::emulator emulator(io.get_executor(), options);

    const auto seen = std::make_shared<counter>();
    vk::config config;
    config.base_url = emulator.base_url();
    config.tls.ca_pem = emulator.ca_pem();
    config.observer = seen;
    vk::client client(io.get_executor(), vk::credentials{vk::secret{emulator.token()}}, std::move(config));

    const std::string id = emulator.keys().front().id;
    client.update_key(vk::key_update{id}.description("changed"), [&](const vk::result<vk::api_key>& key) {
        check(key && key->id == id && emulator.keys().front().description == "changed", "the key was not updated");
        if (!key)
            std::cerr << key.error() << '\n';
        // Silence lets the sockets become ready for nothing, which the loop and the library have to agree about.
        client.close(std::chrono::seconds{1}, [&](const vk::result<void>&) { emulator.stop(); });
    });
    // Two threads: what Asio keeps for each thread must be one thing for the program and the library.
    std::thread other([&] { io.run(); });
    io.run();
    other.join();
    check(seen->attempts == 1, "the observer did not see the one attempt");
}

} // namespace

int update_one_key() noexcept
{
    asio::io_context io;
    make_mistakes(io);
    update(io);
    static_assert(VENICE_KEYS_VERSION >= 100);
    return all_is_well ? 0 : 1;
}
