// A scripted server and a client that trusts it, for tests that look at one call at a time.
#pragma once

#include "support/scripted_server.hpp"
#include "support/world.hpp"

#include <optional>

namespace test {

inline const std::string the_token = "S3cret.token-of_the~tests+/=";

struct scripted_world {
    explicit scripted_world(scripted_server::script what, const server_options& options = {},
                            const certificate_wish& wish = {})
        : server(trusted.issue(wish), std::move(what), options),
          settings(quick_config(server.base_url(), trusted.pem()))
    {
        settings.max_connections = 1;
    }

    vk::client& start()
    {
        if (!client)
            client.emplace(io.get_executor(), vk::credentials(vk::secret(the_token)), settings);
        return *client;
    }

    // Runs one update to its end.
    [[nodiscard]] updated_key update(const std::string& id = "some-key", vk::call_options options = {})
    {
        std::optional<updated_key> got;
        start().update_key(vk::key_update(id).usd(1), options, [&got](updated_key key) { got = std::move(key); });
        BOOST_REQUIRE_MESSAGE(run_until(io, [&got] { return got.has_value(); }), "the update did not end");
        BOOST_TEST_MESSAGE(text_of(*got));
        return std::move(*got);
    }

    authority trusted;
    scripted_server server;
    asio::io_context io;
    vk::config settings;
    std::optional<vk::client> client;
};

// Answers every request of every connection with these bytes.
[[nodiscard]] inline scripted_server::script always(std::string bytes)
{
    return [bytes = std::move(bytes)](scripted_connection& here) {
        while (here.read_request())
            if (!here.send(bytes))
                return;
    };
}

} // namespace test
