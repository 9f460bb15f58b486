// Promise 1: every call completes exactly once, within its deadline, on its handler's associated executor, never from
// inside the initiating function.
#include "support/scripted_server.hpp"
#include "support/tracking_executor.hpp"
#include "support/world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/data/test_case.hpp>

#include <optional>
#include <stdexcept>

namespace integration_promise_01_once {

using namespace test;
using namespace std::chrono_literals;

using clock_type = std::chrono::steady_clock;

struct fixture : client_world {
    fixture() : client_world(4) {}

    [[nodiscard]] vk::key_update change(std::size_t which) const
    {
        return vk::key_update(ids.at(which)).description("changed");
    }
};

// Takes no connection: the queue of those that wait to be accepted is full.
class deaf_port {
public:
    deaf_port()
    {
        const asio::ip::tcp::endpoint local(asio::ip::address_v4::loopback(), 0);
        acceptor_.open(local.protocol());
        acceptor_.bind(local);
        acceptor_.listen(0);
        for (int i = 0; i != 4; ++i) {
            fillers_.emplace_back(io_);
            fillers_.back().async_connect(acceptor_.local_endpoint(), [](auto) {});
        }
        io_.run_for(20ms);
    }

    [[nodiscard]] std::string base_url() const
    {
        return "https://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/api/v1";
    }

private:
    asio::io_context io_;
    asio::ip::tcp::acceptor acceptor_{io_};
    std::vector<asio::ip::tcp::socket> fillers_;
};

// What the call ended with, and that it kept to its deadline of 150 ms.
updated_key in_time(asio::io_context& io, vk::client& client, const std::string& id)
{
    const auto begin = clock_type::now();
    std::optional<updated_key> got;
    client.update_key(vk::key_update(id).usd(1), vk::call_options().timeout(150ms),
                      [&](updated_key key) { got = std::move(key); });
    BOOST_REQUIRE(run_until(io, [&] { return got.has_value(); }));
    const auto took = clock_type::now() - begin;
    BOOST_TEST(took >= 150ms);
    BOOST_TEST(took < 5s); // generous: the machine may be busy
    BOOST_TEST_MESSAGE(text_of(*got));
    BOOST_TEST(code_of(*got) == vk::errc::deadline_exceeded);
    return *got;
}

bool names(const updated_key& key, std::string_view what)
{
    return text_of(key).find(what) != std::string::npos;
}

} // namespace integration_promise_01_once

BOOST_FIXTURE_TEST_SUITE(integration_promise_01_once, fixture)

BOOST_AUTO_TEST_CASE(no_call_completes_inside_the_function_that_starts_it)
{
    settings.max_queue = 2;
    start();
    outcomes results(5);
    asio::post(io, [&] { // on the executor's own thread, where running inline would be easiest
        client->update_key(vk::key_update("no change"), results.handler(0));
        client->update_key(change(0), vk::call_options().timeout(-1ms), results.handler(1));
        client->update_key(change(0), results.handler(2)); // the queue is full
        BOOST_TEST(results.completed() == 0U);
    });
    BOOST_REQUIRE(run_until(io, [&] { return results.completed() == 3; }));
    BOOST_TEST(code_of(results[0]) == vk::errc::invalid_argument);
    BOOST_TEST(code_of(results[1]) == vk::errc::invalid_argument);
    BOOST_TEST(code_of(results[2]) == vk::errc::queue_full);
    asio::post(io, [&] {
        client->update_key(change(0), results.handler(3));
        client->close(0ms, [](vk::result<void>) {});
        client->update_key(change(1), results.handler(4));
        BOOST_TEST(results.completed() == 3U);
    });
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    BOOST_TEST(code_of(results[3]) == vk::errc::closed);
    BOOST_TEST(code_of(results[4]) == vk::errc::closed);
    BOOST_TEST(results.each_once());
}

BOOST_DATA_TEST_CASE(each_call_completes_once_among_all_kinds_of_faults, both_protocols, spoken)
{
    hosted_emulator busy(200, spoken);
    busy->add_fault(vk::fault::close().at_random(0.03).times(0));
    busy->add_fault(vk::fault::reset().at_random(0.02).times(0));
    busy->add_fault(vk::fault::cut(30).at_random(0.02).times(0));
    busy->add_fault(vk::fault::answer(500).at_random(0.05).times(0));
    busy->add_fault(vk::fault::malformed().at_random(0.02).times(0));
    busy->add_fault(vk::fault::delay(20ms).at_random(0.02).times(0));
    busy->add_fault(vk::fault::rst(vk::fault::code::internal_error).at_random(0.05).times(0));
    busy->add_fault(vk::fault::refuse().at_random(0.05).times(0));
    busy->add_fault(vk::fault::goaway(vk::fault::last::below).at_random(0.02).times(0));
    vk::client here(io.get_executor(), busy.credentials(), busy.config());
    outcomes results(200);
    const auto all = busy.ids();
    for (std::size_t i = 0; i != all.size(); ++i)
        here.update_key(vk::key_update(all[i]).usd(1), results.handler(i));
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    here.close(0ms, [](vk::result<void>) {});
    BOOST_TEST(run_out(io));
    BOOST_TEST(results.each_once());
    for (std::size_t i = 0; i != all.size(); ++i)
        if (results[i])
            BOOST_TEST(results[i]->id == all[i]);
}

BOOST_AUTO_TEST_CASE(success_and_every_kind_of_failure_arrive_on_the_handlers_executor)
{
    settings.max_queue = 2;
    settings.max_connections = 1;
    settings.pipeline_depth = 1;
    start();
    server->add_fault(vk::fault::stall().only_for(ids[1]).times(0));
    std::vector<int> marks(6, -1);
    std::size_t completed = 0;
    asio::cancellation_signal signal;
    const auto handler = [&](std::size_t which) {
        return asio::bind_executor(tracking_executor(io.get_executor(), static_cast<int>(which) + 1),
                                   [&, which](updated_key key) {
                                       BOOST_TEST_MESSAGE(which << ": " << text_of(key));
                                       marks[which] = tracked::current();
                                       ++completed;
                                   });
    };
    client->update_key(change(0), handler(0));
    BOOST_REQUIRE(run_until(io, [&] { return completed == 1; }));
    client->update_key(vk::key_update("x"), handler(1)); // not valid
    client->update_key(change(1), vk::call_options().timeout(60ms), handler(2));
    client->update_key(change(2), handler(3)); // the queue is full
    BOOST_REQUIRE(run_until(io, [&] { return completed == 4; }));
    client->update_key(change(1), asio::bind_cancellation_slot(signal.slot(), handler(4)));
    BOOST_REQUIRE(run_until(io, [&] { return client->stats().waiting_calls != 0; }));
    signal.emit(asio::cancellation_type::terminal);
    BOOST_REQUIRE(run_until(io, [&] { return completed == 5; }));
    client->update_key(change(1), handler(5));
    client.reset();
    BOOST_REQUIRE(run_until(io, [&] { return completed == 6; }));
    for (int i = 0; i != 6; ++i)
        BOOST_TEST(marks[static_cast<std::size_t>(i)] == i + 1);
}

BOOST_AUTO_TEST_CASE(a_handler_on_a_strand_runs_inside_of_it)
{
    start();
    auto strand = asio::make_strand(io);
    std::optional<bool> inside;
    client->update_key(change(0),
                       asio::bind_executor(strand, [&](updated_key) { inside = strand.running_in_this_thread(); }));
    BOOST_REQUIRE(run_until(io, [&] { return inside.has_value(); }));
    BOOST_TEST(*inside);
}

BOOST_AUTO_TEST_CASE(the_handlers_own_context_stays_at_work_until_the_handler_has_run)
{
    start();
    server->add_fault(vk::fault::delay(100ms));
    asio::io_context other;
    std::thread::id ran_on;
    client->update_key(change(0), asio::bind_executor(other, [&](updated_key key) {
                           if (key)
                               ran_on = std::this_thread::get_id();
                       }));
    std::thread::id thread_of_other;
    std::thread runner([&] {
        thread_of_other = std::this_thread::get_id();
        other.run(); // nothing but the call keeps it
        client->close(1s, [](vk::result<void>) {});
    });
    const bool ended = run_out(io);
    runner.join();
    BOOST_TEST(ended);
    BOOST_TEST(ran_on != std::thread::id());
    BOOST_TEST(ran_on == thread_of_other);
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_does_not_lose_the_results_of_the_others)
{
    hosted_emulator busy(40);
    vk::config one = busy.config();
    one.max_connections = 1; // many answers in one turn
    vk::client here(io.get_executor(), busy.credentials(), one);
    const auto all = busy.ids();
    outcomes results(all.size());
    for (std::size_t i = 0; i != all.size(); ++i)
        here.update_key(vk::key_update(all[i]).usd(1), [&, i](updated_key key) {
            results.handler(i)(std::move(key));
            if (i % 3 == 0)
                throw std::runtime_error("a handler's own trouble");
        });
    unsigned caught = 0;
    const auto until = clock_type::now() + patience;
    while (!results.all() && clock_type::now() < until) {
        try {
            static_cast<void>(run_until(io, [&] { return results.all(); }));
        } catch (const std::runtime_error&) {
            ++caught;
        }
    }
    BOOST_TEST(caught == 14U);
    BOOST_TEST(results.each_once());
    BOOST_TEST(results.succeeded() == all.size(), results.summary());
}

BOOST_AUTO_TEST_CASE(the_deadline_names_the_answer)
{
    start();
    server->add_fault(vk::fault::stall());
    const updated_key key = in_time(io, *client, ids[0]);
    BOOST_TEST(names(key, "waiting for the answer"));
    BOOST_TEST(key.error().delivery == vk::delivery::sent_unanswered);
}

BOOST_AUTO_TEST_CASE(the_deadline_names_the_queue)
{
    settings.max_connections = 1;
    settings.pipeline_depth = 1;
    start();
    server->add_fault(vk::fault::stall());
    client->update_key(change(0), [](updated_key) {});
    BOOST_REQUIRE(run_until(io, [&] { return server->stats().faults == 1; }));
    const updated_key key = in_time(io, *client, ids[1]);
    BOOST_TEST(names(key, "a free place on a connection"));
    BOOST_TEST(key.error().delivery == vk::delivery::not_sent);
}

BOOST_AUTO_TEST_CASE(the_deadline_names_connecting)
{
    const deaf_port deaf;
    settings.base_url = deaf.base_url();
    const updated_key key = in_time(io, start(), "x");
    BOOST_TEST(names(key, "connecting to 127.0.0.1:"));
    BOOST_TEST(key.error().delivery == vk::delivery::not_sent);
}

BOOST_AUTO_TEST_CASE(the_deadline_names_the_handshake)
{
    scripted_server mute(
        {}, [](scripted_connection& here) { here.wait_for_end(); }, in_clear());
    settings.base_url = mute.base_url();
    const updated_key key = in_time(io, start(), "x");
    BOOST_TEST(names(key, "TLS handshake with localhost:"));
    BOOST_TEST(key.error().delivery == vk::delivery::not_sent);
}

BOOST_AUTO_TEST_CASE(the_deadline_covers_retries)
{
    settings.retry.max_attempts = 100;
    settings.retry.base_delay = settings.retry.max_delay = 60ms;
    start();
    server->add_fault(vk::fault::reset().times(0));
    const updated_key key = in_time(io, *client, ids[0]);
    BOOST_TEST(key.error().delivery == vk::delivery::sent_unanswered);
    BOOST_TEST(key.error().attempts >= 1U);
}

BOOST_AUTO_TEST_CASE(the_configured_deadline_holds_where_the_call_names_none)
{
    settings.timeout = 120ms;
    start();
    server->add_fault(vk::fault::stall().times(2));
    outcomes results(2);
    const auto begin = clock_type::now();
    client->update_key(change(0), results.handler(0));
    client->update_key(change(1), vk::call_options().timeout(500ms), results.handler(1));
    BOOST_REQUIRE(run_until(io, [&] { return results.completed() == 1; }));
    BOOST_TEST(code_of(results[0]) == vk::errc::deadline_exceeded);
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    BOOST_TEST(code_of(results[1]) == vk::errc::deadline_exceeded);
    BOOST_TEST((clock_type::now() - begin) >= 500ms);
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_after_the_deadline_disturbs_nobody)
{
    settings.max_connections = 1;
    start();
    server->add_fault(vk::fault::delay(200ms));
    static_cast<void>(in_time(io, *client, ids[0]));
    outcomes results(3);
    for (std::size_t i = 0; i != 3; ++i)
        client->update_key(change(i + 1), results.handler(i));
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    for (std::size_t i = 0; i != 3; ++i) {
        BOOST_TEST_REQUIRE(results[i]);
        BOOST_TEST(results[i]->id == ids[i + 1]);
    }
    BOOST_TEST(server->stats().connections == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
