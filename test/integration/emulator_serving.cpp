// How the emulator serves one request after another: the time that one takes, and the bytes that come behind it.
#include <venice_keys/emulator.hpp>

#include "integration/plain_client.hpp"
#include "integration/served_emulator.hpp"
#include "support/printing.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(integration_emulator_serving)

namespace {

namespace vk = venice_keys;
using namespace std::chrono_literals;
using test::described;
using test::plain_client;
using test::served;
using end = test::plain_client::end;
using vk::fault;

vk::emulator_options taking(std::chrono::milliseconds time)
{
    vk::emulator_options options = test::with_keys(3);
    options.service_time = time;
    return options;
}

struct pair_of_updates : test::two_updates {
    explicit pair_of_updates(fault::behind what) : two_updates(fault::overread(what)) {}
};

} // namespace

BOOST_AUTO_TEST_CASE(a_server_may_close_on_bytes_behind_a_request)
{
    pair_of_updates f{fault::behind::close};
    BOOST_TEST(f.client.read_all().empty());
    BOOST_TEST(f.client.how_it_ended() == end::closed);
    BOOST_TEST(f.here.emulator.journal().size() == 1U);
    BOOST_TEST(f.here.emulator.stats().faults == 1U);
}

BOOST_AUTO_TEST_CASE(a_server_may_drop_them_and_serve_what_comes_later)
{
    pair_of_updates f{fault::behind::drop};
    const auto reply = ask(f.client, f.here.update(f.here.id(2), "third"));
    BOOST_TEST(described(reply) == "third");
    BOOST_TEST(f.here.emulator.journal().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_server_may_ignore_them_for_ever)
{
    pair_of_updates f{fault::behind::ignore};
    f.client.timeout(300ms);
    BOOST_TEST(f.client.send(f.here.update(f.here.id(2), "third")));
    BOOST_TEST(f.client.read_all().empty());
    BOOST_TEST(f.client.how_it_ended() == end::timed_out);
    BOOST_TEST(f.here.emulator.journal().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_server_may_refuse_them_and_close)
{
    pair_of_updates f{fault::behind::refuse};
    const auto refused = f.client.read_reply();
    BOOST_REQUIRE(refused.has_value());
    BOOST_TEST(refused->status == 400U);
    BOOST_TEST(refused->fields.at("connection") == "close");
    BOOST_TEST(f.client.read_all().empty());
    BOOST_TEST(f.client.how_it_ended() == end::closed);
    BOOST_TEST(f.here.emulator.journal().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_request_with_nothing_behind_it_is_served_as_ever)
{
    served here;
    here.emulator.add_fault(fault::overread(fault::behind::close));
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    for (int i = 0; i < 5; ++i) {
        const auto reply = ask(client, here.update(here.id(0), std::to_string(i)));
        BOOST_TEST(described(reply) == std::to_string(i));
    }
    BOOST_TEST(here.emulator.stats().faults == 0U);
}

BOOST_AUTO_TEST_CASE(what_comes_while_a_request_is_served_is_behind_it_too)
{
    served here{taking(300ms)};
    here.emulator.add_fault(fault::overread(fault::behind::close));
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    BOOST_TEST(client.send(here.update(here.id(0), "first")));
    std::this_thread::sleep_for(20ms);
    BOOST_TEST(client.send(here.update(here.id(1), "second")));
    BOOST_TEST(client.read_reply().has_value());
    BOOST_TEST(client.read_all().empty());
    BOOST_TEST(here.emulator.journal().size() == 1U);
}

BOOST_AUTO_TEST_CASE(requests_of_one_connection_take_their_time_one_after_the_other)
{
    served here{taking(60ms)};
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    const auto begin = std::chrono::steady_clock::now();
    BOOST_TEST(client.send(here.update(here.id(0), "1") + here.update(here.id(1), "2") + here.update(here.id(2), "3")));
    for (const char* expected : {"1", "2", "3"}) {
        const auto reply = client.read_reply();
        BOOST_REQUIRE(reply.has_value());
        BOOST_TEST(described(*reply) == expected);
    }
    BOOST_TEST((std::chrono::steady_clock::now() - begin) >= 180ms);
}

BOOST_AUTO_TEST_CASE(requests_of_several_connections_take_their_time_side_by_side)
{
    served here{taking(300ms)};
    std::vector<std::unique_ptr<plain_client>> clients;
    for (int i = 0; i < 6; ++i)
        clients.push_back(std::make_unique<plain_client>(here.emulator.port(), here.emulator.ca_pem()));
    const auto begin = std::chrono::steady_clock::now();
    for (const auto& each : clients)
        BOOST_TEST(each->send(here.update(here.id(0), "x")));
    for (const auto& each : clients)
        BOOST_TEST(each->read_reply().has_value());
    const auto took = std::chrono::steady_clock::now() - begin;
    BOOST_TEST(took >= 300ms);
    BOOST_TEST(took < 6 * 300ms);
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_dropped_while_it_serves_applies_nothing)
{
    served here{taking(10s)};
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    BOOST_TEST(client.send(here.update(here.id(0), "x")));
    std::this_thread::sleep_for(50ms);
    here.emulator.drop_connections();
    BOOST_TEST(client.read_all().empty());
    BOOST_TEST(here.emulator.journal().empty());
}

BOOST_AUTO_TEST_CASE(faults_can_take_time_too)
{
    served here;
    here.emulator.add_fault(fault::service(50ms));
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    const auto begin = std::chrono::steady_clock::now();
    BOOST_TEST(client.send(here.update(here.id(0), "1") + here.update(here.id(1), "2")));
    BOOST_TEST(client.read_reply().has_value());
    BOOST_TEST(client.read_reply().has_value());
    BOOST_TEST((std::chrono::steady_clock::now() - begin) >= 100ms);
}

BOOST_AUTO_TEST_CASE(options_and_faults_out_of_their_range_are_refused_at_once)
{
    boost::asio::io_context io;
    vk::emulator_options options;
    options.initial_keys = static_cast<std::size_t>(-5);
    BOOST_CHECK_EXCEPTION(vk::emulator(io.get_executor(), options), vk::request_failed, [](const auto& why) {
        return why.error().code == vk::errc::invalid_argument &&
               std::string{why.what()}.find("initial_keys") != std::string::npos;
    });
    served here;
    BOOST_CHECK_EXCEPTION(here.emulator.add_fault(fault::delay(-1ms)), vk::request_failed, [](const auto& why) {
        return std::string{why.what()}.find("a time of -1 ms is not in") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
