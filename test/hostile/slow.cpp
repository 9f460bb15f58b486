// Servers that are slow, endless or out of turn on purpose. Every call ends, within its deadline, and with its own
// answer if with any.
#include "support/scripted_world.hpp"

#include <utility>

BOOST_AUTO_TEST_SUITE(hostile_slow)

using namespace test;
using namespace std::chrono_literals;
using vk::errc;

namespace {

// A world whose calls have little time, and what one call in it ends with. The limit is on real time.
struct hurried : scripted_world {
    explicit hurried(scripted_server::script what) : scripted_world(std::move(what))
    {
        settings.timeout = 400ms;
        settings.stall_timeout = 150ms;
        settings.retry.max_attempts = 2;
    }

    updated_key failed_update()
    {
        const auto begin = std::chrono::steady_clock::now();
        updated_key key = update();
        BOOST_TEST((std::chrono::steady_clock::now() - begin) < 5s); // generous: the machine may be busy
        BOOST_REQUIRE(!key.has_value());
        client.reset();
        BOOST_TEST(run_out(io));
        return key;
    }
};

// The same for a server that sends without end: what it sends ends the call, and a busy machine may need its time.
struct flooded : hurried {
    explicit flooded(scripted_server::script what) : hurried(std::move(what)) { settings.timeout = 4s; }
};

const std::string good = updated("some-key", "yes");

// Reads a request, sends `first`, and then `more` again and again, with this time between.
scripted_server::script endlessly(std::string first, std::string more, std::chrono::milliseconds between)
{
    return [=](scripted_connection& here) {
        if (!here.read_request() || !here.send(first))
            return;
        while (here.send(more) && (between == 0ms || here.pause(between)))
            ;
    };
}

} // namespace

BOOST_AUTO_TEST_CASE(an_answer_byte_by_byte_is_an_answer)
{
    scripted_world world([](scripted_connection& here) {
        while (const auto request = here.read_request())
            here.send_slowly(updated(request->id(), "yes"));
    });
    outcomes results(20);
    for (std::size_t i = 0; i != results.size(); ++i)
        world.start().update_key(vk::key_update("key-" + std::to_string(i)).usd(1), results.handler(i));
    BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
    for (std::size_t i = 0; i != results.size(); ++i) {
        BOOST_TEST_REQUIRE(results[i]);
        BOOST_TEST(results[i]->id == "key-" + std::to_string(i));
    }
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_read_for_a_while_gets_every_request_whole)
{
    scripted_world world([](scripted_connection& here) {
        bool first = true;
        while (const auto request = here.read_request()) {
            here.send(updated(request->id(), "yes"));
            if (std::exchange(first, false) && !here.pause(300ms))
                return;
        }
    });
    // Forty megabytes in one write: more than the buffers of both sockets hold.
    world.settings.max_connections = 1;
    world.settings.pipeline_depth = 1'000;
    world.settings.error_budget.enabled = false;
    world.settings.user_agent = std::string(40'000, 'u');
    outcomes results(1'001);
    for (std::size_t i = 0; i != results.size(); ++i)
        world.start().update_key(vk::key_update("key-" + std::to_string(i)).usd(1), results.handler(i));
    BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
    for (std::size_t i = 0; i != results.size(); ++i) {
        BOOST_TEST_REQUIRE(results[i]);
        BOOST_TEST_REQUIRE(results[i]->id == "key-" + std::to_string(i));
    }
}

BOOST_AUTO_TEST_CASE(a_head_that_drips_ends_at_the_deadline)
{
    hurried world(endlessly("HTTP/1.1 200 OK\r\nX-Slow: ", "x", 20ms));
    BOOST_TEST(code_of(world.failed_update()) == errc::deadline_exceeded);
}

BOOST_AUTO_TEST_CASE(a_body_that_drips_ends_at_the_deadline)
{
    hurried world(endlessly("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{", " ", 20ms));
    BOOST_TEST(code_of(world.failed_update()) == errc::deadline_exceeded);
}

BOOST_AUTO_TEST_CASE(chunks_that_drip_end_at_the_deadline)
{
    hurried world(endlessly("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n", 20ms));
    BOOST_TEST(code_of(world.failed_update()) == errc::deadline_exceeded);
}

BOOST_AUTO_TEST_CASE(a_cancelled_call_on_a_dripping_connection_does_not_keep_the_client)
{
    hurried world(endlessly("HTTP/1.1 200 OK\r\nX-Slow: ", "x", 20ms));
    world.settings.timeout = 100ms;
    static_cast<void>(world.failed_update());
}

BOOST_AUTO_TEST_CASE(endless_interim_answers_are_cut_off)
{
    hurried world(endlessly("", "HTTP/1.1 100 Continue\r\n\r\n", 0ms));
    BOOST_TEST(code_of(world.failed_update()) == errc::protocol_error);
}

BOOST_AUTO_TEST_CASE(endless_chunks_are_cut_off)
{
    flooded world(endlessly("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                            "1000\r\n" + std::string(4096, 'x') + "\r\n", 0ms));
    BOOST_TEST(code_of(world.failed_update()) == errc::reply_too_large);
}

BOOST_AUTO_TEST_CASE(an_endless_body_without_a_length_is_cut_off)
{
    flooded world(endlessly("HTTP/1.1 200 OK\r\n\r\n", std::string(8192, 'x'), 0ms));
    BOOST_TEST(code_of(world.failed_update()) == errc::reply_too_large);
}

BOOST_AUTO_TEST_CASE(an_endless_field_is_cut_off)
{
    flooded world(endlessly("HTTP/1.1 200 OK\r\nX: ", std::string(8192, 'x'), 0ms));
    BOOST_TEST(code_of(world.failed_update()) == errc::reply_too_large);
}

BOOST_AUTO_TEST_CASE(endless_fields_are_cut_off)
{
    flooded world(endlessly("HTTP/1.1 200 OK\r\n", "A: b\r\n", 0ms));
    BOOST_TEST(code_of(world.failed_update()) == errc::reply_too_large);
}

BOOST_AUTO_TEST_CASE(an_endless_chunk_extension_is_cut_off)
{
    flooded world(endlessly("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=", std::string(8192, 'x'), 0ms));
    const updated_key key = world.failed_update();
    BOOST_TEST((code_of(key) == errc::reply_too_large || code_of(key) == errc::protocol_error), text_of(key));
}

BOOST_AUTO_TEST_CASE(endless_trailers_are_cut_off)
{
    flooded world(endlessly("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "A: b\r\n", 0ms));
    const updated_key key = world.failed_update();
    BOOST_TEST((code_of(key) == errc::reply_too_large || code_of(key) == errc::protocol_error), text_of(key));
}

BOOST_AUTO_TEST_CASE(line_ends_without_end_are_cut_off)
{
    hurried world(endlessly("", "\r\n\r\n\r\n\r\n", 0ms));
    BOOST_TEST(!world.failed_update().has_value());
}

BOOST_AUTO_TEST_CASE(answers_without_end_to_one_request_are_cut_off)
{
    scripted_world world(endlessly("", good, 0ms));
    const updated_key first = world.update();
    BOOST_TEST(text_of(first) == "success");
    const updated_key second = world.update();
    BOOST_TEST(text_of(second) == "success");
    world.client.reset();
    BOOST_TEST(run_out(world.io));
}

BOOST_AUTO_TEST_CASE(an_answer_before_the_request_is_whole_is_taken_for_no_other)
{
    // It answers as soon as there is a byte; the request is large, and so is still being written.
    scripted_world world([](scripted_connection& here) {
        here.send(updated("key-0", "too soon"));
        while (const auto request = here.read_request())
            here.send(updated(request->id(), "in time"));
    });
    world.settings.user_agent = std::string(400'000, 'x');
    world.settings.stall_timeout = 300ms;
    outcomes results(6);
    for (std::size_t i = 0; i != results.size(); ++i)
        world.start().update_key(vk::key_update("key-" + std::to_string(i + 1)).usd(1), results.handler(i));
    BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
    for (std::size_t i = 0; i != results.size(); ++i)
        if (results[i])
            BOOST_TEST(results[i]->id == "key-" + std::to_string(i + 1));
}

BOOST_AUTO_TEST_CASE(a_server_that_never_reads_costs_its_calls_their_time_and_no_more)
{
    server_options small;
    small.receive_buffer = 4096;
    scripted_world world([](scripted_connection& here) { here.hold(); }, small);
    world.settings.user_agent = std::string(8'000'000, 'x');
    world.settings.stall_timeout = 100ms;
    world.settings.retry.max_attempts = 2;
    const updated_key key = world.update("k", vk::call_options().timeout(3s));
    BOOST_TEST((code_of(key) == errc::connection_lost || code_of(key) == errc::deadline_exceeded), text_of(key));
    BOOST_TEST(key.error().delivery == vk::delivery::sent_unanswered);
    world.client.reset();
    BOOST_TEST(run_out(world.io)); // the write that is stuck does not keep it
}

BOOST_AUTO_TEST_CASE(a_server_that_accepts_and_closes_is_not_stormed)
{
    scripted_world world([](scripted_connection& here) { here.reset(); }, in_clear());
    world.settings.max_connections = 8;
    world.settings.retry = {}; // as a user has it
    world.settings.timeout = 1500ms;
    outcomes results(100);
    for (std::size_t i = 0; i != results.size(); ++i)
        world.start().update_key(vk::key_update("key-" + std::to_string(i)).usd(1), results.handler(i));
    BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
    BOOST_TEST(results.succeeded() == 0U);
    BOOST_TEST(world.server.connections() <= 8U + 32U); // the first together, the others one by one, ever more rarely
}

BOOST_AUTO_TEST_SUITE_END()
