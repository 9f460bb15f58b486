// Promise 5, by status, against a server: what may pass is asked again, what can't pass is not, and the last answer is
// the error.
#include "support/scripted_world.hpp"
#include "support/world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <optional>

namespace integration_promise_05_refusals {

using namespace test;
using namespace std::chrono_literals;
using vk::errc;
using vk::fault;

struct fixture : client_world {
    fixture() : client_world(2) {}

    [[nodiscard]] vk::key_update change() const { return vk::key_update(ids[0]).usd(1); }

    // Runs one update to its end.
    updated_key update(vk::call_options options = {})
    {
        updated_key got;
        run(io, [&]() -> asio::awaitable<void> { got = co_await started().update_key(change(), options); });
        BOOST_TEST_MESSAGE(text_of(got));
        return got;
    }
    vk::result<void> remove()
    {
        vk::result<void> got;
        run(io, [&]() -> asio::awaitable<void> { got = co_await started().delete_key(ids[0]); });
        BOOST_TEST_MESSAGE(text_of(got));
        return got;
    }
    [[nodiscard]] auto requests() { return server->stats().requests; }
};

} // namespace integration_promise_05_refusals

BOOST_FIXTURE_TEST_SUITE(integration_promise_05_refusals, fixture)

BOOST_AUTO_TEST_CASE(what_passes_is_a_success)
{
    for (const unsigned status : {408U, 429U, 500U, 502U, 503U, 504U}) {
        const auto before = requests();
        server->add_fault(fault::answer(status).times(2));
        const updated_key key = update();
        BOOST_TEST(key.has_value(), text_of(key));
        BOOST_TEST(requests() - before == 3U);
        server->clear_faults();
    }
    BOOST_TEST(server->journal().size() == 6U);
    BOOST_TEST(client->stats().replays == 12U);
}

BOOST_AUTO_TEST_CASE(what_does_not_pass_is_its_last_answer)
{
    server->add_fault(fault::answer(503).times(2));
    server->add_fault(fault::answer(502).times(0));
    const updated_key key = update();
    BOOST_TEST(code_of(key) == errc::unavailable);
    BOOST_TEST(key.error().http_status == 502U);
    BOOST_TEST(key.error().attempts == 3U);
    BOOST_TEST(key.error().delivery == vk::delivery::answered);
    BOOST_TEST(key.error().server_text == "Emulated fault");
    BOOST_TEST(!key.error().request_id.empty());
    BOOST_TEST(requests() == 3U);
}

BOOST_AUTO_TEST_CASE(what_can_not_pass_is_asked_once)
{
    for (const unsigned status : {400U, 401U, 402U, 403U, 404U, 409U, 413U, 415U, 501U}) {
        const auto before = requests();
        server->add_fault(fault::answer(status));
        const updated_key key = update();
        BOOST_TEST(!key.has_value());
        BOOST_TEST(key.error().attempts == 1U);
        BOOST_TEST(key.error().http_status == status);
        BOOST_TEST(requests() - before == 1U);
    }
}

BOOST_AUTO_TEST_CASE(every_reading_operation_and_the_deletion_are_asked_again)
{
    run(io, [&]() -> asio::awaitable<void> {
        server->add_fault(fault::answer(503));
        BOOST_TEST(co_await started().list_keys());
        server->add_fault(fault::answer(503));
        BOOST_TEST(co_await started().get_key(ids[0]));
        server->add_fault(fault::answer(503));
        BOOST_TEST(co_await started().rate_limits());
        server->add_fault(fault::answer(503));
        BOOST_TEST(co_await started().rate_limit_log());
        server->add_fault(fault::answer(503));
        BOOST_TEST(co_await started().web3_challenge());
        server->add_fault(fault::answer(503));
        BOOST_TEST(co_await started().delete_key(ids[0]));
    });
    BOOST_TEST(requests() == 12U);
}

BOOST_AUTO_TEST_CASE(retry_after_is_heeded)
{
    server->add_fault(fault::answer(503).retry_after("1"));
    const auto begin = std::chrono::steady_clock::now();
    BOOST_TEST(update());
    const auto took = std::chrono::steady_clock::now() - begin;
    BOOST_TEST(took >= 1s);
    BOOST_TEST(took < 5s);
}

BOOST_AUTO_TEST_CASE(a_retry_after_beyond_the_deadline_ends_the_call_at_once)
{
    server->add_fault(fault::answer(503).retry_after("60"));
    const auto begin = std::chrono::steady_clock::now();
    const updated_key key = update(vk::call_options().timeout(10s));
    BOOST_TEST((std::chrono::steady_clock::now() - begin) < 5s);
    BOOST_TEST(code_of(key) == errc::unavailable);
    BOOST_TEST(key.error().http_status == 503U);
    BOOST_TEST(key.error().retry_after == 60s);
    BOOST_TEST(key.error().attempts == 1U);
    BOOST_TEST(requests() == 1U);
}

BOOST_AUTO_TEST_CASE(a_call_whose_time_runs_out_in_its_pause_tells_what_the_server_said)
{
    settings.retry.base_delay = 60s;
    settings.retry.max_delay = 60s;
    server->add_fault(fault::answer(503).retry_after("1"));
    // Some of the random pauses end before the deadline: then it is the second answer that takes too long.
    server->add_fault(fault::stall().times(0));
    const updated_key key = update(vk::call_options().timeout(1'500ms));
    BOOST_REQUIRE(!key.has_value());
    BOOST_TEST(key.error().message().find("Emulated fault") != std::string::npos, key.error().message());
    BOOST_TEST(key.error().attempts >= 1U);
}

BOOST_AUTO_TEST_CASE(a_call_that_is_cancelled_in_its_pause_is_not_asked_again)
{
    server->add_fault(fault::answer(503).retry_after("1").times(0));
    asio::cancellation_signal signal;
    std::optional<updated_key> got;
    started().update_key(change(),
                         asio::bind_cancellation_slot(signal.slot(), [&](updated_key key) { got = std::move(key); }));
    BOOST_REQUIRE(run_until(io, [&] { return started().stats().replies == 1; }));
    signal.emit(asio::cancellation_type::total); // it is not written now
    BOOST_REQUIRE(run_until(io, [&] { return got.has_value(); }));
    BOOST_TEST(code_of(*got) == errc::cancelled);
    BOOST_TEST(got->error().attempts == 1U);
    BOOST_TEST(got->error().delivery == vk::delivery::answered);
    BOOST_TEST(!run_until(
        io, [&] { return requests() > 1; }, 1'200ms));
}

BOOST_AUTO_TEST_CASE(the_budget_ends_repeats_that_attempts_would_allow)
{
    settings.retry.max_attempts = 50;
    settings.retry.budget = 4;
    settings.error_budget.enabled = false;
    server->add_fault(fault::answer(500).times(0));
    const updated_key key = update();
    BOOST_TEST(code_of(key) == errc::server_error);
    BOOST_TEST(key.error().attempts == 5U);
}

BOOST_AUTO_TEST_CASE(a_deletion_whose_answer_was_lost_finds_nothing_and_is_a_success)
{
    server->add_fault(fault::reset().applied(fault::apply::before));
    BOOST_TEST(remove());
    BOOST_TEST(requests() == 2U);
    BOOST_TEST(server.ids() == std::vector<std::string>{ids[1]}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_deletion_that_failed_half_way_finds_nothing_and_is_a_success)
{
    server->add_fault(fault::answer(500).applied(fault::apply::before));
    BOOST_TEST(remove());
    BOOST_TEST(requests() == 2U);
}

BOOST_AUTO_TEST_CASE(a_first_deletion_that_finds_nothing_is_not_found)
{
    BOOST_TEST(remove());
    const vk::result<void> again = remove();
    BOOST_TEST(code_of(again) == errc::not_found);
    BOOST_TEST(again.error().attempts == 1U);
}

BOOST_AUTO_TEST_CASE(a_deletion_that_was_only_put_off_before_finds_nothing_and_is_not_found)
{
    BOOST_TEST(remove());
    server->add_fault(fault::answer(429));
    const vk::result<void> again = remove();
    BOOST_TEST(code_of(again) == errc::not_found);
    BOOST_TEST(again.error().attempts == 2U);
}

BOOST_AUTO_TEST_CASE(an_update_that_finds_nothing_is_not_found_also_when_it_is_repeated)
{
    BOOST_TEST(remove());
    server->add_fault(fault::reset());
    const updated_key key = update();
    BOOST_TEST(code_of(key) == errc::not_found);
    BOOST_TEST(key.error().attempts == 2U);
    BOOST_TEST(key.error().delivery == vk::delivery::sent_unanswered); // the worst of its attempts
}

namespace {

// A deletion whose first request is lost, and whose second is answered so.
vk::result<void> delete_again(const std::string& answer)
{
    scripted_world world([&answer](scripted_connection& here) {
        here.read_request();
        if (here.number() != 0)
            here.send(answer);
        here.cut();
    });
    std::optional<vk::result<void>> gone;
    world.start().delete_key("key", [&gone](vk::result<void> how) { gone = std::move(how); });
    BOOST_REQUIRE(run_until(world.io, [&gone] { return gone.has_value(); }));
    BOOST_TEST(world.server.requests().size() == 2U);
    return std::move(*gone);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_repeated_deletion_that_finds_nothing_is_a_success_by_400_and_by_404)
{
    for (const unsigned status : {400U, 404U})
        BOOST_TEST(delete_again(reply(status, R"({"error":"API key could not be found"})")).has_value(), status);
}

BOOST_AUTO_TEST_CASE(a_repeated_deletion_that_is_refused_for_something_else_is_no_success)
{
    BOOST_TEST(code_of(delete_again(reply(404, R"({"error":"Not Found"})"))) == errc::unexpected_status);
    BOOST_TEST(code_of(delete_again(reply(404, "<title>404</title>"))) == errc::unexpected_status);
    BOOST_TEST(code_of(delete_again(reply(400, R"({"error":"Invalid API key id"})"))) == errc::invalid_request);
}

BOOST_AUTO_TEST_SUITE_END()
