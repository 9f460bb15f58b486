// A client from its settings to its end, with calls that get no connection.
#include "support/printing.hpp"
#include "unit/support/quiet_client.hpp"

#include <boost/asio/io_context.hpp>

#include <optional>
#include <string>
#include <utility>

BOOST_AUTO_TEST_SUITE(unit_client_lifetime)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
namespace asio = boost::asio;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(a_token_that_can_not_be_sent_ends_the_call)
{
    for (const char* token : {"", "a b", "a\r\nX: y", "caf\xC3\xA9"}) {
        asio::io_context io;
        client one(io.get_executor(), someone(token), settings());
        ends it;
        one.update_key(key_update("id").usd(1), it.handler());
        io.run();
        BOOST_TEST(it.code == errc::invalid_argument);
        BOOST_TEST(it.detail.find("credentials") == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_timeout_out_of_range_ends_the_call)
{
    for (const auto timeout : {0ms, -1ms, std::chrono::milliseconds::min(), std::chrono::milliseconds::max(),
                               std::chrono::milliseconds(24h) + 1ms}) {
        asio::io_context io;
        client one(io.get_executor(), someone(), settings());
        ends it;
        one.update_key(key_update("id").usd(1), call_options().timeout(timeout), it.handler());
        io.run();
        BOOST_TEST(it.code == errc::invalid_argument);
        BOOST_TEST(it.detail.find("call_options::timeout") == 0u);
    }
}

BOOST_AUTO_TEST_CASE(closing_with_nothing_under_way_is_a_success_and_later_calls_are_closed)
{
    for (const threading how : both) {
        asio::io_context io;
        client one(io.get_executor(), someone(), settings(how));
        ends closed;
        one.close(0ms, closed.handler());
        io.run();
        BOOST_TEST(closed.count == 1u);
        BOOST_TEST(closed.code == boost::system::error_code());
        ends update;
        ends warm;
        ends again;
        one.update_key(key_update("id").usd(1), update.handler());
        one.warm_up(2, warm.handler());
        one.close(1s, again.handler());
        io.restart();
        io.run();
        BOOST_TEST(update.code == errc::closed);
        BOOST_TEST(warm.code == errc::closed);
        BOOST_TEST(again.code == boost::system::error_code());
        BOOST_TEST(update.count + warm.count + again.count == 3u);
    }
}

BOOST_AUTO_TEST_CASE(a_call_started_before_the_end_of_its_client_is_closed)
{
    for (const threading how : both) {
        asio::io_context io;
        ends update;
        ends refused;
        {
            client one(io.get_executor(), someone(), settings(how));
            one.close(0ms, [](result<void>) {});
            one.update_key(key_update("id").usd(1), update.handler());
            one.update_key(bad_update(), refused.handler());
        }
        io.run();
        for (const ends* each : {&update, &refused}) {
            BOOST_TEST(each->count == 1u);
            BOOST_TEST(each->code == errc::closed);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_operation_started_after_the_end_of_its_client_is_closed)
{
    asio::io_context io;
    std::optional<client> one(std::in_place, io.get_executor(), someone(), settings());
    auto update = one->update_key(key_update("id").usd(1));
    auto warm = one->warm_up(1);
    auto close = one->close(1s);
    one.reset();
    io.run();
    io.restart();
    ends first;
    ends second;
    ends third;
    std::move(update)(first.handler());
    std::move(warm)(second.handler());
    std::move(close)(third.handler());
    BOOST_TEST(first.count + second.count + third.count == 0u);
    io.run();
    for (const ends* each : {&first, &second, &third}) {
        BOOST_TEST(each->count == 1u);
        BOOST_TEST(each->code == errc::closed);
    }
}

BOOST_AUTO_TEST_CASE(a_client_may_be_destroyed_inside_one_of_its_handlers)
{
    for (const threading how : both) {
        asio::io_context io;
        std::optional<client> one(std::in_place, io.get_executor(), someone(), settings(how));
        ends later;
        bool reached = false;
        one->update_key(bad_update(), [&](result<api_key>) {
            one.reset();
            reached = true;
        });
        one->update_key(bad_update(), later.handler());
        io.run();
        BOOST_TEST(reached);
        BOOST_TEST(later.count == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_client_that_is_moved_takes_its_calls_with_it)
{
    asio::io_context io;
    ends it;
    client one(io.get_executor(), someone(), settings());
    one.update_key(bad_update(), it.handler());
    client other(std::move(one));
    io.run();
    BOOST_TEST(it.code == errc::invalid_argument);
    other = client(io.get_executor(), someone(), settings());
    ends again;
    other.update_key(bad_update(), again.handler());
    io.restart();
    io.run();
    BOOST_TEST(again.count == 1u);
}

BOOST_AUTO_TEST_CASE(a_context_with_an_idle_client_runs_out_of_work)
{
    asio::io_context io;
    client one(io.get_executor(), someone(), settings());
    ends it;
    one.update_key(bad_update(), it.handler());
    io.run();
    BOOST_TEST(io.stopped());
    BOOST_TEST(it.count == 1u);
}

BOOST_AUTO_TEST_CASE(a_token_that_is_replaced_faster_than_turns_are_run_asks_for_one_turn_at_a_time)
{
    asio::io_context io;
    const credentials who = someone();
    client one(io.get_executor(), who, settings(threading::single));
    for (const unsigned replacements : {100U, 1U, 7U}) {
        for (unsigned i = 0; i != replacements; ++i)
            who.replace(secret("token-" + std::to_string(i)));
        io.restart();
        BOOST_TEST(io.poll() == 1U); // handlers run
    }
}

BOOST_AUTO_TEST_CASE(settings_that_are_not_valid_throw_and_name_the_field)
{
    asio::io_context io;
    config wrong = settings();
    wrong.pipeline_depth = 0;
    BOOST_CHECK_EXCEPTION(client(io.get_executor(), someone(), wrong), request_failed, [](const request_failed& why) {
        return why.error().code == errc::invalid_argument && why.error().detail.find("pipeline_depth") == 0;
    });
    wrong = settings();
    wrong.tls.ca_file = "/no/such/file.pem";
    BOOST_CHECK_EXCEPTION(client(io.get_executor(), someone(), wrong), request_failed,
                          [](const request_failed& why) { return why.error().detail.find("tls.ca_file") == 0; });
}

BOOST_AUTO_TEST_SUITE_END()
