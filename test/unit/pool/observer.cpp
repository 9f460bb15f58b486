// What the pool tells an observer, event by event.
#include "pool/pool.hpp"

#include "support/event_recorder.hpp"
#include "support/printing.hpp"
#include "unit/support/pool_bench.hpp"

BOOST_AUTO_TEST_SUITE(unit_pool_observer)

using namespace venice_keys;
using namespace venice_keys::test;
using ::test::event_recorder;

namespace {

struct watched_bench {
    explicit watched_bench(std::size_t connections = 1, policy::error_budget_settings error_budget = {.enabled = false})
        : pool(settings(connections, error_budget, seen))
    {
    }

    static pool_settings settings(std::size_t connections, const policy::error_budget_settings& error_budget,
                                  const std::shared_ptr<event_recorder>& seen)
    {
        pool_settings made = test_pool_settings(connections);
        made.error_budget = error_budget;
        made.report = reporter(seen, "example.org", 8443);
        return made;
    }

    void expect(const texts& names) { BOOST_TEST(seen->names() == names, boost::test_tools::per_element()); }
    void expect(std::size_t line, std::string_view attribute)
    {
        BOOST_TEST(event_recorder::has(seen->line(line), attribute), seen->line(line) << " | " << attribute);
    }

    std::shared_ptr<event_recorder> seen = std::make_shared<event_recorder>();
    pool_bench pool;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_call_is_a_connection_an_attempt_and_its_end)
{
    watched_bench it;
    it.pool.add(policy::operation::update, "key");
    it.pool.pump();
    it.expect({});
    it.pool.net.now += 20ms;
    it.pool.net[0].come_up(true);
    it.expect({"connection_opened", "attempt_started"});
    it.expect(0, "venice_keys.connection.number=1");
    it.expect(0, "server.address=example.org");
    it.expect(0, "server.port=8443");
    it.expect(0, "tls.resumed=true");
    it.expect(0, "venice_keys.duration=0.02");
    it.expect(1, "venice_keys.call.number=1");
    it.expect(1, "http.request.method=PATCH");
    it.pool.net[0].finish_write();
    it.pool.net.now += 30ms;
    it.pool.answer(0, 1, "CF-RAY: abc\r\n");
    it.expect({"connection_opened", "attempt_started", "attempt_ended"});
    it.expect(2, "venice_keys.connection.number=1");
    it.expect(2, "http.response.status_code=200");
    it.expect(2, "venice_keys.request_id=abc");
    it.expect(2, "venice_keys.duration=0.03");
    BOOST_TEST(it.seen->line(2).find("error.type") == std::string::npos);
    BOOST_TEST(it.seen->line(2).find("resend_count") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_lost_connection_ends_each_attempt_and_schedules_each_retry)
{
    watched_bench it;
    it.pool.submit(1);
    it.pool.come_up_and_prove(0);
    it.pool.submit(2);
    it.pool.net[0].finish_write();
    it.seen->clear();
    it.pool.net[0].end();
    it.expect({"connection_closed", "attempt_ended", "retry_scheduled", "attempt_ended", "retry_scheduled"});
    it.expect(0, "error.type=connection_lost");
    it.expect(0, "venice_keys.connection.answered=1");
    it.expect(0, "venice_keys.connection.unanswered=2");
    for (const std::size_t line : {1U, 3U}) {
        it.expect(line, "error.type=connection_lost");
        BOOST_TEST(it.seen->line(line).find("status_code") == std::string::npos);
    }
    it.expect(1, "venice_keys.call.number=2");
    it.expect(2, "venice_keys.call.number=2");
    it.expect(2, "venice_keys.attempts=1");
    it.expect(2, "venice_keys.delay=0");
    it.seen->clear();
    it.pool.net[1].come_up();
    it.expect({"connection_opened", "attempt_started"});
    it.expect(0, "venice_keys.connection.number=2");
    it.expect(1, "http.request.resend_count=1");
    it.pool.net[1].finish_write();
    it.pool.answer(1);
    it.expect(2, "http.request.resend_count=1");
}

BOOST_AUTO_TEST_CASE(a_refusal_is_an_end_with_its_status_and_a_retry_after_a_pause)
{
    watched_bench it;
    it.pool.submit(1);
    it.pool.net[0].come_up();
    it.pool.net[0].finish_write();
    it.seen->clear();
    it.pool.answer(0, 1, {}, 503);
    it.expect({"attempt_ended", "retry_scheduled"});
    it.expect(0, "http.response.status_code=503");
    it.expect(0, "error.type=unavailable");
    it.expect(1, "http.response.status_code=503");
    it.expect(1, "error.type=unavailable");
    it.seen->clear();
    it.pool.wait_until_due();
    it.expect({"attempt_started"});
    it.expect(0, "http.request.resend_count=1");
}

BOOST_AUTO_TEST_CASE(each_connection_that_does_not_come_up_is_told_with_why)
{
    watched_bench it;
    it.pool.submit(1);
    for (std::size_t i = 0; i != 3; ++i) {
        if (i != 0)
            it.pool.wait_until_due();
        it.pool.net.now += 10ms;
        it.pool.net[i].refuse();
    }
    it.expect({"connection_failed", "connection_failed", "connection_failed"});
    it.expect(0, "error.type=connect_failed");
    it.expect(0, "venice_keys.duration=0.01");
    it.expect(2, "venice_keys.connection.number=3");
    BOOST_TEST(it.pool.calls[0].ends() == 0U);
}

BOOST_AUTO_TEST_CASE(a_retry_after_and_the_last_of_a_rate_limit_are_told_as_pacing)
{
    watched_bench it;
    it.pool.submit(1);
    it.pool.net[0].come_up();
    it.pool.net[0].finish_write();
    it.seen->clear();
    it.pool.answer(0, 1, "Retry-After: 7\r\n", 429);
    it.expect({"attempt_ended", "paced", "retry_scheduled"});
    it.expect(1, "venice_keys.token.number=1");
    it.expect(1, "venice_keys.pace.reason=retry_after");
    it.expect(1, "venice_keys.delay=7");
    it.expect(1, "venice_keys.pace.creations_only=false");
    it.seen->clear();
    it.pool.wait(8s);
    it.pool.net[0].finish_write();
    it.pool.answer(0, 1, "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 15\r\n");
    it.expect({"attempt_started", "attempt_ended", "paced"});
    it.expect(2, "venice_keys.pace.reason=rate_limit");
    it.seen->clear();
    // A creation's is of creations alone.
    watched_bench other;
    other.pool.add(policy::operation::create);
    other.pool.pump();
    other.pool.net[0].come_up();
    other.pool.net[0].finish_write();
    other.pool.answer(0, 1, "Retry-After: 7\r\n", 429);
    BOOST_TEST(other.seen->count("paced", "venice_keys.pace.creations_only=true") == 1U);
}

BOOST_AUTO_TEST_CASE(the_error_budget_tells_when_it_holds_and_when_it_lets_pass_again)
{
    watched_bench it(1, {.most = 2, .window = 30s});
    it.pool.submit(3);
    it.pool.net[0].come_up();
    for (int i = 0; i != 2; ++i) {
        it.pool.net[0].finish_write();
        it.pool.answer(0, 1, {}, 400);
    }
    BOOST_TEST(it.seen->count("error_budget_changed") == 1U);
    BOOST_TEST(it.seen->count("error_budget_changed", "venice_keys.error_budget.state=holding") == 1U);
    BOOST_TEST(it.seen->count("error_budget_changed", "venice_keys.error_budget.failures=2") == 1U);
    BOOST_TEST(it.seen->count("error_budget_changed", "venice_keys.delay=30") == 1U);
    it.seen->clear();
    it.pool.wait(30s);
    BOOST_TEST(it.seen->count("error_budget_changed", "venice_keys.error_budget.state=passing") == 1U);
    BOOST_TEST(it.seen->count("attempt_started", "venice_keys.call.number=3") == 1U);
}

BOOST_AUTO_TEST_CASE(an_error_budget_that_is_turned_off_never_says_that_it_holds)
{
    watched_bench it(1, {.most = 2, .enabled = false});
    it.pool.submit(5);
    it.pool.net[0].come_up();
    it.pool.net[0].finish_write();
    it.pool.answer(0, 1, {}, 400);
    it.pool.net[0].finish_write();
    it.pool.answer(0, 4, {}, 400);
    BOOST_TEST(it.pool.calls.back().was_answered());
    BOOST_TEST(it.seen->count("error_budget_changed") == 0U);
}

BOOST_AUTO_TEST_CASE(a_refused_token_is_told_and_so_is_its_comeback)
{
    watched_bench it(1, {});
    it.pool.submit(2);
    it.pool.net[0].come_up();
    it.pool.net[0].finish_write();
    it.seen->clear();
    it.pool.answer(0, 1, {}, 401);
    it.expect({"attempt_ended", "error_budget_changed"});
    it.expect(1, "venice_keys.error_budget.state=token_refused");
    BOOST_TEST(it.pool.calls[1].ends() == 1U); // with it, what waited
    it.seen->clear();
    it.pool.submit(1);
    it.pool.net[0].finish_write();
    it.pool.answer(0);
    it.expect({"attempt_started", "attempt_ended", "error_budget_changed"});
    it.expect(2, "venice_keys.error_budget.state=passing");
}

BOOST_AUTO_TEST_CASE(the_end_of_the_pool_ends_what_is_under_way)
{
    watched_bench it;
    it.pool.submit(2);
    it.pool.net[0].come_up();
    it.seen->clear();
    it.pool.connections.close(error(errc::closed, "done"));
    it.expect({"connection_closed", "attempt_ended"});
    it.expect(0, "error.type=closed");
    it.expect(0, "venice_keys.connection.unanswered=1");
    it.expect(1, "error.type=closed");
}

BOOST_AUTO_TEST_CASE(only_what_is_handed_to_a_socket_again_is_a_replay)
{
    watched_bench it(2);
    it.pool.submit(1);
    it.pool.come_up_and_prove(0);
    it.pool.connections.warm_up(2);
    it.pool.pump();
    it.pool.net[1].come_up();
    it.pool.submit(2); // one each
    it.pool.net[1].finish_write();
    it.pool.net[1].end();
    it.pool.net[0].end(); // in its write: what was lost before waited for the end of that, and was not sent
    it.pool.wait_until_due();
    it.pool.net[2].come_up();
    it.pool.net[2].finish_write();
    it.pool.answer(2);
    BOOST_TEST(it.seen->count("attempt_started", "http.request.resend_count=1") ==
               it.pool.connections.counters().replays);
    BOOST_TEST(it.pool.connections.counters().replays == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
