// What each fault looks like from the other end of the wire, and what it does to the keys.
#include <venice_keys/emulator.hpp>

#include "integration/plain_client.hpp"
#include "integration/served_emulator.hpp"
#include "support/printing.hpp"

#include <boost/json/parse.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <string>

BOOST_AUTO_TEST_SUITE(integration_emulator_faults)

namespace {

namespace vk = venice_keys;
using namespace std::chrono_literals;
using test::described;
using test::plain_client;
using test::served;
using test::soon;
using end = test::plain_client::end;
using vk::fault;

// The rule is to strike the second.
struct fixture : test::two_updates {
    explicit fixture(fault rule) : two_updates(std::move(rule).after(1)) {}
};

} // namespace

BOOST_AUTO_TEST_CASE(close_answers_what_came_before_and_says_goodbye)
{
    fixture f{fault::close()};
    BOOST_TEST(f.client.read_all().empty());
    BOOST_TEST(f.client.how_it_ended() == end::closed);
    BOOST_TEST(f.here.emulator.journal().size() == 1U);
    BOOST_TEST(f.here.emulator.stats().faults == 1U);
}

BOOST_AUTO_TEST_CASE(after_close_it_takes_what_was_on_its_way_for_a_while)
{
    fixture f{fault::close()};
    const auto closed = std::chrono::steady_clock::now();
    bool taken = true;
    for (int i = 0; i < 10 && taken; ++i)
        taken = f.client.send(f.here.update(f.here.id(2), "too late"));
    // On a machine that is busy enough the while may be over by now.
    if (std::chrono::steady_clock::now() - closed < 300ms)
        BOOST_TEST(taken);
    BOOST_TEST(f.client.read_all().empty());
    BOOST_TEST(f.client.how_it_ended() == end::closed);
}

BOOST_AUTO_TEST_CASE(an_answer_says_when_to_come_again_to_the_method_it_is_for)
{
    served here;
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    here.emulator.add_fault(fault::answer(503).retry_after("2").only_method("PATCH"));
    BOOST_REQUIRE(client.send(here.request("GET", "/api/v1/api_keys") + here.update(here.id(0), "first")));
    BOOST_TEST(client.read_reply().value().status == 200U);
    const auto struck = client.read_reply();
    BOOST_REQUIRE(struck.has_value());
    BOOST_TEST(struck->status == 503U);
    BOOST_TEST(struck->fields.at("retry-after") == "2");
    BOOST_TEST(here.emulator.journal().empty());
}

BOOST_AUTO_TEST_CASE(close_can_apply_the_update_first)
{
    fixture f{fault::close().applied(fault::apply::before)};
    BOOST_TEST(f.client.read_all().empty());
    BOOST_TEST(f.here.emulator.journal().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_late_update_is_applied_after_the_connection_is_gone)
{
    fixture f{fault::close().applied(fault::apply::late)};
    const auto struck = std::chrono::steady_clock::now();
    BOOST_TEST(f.client.read_all().empty());
    BOOST_TEST(soon([&] { return f.here.emulator.journal().size() == 2; }));
    BOOST_TEST((std::chrono::steady_clock::now() - struck) >= 100ms);
    BOOST_TEST(f.here.emulator.keys().at(1).description == "second");
}

BOOST_AUTO_TEST_CASE(reset_is_a_reset)
{
    fixture f{fault::reset()};
    BOOST_TEST(f.client.read_all().empty());
    BOOST_TEST(f.client.how_it_ended() == end::reset);
}

BOOST_AUTO_TEST_CASE(stall_answers_nothing_more_but_takes_what_comes)
{
    fixture f{fault::stall()};
    f.client.timeout(300ms);
    BOOST_TEST(f.client.send(f.here.update(f.here.id(2), "third")));
    BOOST_TEST(f.client.read_all().empty());
    BOOST_TEST(f.client.how_it_ended() == end::timed_out);
    BOOST_TEST(f.here.emulator.journal().size() == 1U);
    f.here.emulator.drop_connections();
    BOOST_TEST(f.client.read_all().empty());
    BOOST_TEST(f.client.how_it_ended() == end::closed);
}

BOOST_AUTO_TEST_CASE(delay_answers_late_and_in_order)
{
    const auto sent = std::chrono::steady_clock::now();
    fixture f{fault::delay(1s)};
    BOOST_TEST(f.client.send(f.here.update(f.here.id(2), "third")));
    BOOST_TEST(soon([&] { return f.here.emulator.journal().size() >= 2; }));
    BOOST_TEST((std::chrono::steady_clock::now() - sent) < 1s);
    const auto second = f.client.read_reply();
    BOOST_REQUIRE(second.has_value());
    BOOST_TEST((std::chrono::steady_clock::now() - sent) >= 1s);
    BOOST_TEST(described(*second) == "second");
    const auto third = f.client.read_reply();
    BOOST_REQUIRE(third.has_value());
    BOOST_TEST(described(*third) == "third");
}

BOOST_AUTO_TEST_CASE(a_delay_ends_when_the_emulator_stops)
{
    fixture f{fault::delay(60s)};
    BOOST_TEST(soon([&] { return f.here.emulator.stats().faults == 1; }));
    f.here.emulator.stop();
    BOOST_TEST(f.client.read_all().empty());
    BOOST_TEST(f.client.how_it_ended() == end::closed);
}

BOOST_AUTO_TEST_CASE(answer_gives_the_status_and_goes_on)
{
    for (const unsigned status : {429U, 500U, 503U}) {
        fixture f{fault::answer(status)};
        const auto struck = f.client.read_reply();
        BOOST_REQUIRE(struck.has_value());
        BOOST_TEST(struck->status == status);
        BOOST_TEST(f.here.emulator.journal().size() == 1U);
        const auto reply = ask(f.client, f.here.update(f.here.id(1), "second"));
        BOOST_TEST(reply.status == 200U);
    }
}

BOOST_AUTO_TEST_CASE(cut_sends_so_many_bytes_and_no_goodbye)
{
    fixture f{fault::cut(40)};
    BOOST_TEST(f.client.read_all().size() == 40U);
    BOOST_TEST(f.client.how_it_ended() == end::truncated);
    BOOST_TEST(f.here.emulator.journal().size() == 2U);
}

BOOST_AUTO_TEST_CASE(cut_may_leave_the_keys_as_they_were)
{
    fixture f{fault::cut(200).applied(fault::apply::never)};
    BOOST_TEST(f.client.read_all().size() == 200U);
    BOOST_TEST(f.here.emulator.journal().size() == 1U);
}

BOOST_AUTO_TEST_CASE(swap_answers_two_requests_in_the_wrong_order)
{
    fixture f{fault::swap()};
    BOOST_TEST(f.client.send(f.here.update(f.here.id(2), "third") + f.here.update(f.here.id(0), "fourth")));
    for (const char* expected : {"third", "second", "fourth"}) {
        const auto reply = f.client.read_reply();
        BOOST_REQUIRE(reply.has_value());
        BOOST_TEST(described(*reply) == expected);
    }
    const auto journal = f.here.emulator.journal();
    BOOST_TEST_REQUIRE(journal.size() == 4U);
    BOOST_TEST(journal[1].key.description == "second");
    BOOST_TEST(journal[2].key.description == "third");
}

BOOST_AUTO_TEST_CASE(swap_without_end_swaps_pair_by_pair)
{
    served here;
    here.emulator.add_fault(fault::swap().times(0));
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    std::string all;
    for (const char* text : {"1", "2", "3", "4"})
        all += here.update(here.id(0), text);
    BOOST_TEST(client.send(all));
    for (const char* expected : {"2", "1", "4", "3"}) {
        const auto reply = client.read_reply();
        BOOST_REQUIRE(reply.has_value());
        BOOST_TEST(described(*reply) == expected);
    }
}

BOOST_AUTO_TEST_CASE(malformed_is_a_success_without_json)
{
    fixture f{fault::malformed()};
    const auto reply = f.client.read_reply();
    BOOST_REQUIRE(reply.has_value());
    BOOST_TEST(reply->status == 200U);
    boost::system::error_code ec;
    static_cast<void>(boost::json::parse(reply->body, ec));
    BOOST_TEST(ec.failed());
    BOOST_TEST(f.here.emulator.journal().size() == 2U);
}

BOOST_AUTO_TEST_CASE(raw_sends_what_it_is_given)
{
    fixture f{fault::raw("HTTP/1.1 299 Odd\r\nContent-Length: 2\r\n\r\nhi")};
    const auto reply = f.client.read_reply();
    BOOST_REQUIRE(reply.has_value());
    BOOST_TEST(reply->status == 299U);
    BOOST_TEST(reply->body == "hi");
}

BOOST_AUTO_TEST_CASE(only_for_strikes_the_key_that_is_named)
{
    served here;
    here.emulator.add_fault(fault::answer(500).only_for(here.id(1)).times(0));
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    BOOST_TEST(client.send(here.update(here.id(0), "a") + here.update(here.id(1), "b") + here.update(here.id(2), "c")));
    for (const unsigned status : {200U, 500U, 200U}) {
        const auto reply = client.read_reply();
        BOOST_REQUIRE(reply.has_value());
        BOOST_TEST(reply->status == status);
    }
    here.emulator.clear_faults();
    const auto reply = ask(client, here.update(here.id(1), "b"));
    BOOST_TEST(reply.status == 200U);
}

BOOST_AUTO_TEST_SUITE_END()
