// What the state of a token does to the calls that wait for it: who is held back, woken, told to give up, moved and
// forgotten, and what that costs when there are many.
#include "support/printing.hpp"
#include "unit/support/admission_bench.hpp"

#include <chrono>
#include <limits>

BOOST_AUTO_TEST_SUITE(unit_pool_token_table)

using namespace venice_keys;
using namespace venice_keys::test;
using boost::test_tools::per_element;
using policy::hold;
using policy::request_kind;

namespace {

policy::error_budget_settings at_most(std::size_t most)
{
    policy::error_budget_settings settings;
    settings.most = most;
    settings.strict = true;
    return settings;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_error_budget_holds_back_what_no_success_gives_credit_for)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("t");
    bench.add_many(mine, 40);
    BOOST_TEST(bench.send() == range(0, 6), per_element());
    BOOST_TEST(bench.it.tokens().held_by(bench.calls[6], bench.now) == hold::error_budget);
    BOOST_TEST(bench.it.tokens().ready_calls() == 0u);
    BOOST_TEST(bench.it.deadline() == time_point::max()); // only answers help
    BOOST_TEST(bench.give_up().empty());
    bench.answer(0);
    BOOST_TEST(bench.send() == (numbers{6, 7, 8, 9}), per_element()); // its place, and three more for the success
    bench.answer(1, 404);
    BOOST_TEST(bench.send().empty());
}

BOOST_AUTO_TEST_CASE(a_lost_request_makes_room_as_an_answer_does)
{
    admission_bench bench(at_most(2));
    account_queues& mine = bench.open_account("t");
    bench.add_many(mine, 3);
    BOOST_TEST(bench.send() == range(0, 2), per_element());
    bench.it.tokens().sent_forgotten(bench.calls[0]);
    BOOST_TEST(bench.send() == numbers{2}, per_element());
}

BOOST_AUTO_TEST_CASE(failures_are_forgotten_in_time_and_what_waits_goes_then)
{
    admission_bench bench(at_most(16));
    account_queues& mine = bench.open_account("t");
    bench.add_many(mine, 40);
    bench.answer_all(bench.send(), 404);
    BOOST_TEST(bench.send().empty());
    BOOST_TEST(bench.give_up().empty()); // they have all the time
    bench.wait(30s);
    BOOST_TEST(bench.send() == range(16, 32), per_element());
}

BOOST_AUTO_TEST_CASE(who_cannot_be_served_in_time_is_told_at_once_and_the_others_keep_their_places)
{
    admission_bench bench(at_most(16));
    account_queues& mine = bench.open_account("t");
    bench.add_many(mine, 16);
    const numbers sent = bench.send();
    bench.add(mine);                                            // 16
    bench.add(mine, operation::get, {}, bench.now + 30s);       // 17: when the first failure is forgotten, too late
    bench.add(mine, operation::get, {}, bench.now + 30s + 1ms); // 18
    bench.add(mine, operation::get, {}, bench.now + 1s);        // 19
    bench.answer_all(sent, 404);
    BOOST_TEST(bench.send().empty());
    BOOST_TEST(bench.give_up() == (numbers{17, 19}), per_element());
    BOOST_TEST(bench.last.code == errc::error_budget_spent);
    BOOST_TEST_REQUIRE(bench.last.retry_after.has_value());
    BOOST_TEST(*bench.last.retry_after == 30s);
    bench.now += 10s;
    bench.add(mine, operation::get, {}, bench.now + 19s); // 20: comes when it is known already
    BOOST_TEST(bench.give_up() == numbers{20}, per_element());
    BOOST_TEST(bench.last.retry_after == 20s);
    bench.wait(20s);
    BOOST_TEST(bench.send() == (numbers{16, 18}), per_element());
}

BOOST_AUTO_TEST_CASE(a_rate_limit_tells_the_time_to_wait_also_to_the_next_in_a_lane)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("t");
    bench.add(mine);
    bench.send_and_use_up(12s);
    for (int i = 0; i < 3; ++i)
        bench.add_update(mine, "a", bench.now + 5s);
    numbers ended;
    // The next in the order of the key comes to the front each time, and each is asked about.
    while (!bench.send().empty() || ended.size() != 3) {
        const numbers more = bench.give_up();
        BOOST_TEST_REQUIRE(!more.empty());
        ended.insert(ended.end(), more.begin(), more.end());
    }
    BOOST_TEST(ended == (numbers{1, 2, 3}), per_element());
    BOOST_TEST(bench.last.code == errc::rate_limited);
    BOOST_TEST(bench.last.retry_after == 12s);
    BOOST_TEST(bench.it.waiting() == 0u);
}

BOOST_AUTO_TEST_CASE(who_waits_behind_a_change_with_more_time_and_cannot_be_served_in_time_is_told_at_once)
{
    for (const bool known_before : {false, true}) {
        admission_bench bench;
        account_queues& mine = bench.open_account("t");
        bench.add(mine);
        bench.send_and_use_up(12s);
        bench.add_update(mine, "a");
        if (known_before)
            BOOST_TEST(bench.send().empty());
        bench.add_update(mine, "a", bench.now + 5s);
        bench.add_update(mine, "a", bench.now + 20s);
        BOOST_TEST(bench.send().empty());
        BOOST_TEST(bench.give_up() == numbers{2}, per_element());
        BOOST_TEST(bench.last.code == errc::rate_limited);
        BOOST_TEST(bench.last.retry_after == 12s);
        bench.wait(12s);
        BOOST_TEST(bench.send() == numbers{1}, per_element());
        bench.answer(1);
        BOOST_TEST(bench.send() == numbers{3}, per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_refused_token_ends_what_waits_and_one_at_a_time_tries_it_from_then_on)
{
    admission_bench bench(at_most(16));
    account_queues& mine = bench.open_account("t");
    account_queues& other = bench.open_account("u");
    for (int i = 0; i < 2; ++i)
        bench.add_update(mine, "a");
    bench.add_many(mine, 20);
    bench.add_update(other, "a");
    numbers sent = bench.send(16);
    bench.answer(0, 401);
    numbers ended = bench.give_up();
    BOOST_TEST(ended.size() == 22u - 16u); // also the one that got its turn just then
    BOOST_TEST(bench.last.code == errc::authentication_failed);
    BOOST_TEST(!bench.last.retry_after.has_value());
    bench.add_many(mine, 3);
    sent.erase(sent.begin());
    BOOST_TEST(bench.send() == numbers{22}, per_element()); // the other token is as good as before
    bench.answer_all(sent, 401);
    ended = bench.give_up();
    BOOST_TEST(ended == range(23, 26), per_element()); // they waited when it was refused once more
    bench.now += 30s;
    bench.add_many(mine, 3);
    BOOST_TEST(bench.send() == numbers{26}, per_element());
    BOOST_TEST(bench.it.tokens().held_by(bench.calls[27], bench.now) == hold::refused_token);
    bench.answer(26, 200);
    BOOST_TEST(bench.send() == (numbers{27, 28}), per_element());
}

BOOST_AUTO_TEST_CASE(a_refused_token_also_ends_what_pauses_or_comes_back)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("t");
    bench.add_many(mine, 3);
    bench.send();
    bench.it.tokens().sent_answered(bench.calls[0], 503, policy::token_acceptance::none, false, bench.now);
    bench.it.pause(bench.calls[0], bench.now + 1s);
    bench.answer(1, 401);
    bench.it.tokens().sent_forgotten(bench.calls[2]);
    bench.it.requeue(bench.calls[2]);
    BOOST_TEST(bench.give_up() == numbers{2}, per_element());
    bench.wait(1s);
    bench.it.requeue(*bench.it.due(bench.now));
    BOOST_TEST(bench.give_up() == numbers{0}, per_element());
}

BOOST_AUTO_TEST_CASE(a_401_to_a_request_without_a_token_says_nothing_of_it)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("t");
    bench.add(mine, operation::web3_challenge);
    bench.add_many(mine, 3);
    bench.send(1);
    bench.answer(0, 401);
    BOOST_TEST(bench.give_up().empty());
    BOOST_TEST(bench.send() == range(1, 4), per_element());
}

BOOST_AUTO_TEST_CASE(another_token_takes_along_what_waits)
{
    admission_bench bench(at_most(1));
    account_queues& mine = bench.open_account("old");
    bench.add_many(mine, 3);
    bench.add(mine, operation::create);
    bench.send(1);
    bench.it.tokens().hold_until(bench.calls[0], bench.now + 10s, bench.now);
    bench.answer(0, 429);
    BOOST_TEST(bench.send().empty());
    BOOST_TEST(bench.send(9, request_kind::creation).empty());
    bench.it.tokens().use_token(mine, secret("new"), bench.now);
    BOOST_TEST(bench.it.tokens().ready_calls() == 3u);
    BOOST_TEST(bench.send() == numbers{1}, per_element());
    bench.answer(1);
    BOOST_TEST(bench.send(9, request_kind::creation) == numbers{3}, per_element());
    bench.answer(3);
    bench.it.tokens().use_token(mine, secret("old"), bench.now); // its state is as it was
    BOOST_TEST(bench.send().empty());
    bench.it.tokens().use_token(mine, secret("old"), bench.now);
    BOOST_TEST(bench.it.tokens().held_by(bench.calls[2], bench.now) == hold::rate_limit);
}

BOOST_AUTO_TEST_CASE(accounts_with_equal_tokens_share_a_token_state_and_others_do_not)
{
    admission_bench bench(at_most(16));
    account_queues& mine = bench.open_account("t");
    account_queues& same = bench.open_account("t");
    account_queues& other = bench.open_account("u");
    BOOST_TEST(bench.it.tokens().size() == 2u);
    bench.add_many(mine, 10);
    bench.add_many(same, 10);
    bench.add_many(other, 10);
    const numbers sent = bench.send();
    BOOST_TEST(sent.size() == 26u);
    BOOST_TEST(std::ranges::count_if(sent, [](std::size_t each) { return each < 20; }) == 16);
}

BOOST_AUTO_TEST_CASE(whoever_is_woken_and_goes_away_wakes_the_next)
{
    enum class way { leaves, is_taken, gets_another_token };
    for (const way how : {way::leaves, way::is_taken, way::gets_another_token}) {
        admission_bench bench(at_most(1));
        account_queues& first = bench.open_account("t");
        account_queues& second = bench.open_account("t");
        account_queues& third = bench.open_account("t");
        bench.add(first);
        bench.add(second);
        bench.add(third);
        BOOST_TEST(bench.send() == numbers{0}, per_element());
        bench.answer(0); // nothing is in flight from now on that could wake anyone
        wire::slot_list taken;
        switch (how) {
        case way::leaves:
            bench.it.leave(bench.calls[1]);
            break;
        case way::is_taken:
            taken = bench.it.tokens().take_ready(bench.now);
            taken.clear();
            break;
        case way::gets_another_token:
            bench.it.tokens().use_token(second, secret("u"), bench.now);
            break;
        }
        numbers sent = bench.send();
        if (how == way::gets_another_token)
            BOOST_TEST(sent.size() == 2u);
        else if (how == way::leaves)
            BOOST_TEST(sent == numbers{2}, per_element());
        else
            BOOST_TEST(bench.it.waiting() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(blank_token_states_are_forgotten)
{
    admission_bench bench;
    std::size_t most = 0;
    for (std::size_t i = 0; i < 100'000; ++i) {
        account_queues passing;
        bench.it.tokens().use_token(passing, secret("token-" + std::to_string(i)), bench.now);
        most = std::max(most, bench.it.tokens().size());
        if (i % 1000 == 0) { // one of them is not blank, for a time
            fake_call asking(i);
            bench.it.enter(asking, passing);
            BOOST_TEST_REQUIRE(bench.it.tokens().ready(request_kind::ordinary, bench.now));
            BOOST_TEST_REQUIRE(&bench.it.tokens().next(request_kind::ordinary) == &asking);
            bench.it.tokens().sent_answered(asking, 404, policy::token_acceptance::none, false, bench.now);
            bench.now += 1s;
        }
    }
    BOOST_TEST(most <= 200u);
    // And what is not blank is remembered.
    bench.add_many(bench.open_account("token-99000"), 16);
    BOOST_TEST(bench.send().size() == 5u);
}

BOOST_AUTO_TEST_SUITE_END()
