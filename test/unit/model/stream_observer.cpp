#include <venice_keys/stream_observer.hpp>

#include "support/printing.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <ios>
#include <latch>
#include <map>
#include <optional>
#include <sstream>
#include <streambuf>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_model_stream_observer)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace std::chrono_literals;

namespace {

using attempts = stream_observer::attempts;

const std::string beginning = "2026-11-25T07:00:00.123Z venice_keys ";

timestamp a_morning()
{
    return parse_timestamp("2026-11-25T07:00:00.123Z").value();
}

struct bench {
    std::ostringstream out;
    stream_observer observer{out, attempts::shown, a_morning};

    // The lines since the last look, without what they all begin with.
    std::string lines()
    {
        std::string text = out.str();
        out.str("");
        for (std::size_t at = 0; (at = text.find(beginning, at)) != std::string::npos;)
            text.erase(at, beginning.size());
        return text;
    }

    // How a text is shown as a value.
    std::string shown(std::string_view text)
    {
        observer.attempt_ended({.connection = {}, .request = {}, .request_id = text});
        const std::string line = lines();
        const std::string_view name = " venice_keys.request_id=";
        const std::size_t start = line.find(name) + name.size();
        return line.substr(start, line.rfind(" venice_keys.duration=") - start);
    }
};

const event::connection_label connection{1, "localhost", 8443, "1.1"};
const event::request_label request{3, "PATCH", "/api_keys"};

// One of each event.
void tell_everything(observer& to)
{
    const error why{errc::connection_lost, "idle"};
    to.connection_opened({connection, "1.3", false, 8ms});
    to.connection_failed({connection, why, 8ms});
    to.connection_closed({connection, why, 2, 1, 8ms});
    to.attempt_started({connection, request, 0});
    to.attempt_ended({connection, request, 0, 200, {}, "", 8ms});
    to.retry_scheduled({request, 1, 8ms, errc::connection_lost, 0});
    to.paced({1, pace_reason::rate_limit, 8ms, false});
    to.error_budget_changed({1, error_budget_state::holding, 16, 0, 8ms});
    to.pipelining_judged({pipelining_state::works});
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_line_has_the_time_the_event_and_its_attributes, bench)
{
    observer.attempt_ended({connection, request, 1, 404, errc::not_found, "8f2c-FRA", 1'234'567ns});
    BOOST_TEST(out.str() == "2026-11-25T07:00:00.123Z venice_keys attempt_ended venice_keys.connection.number=1 "
                            "server.address=localhost server.port=8443 venice_keys.call.number=3 "
                            "http.request.method=PATCH url.template=/api_keys http.request.resend_count=1 "
                            "network.protocol.version=1.1 http.response.status_code=404 error.type=not_found "
                            "venice_keys.request_id=8f2c-FRA venice_keys.duration=0.001234567\n");
}

BOOST_FIXTURE_TEST_CASE(each_event_has_a_line, bench)
{
    tell_everything(observer);
    const std::string where = " venice_keys.connection.number=1 server.address=localhost server.port=8443";
    const std::string what = " venice_keys.call.number=3 http.request.method=PATCH url.template=/api_keys";
    const std::string why = " error.type=connection_lost venice_keys.error.detail=idle";
    const std::string time = " venice_keys.duration=0.008\n";
    BOOST_TEST(lines() ==
               "connection_opened" + where +
                   " network.protocol.name=http network.protocol.version=1.1 tls.protocol.version=1.3 "
                   "tls.resumed=false" +
                   time + "connection_failed" + where + why + time + "connection_closed" + where + why +
                   " venice_keys.connection.answered=2 venice_keys.connection.unanswered=1" + time + "attempt_started" +
                   where + what + "\nattempt_ended" + where + what +
                   " network.protocol.version=1.1 http.response.status_code=200" + time + "retry_scheduled" + what +
                   " venice_keys.attempts=1 venice_keys.delay=0.008 error.type=connection_lost\n"
                   "paced venice_keys.token.number=1 venice_keys.pace.reason=rate_limit venice_keys.delay=0.008 "
                   "venice_keys.pace.creations_only=false\n"
                   "error_budget_changed venice_keys.token.number=1 venice_keys.error_budget.state=holding "
                   "venice_keys.error_budget.failures=16 "
                   "venice_keys.error_budget.allowed_in_flight=0 venice_keys.delay=0.008\n"
                   "pipelining_judged venice_keys.pipelining.state=works\n");
}

BOOST_AUTO_TEST_CASE(attempts_can_be_left_out)
{
    std::ostringstream out;
    stream_observer quiet{out, attempts::left_out, a_morning};
    tell_everything(quiet);
    const std::string text = out.str();
    BOOST_TEST(std::ranges::count(text, '\n') == 7);
    BOOST_TEST(text.find("venice_keys attempt_") == std::string::npos);
    BOOST_TEST(text.find("venice_keys retry_scheduled") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_value_that_is_not_one_plain_word_is_quoted, bench)
{
    BOOST_TEST(shown("8f2c-FRA") == "8f2c-FRA");
    BOOST_TEST(shown("two words") == "\"two words\"");
    BOOST_TEST(shown("a=b") == "\"a=b\"");
    BOOST_TEST(shown("say \"no\"") == R"("say \"no\"")");
    BOOST_TEST(shown("\"") == R"("\"")");
    BOOST_TEST(shown("a\\b") == R"("a\\b")");
    BOOST_TEST(shown("grün") == "grün");
    const error nothing{errc::closed};
    observer.connection_failed({{1, "", 1}, nothing, 0ns});
    BOOST_TEST(lines().find(" server.address=\"\" ") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(control_characters_never_reach_the_stream, bench)
{
    BOOST_TEST(shown("a\nb\r\n\tc") == "\"a b c\"");
    BOOST_TEST(shown("\x1B[2J") == "[2J");
    BOOST_TEST(shown("a\u202Eb") == "a?b"); // turns the direction of writing
    BOOST_TEST(shown("a\xFF") == "a?");
    for (int code = 0; code != 0x20; ++code) {
        const std::string text{'a', static_cast<char>(code), 'b'};
        BOOST_TEST(shown(text) == "\"a b\"", code);
    }
    BOOST_TEST(shown("a\x7F"
                     "b") == "\"a b\"");
    BOOST_TEST(shown("a\u009Bb") == "\"a b\"");
}

BOOST_FIXTURE_TEST_CASE(a_long_value_is_cut, bench)
{
    BOOST_TEST(shown(std::string(1'000, 'x')) == std::string(1'000, 'x'));
    BOOST_TEST(shown(std::string(100'000, 'x')) == std::string(1'000, 'x'));
}

BOOST_FIXTURE_TEST_CASE(a_time_is_a_plain_decimal_number_of_seconds, bench)
{
    const std::pair<std::chrono::nanoseconds, std::string> cases[] = {
        {0ns, "0"}, {1ns, "0.000000001"}, {100us, "0.0001"}, {1s, "1"}, {90min, "5400"}, {1234567ns, "0.001234567"}};
    for (const auto& [time, text] : cases) {
        observer.paced({.wait = time});
        BOOST_TEST(lines().find(" venice_keys.delay=" + text + " ") != std::string::npos, text);
    }
}

BOOST_AUTO_TEST_CASE(the_systems_clock_is_used_when_none_is_given)
{
    std::ostringstream out;
    stream_observer observer{out};
    const timestamp before = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    observer.paced({});
    const timestamp after = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const std::optional<timestamp> told = parse_timestamp(out.str().substr(0, beginning.find(' ')));
    BOOST_REQUIRE(told.has_value());
    BOOST_TEST(*told >= before);
    BOOST_TEST(*told <= after);
}

BOOST_AUTO_TEST_CASE(several_threads_may_share_it)
{
    std::ostringstream out;
    std::atomic<bool> inside = false;
    std::atomic<int> overlaps = 0;
    const auto slow_clock = [&] {
        if (inside.exchange(true))
            ++overlaps;
        std::this_thread::yield(); // asks the others in
        inside = false;
        return a_morning();
    };
    stream_observer observer{out, attempts::shown, slow_clock};
    std::latch ready{4};
    std::vector<std::thread> threads;
    for (std::uint64_t number = 1; number <= 4; ++number) {
        threads.emplace_back([&, number] {
            ready.arrive_and_wait();
            for (int i = 0; i != 500; ++i)
                observer.attempt_started({{number, "a host", 443}, request, 0});
        });
    }
    for (std::thread& one : threads)
        one.join();
    BOOST_TEST(overlaps == 0);
    std::map<std::string, int> lines;
    std::istringstream in{out.str()};
    for (std::string line; std::getline(in, line);)
        ++lines[line];
    BOOST_TEST(lines.size() == 4u); // whole lines only, each 500 times
    for (const auto& [line, times] : lines)
        BOOST_TEST(times == 500, line);
}

BOOST_AUTO_TEST_CASE(it_writes_each_line_at_once_and_does_not_flush)
{
    struct counting_buffer : std::stringbuf {
        int flushes = 0;
        int writes = 0;
        int sync() override
        {
            ++flushes;
            return 0;
        }
        std::streamsize xsputn(const char* text, std::streamsize size) override
        {
            ++writes;
            return std::stringbuf::xsputn(text, size);
        }
    };
    counting_buffer buffer;
    std::ostream out{&buffer};
    stream_observer observer{out};
    tell_everything(observer);
    BOOST_TEST(buffer.writes == 9);
    BOOST_TEST(buffer.flushes == 0);
}

BOOST_AUTO_TEST_CASE(a_stream_that_throws_loses_the_line_and_no_more)
{
    struct full : std::streambuf {
        std::streamsize xsputn(const char*, std::streamsize) override { throw std::ios_base::failure("full"); }
    };
    full buffer;
    std::ostream out{&buffer};
    out.exceptions(std::ios::badbit | std::ios::failbit);
    stream_observer observer{out, attempts::shown, a_morning};
    observer.paced({});
    BOOST_TEST(out.bad());
    std::ostringstream good;
    out.rdbuf(good.rdbuf()); // clears the state as well
    observer.paced({});
    BOOST_TEST(good.str().starts_with(beginning + "paced"));
}

BOOST_AUTO_TEST_SUITE_END()
