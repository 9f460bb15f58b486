// An emulator that speaks HTTP/2, a client before it, and updates that are all started at once.
#pragma once

#include "support/event_recorder.hpp"
#include "support/http2_peer.hpp"
#include "support/scripted_world.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace test {

// Requests that take a while, so that there are some in flight whenever anything happens.
[[nodiscard]] inline vk::emulator_options taking_a_moment(std::size_t keys, std::chrono::milliseconds time)
{
    vk::emulator_options options = without_limits(keys, vk::protocol::http2);
    options.service_time = time;
    return options;
}

// The error budget is off: it would keep a new client from filling its streams.
struct http2_world : client_world {
    explicit http2_world(std::size_t keys) : http2_world(without_limits(keys, vk::protocol::http2)) {}
    explicit http2_world(const vk::emulator_options& options) : client_world(options)
    {
        settings.error_budget.enabled = false;
        settings.observer = events;
    }

    // One update of the key of this number, to its end.
    [[nodiscard]] updated_key update(std::size_t which = 0, vk::call_options options = {})
    {
        outcomes one(1);
        started().update_key(vk::key_update(ids.at(which)).usd(1), options, one.handler(0));
        BOOST_REQUIRE(run_until(io, [&one] { return one.all(); }));
        BOOST_TEST_MESSAGE(text_of(one[0]));
        return one[0];
    }

    // An update of each key, all at once, to their ends; each description is the number of its key.
    void update_all(outcomes& results)
    {
        for (std::size_t i = 0; i != results.size(); ++i)
            started().update_key(vk::key_update(ids.at(i)).description(std::to_string(i)), results.handler(i));
        BOOST_REQUIRE(run_until(io, [&results] { return results.all(); }));
        BOOST_TEST(results.each_once());
    }

    // Each has succeeded with its own answer.
    void check_all(const outcomes& results) const
    {
        for (std::size_t i = 0; i != results.size(); ++i) {
            BOOST_REQUIRE_MESSAGE(results[i], i << ": " << text_of(results[i]));
            BOOST_TEST_REQUIRE(results[i]->id == ids[i]);
            BOOST_TEST_REQUIRE(results[i]->description == std::to_string(i));
        }
    }

    void update_and_check_all()
    {
        outcomes results(ids.size());
        update_all(results);
        check_all(results);
    }

    // So many changes were made to each key.
    void check_changes(std::size_t each = 1) const
    {
        for (const std::size_t count : changes(server_of(*this), ids))
            BOOST_TEST(count == each);
    }

    [[nodiscard]] vk::result<vk::created_key> create()
    {
        std::optional<vk::result<vk::created_key>> got;
        started().create_key(vk::new_key(vk::key_type::inference, "a new one"),
                             [&got](vk::result<vk::created_key> key) { got = std::move(key); });
        BOOST_REQUIRE(run_until(io, [&got] { return got.has_value(); }));
        BOOST_TEST_MESSAGE(text_of(*got));
        return std::move(*got);
    }

    std::shared_ptr<event_recorder> events = std::make_shared<event_recorder>();

private:
    static const vk::emulator& server_of(const http2_world& world) { return *const_cast<http2_world&>(world).server; }
};

// The same with a server that does what a script says with one connection, or several.
struct scripted_http2_world : scripted_world {
    using peer_script = std::function<void(scripted_connection&, http2_peer&)>;

    explicit scripted_http2_world(peer_script what, http2_peer::settings own = {})
        : scripted_world(
              [what = std::move(what), own = std::move(own)](scripted_connection& here) {
                  http2_peer peer(here);
                  if (peer.greet(own))
                      what(here, peer);
              },
              speaking_http2())
    {
        settings.error_budget.enabled = false;
    }

    // Starts an update of this key.
    void start_update(const std::string& id, outcomes& results, std::size_t number)
    {
        start().update_key(vk::key_update(id).usd(1), results.handler(number));
    }
    void wait_for(const outcomes& results, std::size_t completed)
    {
        BOOST_REQUIRE(run_until(io, [&] { return results.completed() >= completed; }));
    }

private:
    static server_options speaking_http2()
    {
        server_options made;
        made.protocol = "h2";
        return made;
    }
};

inline constexpr std::uint16_t max_concurrent_streams = 3; // of SETTINGS, RFC 9113 section 6.5.2

// Answers what comes until the client ends the connection.
inline void answer_the_rest(http2_peer& peer)
{
    while (const auto request = peer.read_request())
        if (!peer.answer(*request))
            return;
}

} // namespace test
