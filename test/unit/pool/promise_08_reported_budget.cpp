// Promise 8: what the answers say of the error budget, of the token and of themselves; and what is staged is held back
// as well as what waits.
#include "support/printing.hpp"
#include "unit/support/pool_bench.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_pool_promise_08_reported_budget)

using namespace venice_keys;
using namespace venice_keys::test;
using boost::test_tools::per_element;

namespace {

std::string budget(std::uint64_t remaining, std::uint64_t resets_in_seconds)
{
    return "x-ratelimit-remaining: " + std::to_string(remaining) +
           "\r\nX-RateLimit-Resets: " + std::to_string((wall_at_start + resets_in_seconds) * 1'000) + "\r\n";
}

pool_settings with_error_budget(std::size_t connections = 1)
{
    pool_settings settings = test_pool_settings(connections);
    settings.error_budget = {};
    return settings;
}

// One connection, on which requests `1` and `2` are written, and `3` to `5` are staged behind the write.
struct staged_bench {
    explicit staged_bench(const pool_settings& settings = test_pool_settings(1)) : it(settings)
    {
        it.submit(1);
        it.come_up_and_prove(0);
        it.submit(2);
        it.submit(3);
        BOOST_TEST(it.unanswered(0) == (texts{"1", "2"}), per_element());
    }
    // The server answers the next with these fields, and the write ends.
    void answer_during_write(std::string_view fields, unsigned status, std::string_view body)
    {
        ++it.answered_on[0];
        it.net[0].bring(answer_to(body, fields, status));
        it.net[0].finish_write();
    }

    pool_bench it;
};

} // namespace

BOOST_AUTO_TEST_CASE(retry_after_holds_what_is_staged_behind_a_write)
{
    for (const unsigned status : {429U, 503U}) {
        staged_bench staged;
        pool_bench& it = staged.it;
        staged.answer_during_write("Retry-After: 5\r\n", status, "");
        BOOST_TEST(it.unanswered(0) == texts{"2"}, per_element());
        it.answer(0);
        it.wait(4'999ms);
        BOOST_TEST(it.unanswered(0).empty());
        it.wait(1ms);
        BOOST_TEST(it.unanswered(0) == (texts{"1", "3", "4", "5"}), per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_rate_limit_holds_what_is_staged_beyond_it)
{
    staged_bench staged;
    pool_bench& it = staged.it;
    staged.answer_during_write(quota(2, 60), 200, "1");
    BOOST_TEST(it.unanswered(0) == (texts{"2", "3"}), per_element());
    it.answer(0, 1, quota(1, 60));
    BOOST_TEST(it.unanswered(0) == texts{"3"}, per_element());
}

BOOST_AUTO_TEST_CASE(a_spent_budget_holds_what_is_staged_and_what_waits_for_half_a_minute)
{
    staged_bench staged;
    pool_bench& it = staged.it;
    staged.answer_during_write("", 429, "spent");
    it.add(operation::get, {}, it.net.now + 30s); // 6: too late
    it.add(operation::get, {}, it.net.now + 31s); // 7
    it.pump();
    BOOST_TEST(it.unanswered(0) == texts{"2"}, per_element());
    BOOST_TEST_REQUIRE(it.calls[6].ends() == 1u);
    BOOST_TEST(it.calls[6].why()->code == errc::error_budget_spent);
    BOOST_TEST(it.calls[6].why()->retry_after == 30s);
    BOOST_TEST(it.calls[6].why()->delivery == delivery::not_sent);
    it.answer(0);
    it.wait(29'999ms);
    BOOST_TEST(it.unanswered(0).empty());
    it.wait(1ms);
    BOOST_TEST(it.unanswered(0) == (texts{"1", "3", "4", "5", "7"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_spent_budget_with_no_time_to_wait_holds_for_half_a_minute_too)
{
    pool_bench it(with_error_budget());
    it.submit(1);
    it.come_up_and_prove(0);
    it.add(operation::get, {}, it.net.now + 31s);
    it.pump();
    it.net[0].finish_write();
    it.net[0].bring(answer_to("spent", "Retry-After: 0\r\n", 429));
    it.wait(29'999ms);
    BOOST_TEST(it.net[0].requests().size() == 2u);
    it.wait(1ms);
    BOOST_TEST(it.net[0].requests().size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_spent_budget_lasts_until_the_reset_that_the_answer_tells)
{
    staged_bench staged;
    pool_bench& it = staged.it;
    staged.answer_during_write(budget(0, 12), 429, "spent");
    it.answer(0);
    it.wait(11'999ms);
    BOOST_TEST(it.unanswered(0).empty());
    it.wait(1ms);
    BOOST_TEST(it.unanswered(0) == (texts{"1", "3", "4", "5"}), per_element());
}

BOOST_AUTO_TEST_CASE(whoever_is_refused_for_a_spent_budget_without_the_time_to_wait_ends_with_that_refusal)
{
    pool_bench it(with_error_budget());
    it.add(operation::get, {}, it.net.now + 20s);
    it.pump();
    it.net[0].come_up();
    it.net[0].finish_write();
    it.net[0].bring(answer_to("spent", "", 429));
    BOOST_TEST(it.calls[0].was_answered());
    BOOST_TEST(it.calls[0].why()->code == errc::error_budget_spent);
    BOOST_TEST(it.calls[0].attempts() == 1u);
}

BOOST_AUTO_TEST_CASE(retry_after_to_a_creation_leaves_what_else_is_staged)
{
    pool_bench it(test_pool_settings(2));
    it.add(operation::create); // 0
    it.pump();
    it.net[0].come_up();
    it.net[0].finish_write();
    it.submit(2); // on the other connection
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.net[1].come_up();
    it.net[1].finish_write();
    it.answer(1);
    it.submit(2); // behind the write of 2
    it.answer(0, 1, "Retry-After: 60\r\n", 429);
    it.net[1].finish_write();
    BOOST_TEST(it.unanswered(0).size() + it.unanswered(1).size() == 3u);
}

BOOST_AUTO_TEST_CASE(what_the_service_says_is_left_holds_back_until_the_reset)
{
    pool_bench it(with_error_budget());
    it.submit(4);
    it.come_up_and_prove(0, budget(4, 20)); // the reserve
    BOOST_TEST(it.unanswered(0).empty());
    BOOST_TEST(it.connections.wait_of(it.calls[1], "") == "room in the error budget of its token");
    it.add(operation::get, {}, it.net.now + 20s);
    it.pump();
    BOOST_TEST_REQUIRE(it.calls[4].ends() == 1u);
    BOOST_TEST(it.calls[4].why()->code == errc::error_budget_spent);
    BOOST_TEST(it.calls[4].why()->retry_after == 20s);
    it.wait(19'999ms);
    BOOST_TEST(it.unanswered(0).empty());
    it.wait(1ms);
    // One, carefully, until an answer tells, and none for the success before.
    BOOST_TEST(it.unanswered(0) == texts{"1"}, per_element());
}

BOOST_AUTO_TEST_CASE(the_two_families_are_not_confused)
{
    // What each of them holds of ten calls behind the first.
    const auto sent_after = [](const std::string& fields, bool enabled = true) {
        pool_settings settings = with_error_budget();
        settings.error_budget.enabled = enabled;
        pool_bench it(settings);
        it.submit(8);
        it.come_up_and_prove(0, fields);
        return it.unanswered(0).size();
    };
    BOOST_TEST(sent_after("") == 7u);
    BOOST_TEST(sent_after(budget(50, 20)) == 7u);
    BOOST_TEST(sent_after(quota(3, 60)) == 3u);
    BOOST_TEST(sent_after(quota(3, 60) + budget(50, 20)) == 3u);
    BOOST_TEST(sent_after(budget(50, 20) + quota(3, 60)) == 3u);
    BOOST_TEST(sent_after(budget(5, 20) + quota(100, 60)) == 1u);
    BOOST_TEST(sent_after(quota(100, 60) + budget(5, 20)) == 1u);
    BOOST_TEST(sent_after(budget(0, 20)) == 0u);
    BOOST_TEST(sent_after(budget(0, 20), false) == 7u);
    // Nothing by halves, of the past, too far ahead, or no number.
    const std::string soon = std::to_string((wall_at_start + 20) * 1'000);
    for (const std::string& fields : std::initializer_list<std::string>{
             "x-ratelimit-remaining: 0\r\n", "x-ratelimit-resets: " + soon + "\r\n",
             "x-ratelimit-remaining: 0\r\nx-ratelimit-reset-requests: 60\r\n",
             "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-resets: " + soon + "\r\n",
             "x-ratelimit-remaining: 0\r\nx-ratelimit-reset: " + soon + "\r\n",
             "x-ratelimit-remaining-tokens: 0\r\nx-ratelimit-reset-tokens: 60\r\n",
             "x-ratelimit-remaining: none\r\nx-ratelimit-resets: " + soon + "\r\n",
             "x-ratelimit-remaining: -1\r\nx-ratelimit-resets: " + soon + "\r\n",
             "x-ratelimit-remaining: \r\nx-ratelimit-resets: " + soon + "\r\n",
             "x-ratelimit-remaining: 0\r\nx-ratelimit-resets: soon\r\n",
             "x-ratelimit-remaining: 0\r\nx-ratelimit-resets: 99999999999999999999999\r\n",
             "x-ratelimit-remaining: 0\r\nx-ratelimit-resets: " + std::to_string(wall_at_start * 1'000) + "\r\n",
             "x-ratelimit-remaining: 0\r\nx-ratelimit-resets: " + std::to_string((wall_at_start + 86'401) * 1'000) +
                 "\r\n"})
        BOOST_TEST(sent_after(fields) == 7u, fields);
}

BOOST_AUTO_TEST_CASE(the_reset_of_the_budget_is_by_the_servers_clock)
{
    pool_bench it(with_error_budget());
    it.submit(2);
    it.come_up_and_prove(0, "Date: Sun, 06 Nov 1994 09:49:37 GMT\r\n" + budget(0, 3'610)); // an hour ahead
    it.wait(9'999ms);
    BOOST_TEST(it.unanswered(0).empty());
    it.wait(1ms);
    BOOST_TEST(it.unanswered(0) == texts{"1"}, per_element());
}

BOOST_AUTO_TEST_CASE(a_key_that_is_no_admin_key_ends_one_call_and_holds_no_other)
{
    pool_bench it(with_error_budget());
    it.submit(3);
    it.net[0].come_up();
    it.net[0].finish_write();
    BOOST_TEST(it.unanswered(0) == texts{"0"}, per_element());
    ++it.answered_on[0];
    it.net[0].bring(answer_to("no admin", "", 401));
    BOOST_TEST(it.calls[0].was_answered());
    BOOST_TEST(it.calls[0].why()->code == errc::forbidden);
    BOOST_TEST(it.unanswered(0) == (texts{"1", "2"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_refused_token_ends_what_is_staged_with_it)
{
    staged_bench staged(with_error_budget());
    pool_bench& it = staged.it;
    staged.answer_during_write("", 401, "1");
    BOOST_TEST(it.unanswered(0) == texts{"2"}, per_element());
    for (const std::size_t i : {3u, 4u, 5u}) {
        BOOST_TEST_REQUIRE(it.calls[i].ends() == 1u);
        BOOST_TEST(it.calls[i].why()->code == errc::authentication_failed);
        BOOST_TEST(it.calls[i].why()->delivery == delivery::not_sent);
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_that_breaks_off_is_a_refusal_and_is_not_asked_for_again)
{
    pool_settings settings = with_error_budget();
    settings.session.reply.body_bytes = 100;
    for (const unsigned status : {400U, 404U, 422U, 302U})
        for (const char* const rest :
             {"Content-Length: 101\r\n\r\n", "Content-Encoding: gzip\r\n\r\n", "Content-Length: 5\r\n\r\nab",
              "Content-Length: five\r\n\r\n", "Content-Le", "", " folded: no\r\n\r\n"}) {
            pool_bench it(settings);
            it.add(operation::update, "a");
            it.submit(1);
            it.net[0].come_up();
            it.net[0].finish_write();
            it.net[0].bring("HTTP/1.1 " + std::to_string(status) + " So\r\n" + rest);
            if (it.net[0].open())
                it.net[0].end(false);
            BOOST_TEST_CONTEXT(status << " " << rest)
            {
                BOOST_TEST_REQUIRE(it.calls[0].was_answered());
                BOOST_TEST(it.calls[0].why()->http_status == status);
                BOOST_TEST(it.calls[0].delivery() == delivery::answered);
                BOOST_TEST(it.calls[0].attempts() == 1u);
                BOOST_TEST(it.calls[1].ends() == 0u); // it had not been written
            }
        }
}

BOOST_AUTO_TEST_CASE(a_refusal_that_stalls_in_its_body_is_a_refusal)
{
    pool_bench it(with_error_budget());
    it.submit(1);
    it.net[0].come_up();
    it.net[0].finish_write();
    it.net[0].bring("HTTP/1.1 404 So\r\nContent-Length: 5\r\n\r\nab");
    it.wait_until_due();
    BOOST_TEST(it.calls[0].was_answered());
    BOOST_TEST(it.calls[0].why()->http_status == 404u);
}

BOOST_AUTO_TEST_CASE(a_refusal_that_breaks_off_costs_those_behind_it_only_their_connection)
{
    pool_bench it(test_pool_settings(1));
    it.submit(3);
    it.come_up_and_prove(0);
    it.net[0].bring("HTTP/1.1 400 So\r\nContent-Encoding: br\r\n\r\n");
    BOOST_TEST(it.calls[1].was_answered());
    BOOST_TEST(it.calls[2].ends() == 0u);
    it.wait({});
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.come_up_and_prove(1);
    BOOST_TEST(it.calls[2].was_answered());
    BOOST_TEST(!it.calls[2].why().has_value());
}

BOOST_AUTO_TEST_CASE(refusals_that_break_off_count)
{
    pool_bench it(with_error_budget(20));
    it.submit(40);
    std::size_t seen = 0;
    for (bool moved = true; moved;) {
        moved = false;
        for (std::size_t i = 0; i < it.net.made.size(); ++i) {
            if (it.net[i].connecting())
                it.net[i].come_up();
            if (!it.net[i].open() || it.unanswered(i).empty())
                continue;
            it.net[i].finish_write();
            it.net[i].bring("HTTP/1.1 400 So\r\nContent-Encoding: br\r\n\r\n");
            moved = true;
            ++seen;
        }
    }
    BOOST_TEST(seen == 16u);
}

BOOST_AUTO_TEST_CASE(half_a_401_says_nothing_of_the_token)
{
    pool_bench it(with_error_budget());
    it.submit(2);
    it.net[0].come_up();
    it.net[0].finish_write();
    it.net[0].bring("HTTP/1.1 401 So\r\nContent-Encoding: br\r\n\r\n");
    BOOST_TEST(it.calls[0].was_answered());
    BOOST_TEST(it.calls[1].ends() == 0u);
}

BOOST_AUTO_TEST_CASE(half_a_success_is_no_answer)
{
    pool_bench it(with_error_budget());
    it.submit(1);
    it.net[0].come_up();
    it.net[0].finish_write();
    it.net[0].bring("HTTP/1.1 200 So\r\nContent-Length: 5\r\n\r\nab");
    it.net[0].end(false);
    BOOST_TEST(it.calls[0].ends() == 0u); // it is asked again
}

BOOST_AUTO_TEST_SUITE_END()
