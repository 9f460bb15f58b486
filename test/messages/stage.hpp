// An emulator and clients on one io_context, which runs until a call has ended.
#pragma once

#include <venice_keys/client.hpp>
#include <venice_keys/emulator.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace messages {

namespace vk = venice_keys;

class stage {
public:
    explicit stage(vk::protocol spoken = vk::protocol::http1)
        : emulator(io.get_executor(), options_for(spoken)), speaks(spoken)
    {
    }

    // Short times, and one attempt.
    [[nodiscard]] vk::config settings() const
    {
        using namespace std::chrono_literals;
        vk::config made;
        made.base_url = emulator.base_url();
        made.tls.ca_pem = emulator.ca_pem();
        made.threading = vk::threading::single;
        made.protocol = speaks;
        made.timeout = 10s;
        made.retry.max_attempts = 1;
        return made;
    }

    [[nodiscard]] std::string id() const { return emulator.keys().front().id; }
    [[nodiscard]] vk::credentials who() const { return vk::credentials{vk::secret{emulator.token()}}; }

    // Starts a call by `start(client, handler)` and waits for its end.
    template <class T = vk::api_key, class Start>
    [[nodiscard]] vk::error error_of(const vk::config& settings, const vk::credentials& as, Start start)
    {
        vk::client client{io.get_executor(), as, settings};
        return error_of<T>(client, start);
    }

    template <class T = vk::api_key, class Start>
    [[nodiscard]] vk::error error_of(vk::client& client, Start start)
    {
        std::optional<vk::error> ended;
        start(client, [&ended](const vk::result<T>& got) { ended = got ? vk::error{} : got.error(); });
        io.restart();
        while (!ended)
            io.run_one();
        return *ended;
    }

    // An update that this fault befalls.
    [[nodiscard]] vk::error update_error(const vk::config& with, vk::fault what)
    {
        emulator.add_fault(std::move(what));
        return error_of(with, who(), [this](vk::client& client, auto handler) {
            client.update_key(vk::key_update{id()}.usd(1), std::move(handler));
        });
    }
    [[nodiscard]] vk::error update_error(vk::fault what) { return update_error(settings(), std::move(what)); }

    boost::asio::io_context io{1};
    vk::emulator emulator;
    vk::protocol speaks;

private:
    static vk::emulator_options options_for(vk::protocol spoken)
    {
        vk::emulator_options options;
        options.initial_keys = 2;
        options.protocol = spoken;
        options.http_port = 0;
        options.enforce_limits = false;
        return options;
    }
};

} // namespace messages
