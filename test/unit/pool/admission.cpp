// Which of the waiting calls may go next: the order of a key, queues, pauses, and what a token's state holds back.
#include "support/printing.hpp"
#include "unit/support/admission_bench.hpp"

#include <optional>

BOOST_AUTO_TEST_SUITE(unit_pool_admission)

using namespace venice_keys;
using namespace venice_keys::test;
using boost::test_tools::per_element;
using policy::request_kind;

BOOST_AUTO_TEST_CASE(calls_of_one_account_go_in_the_order_in_which_they_came)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("t");
    bench.add_many(mine, 5);
    BOOST_TEST(bench.it.waiting() == 5u);
    BOOST_TEST(bench.it.tokens().ready_calls() == 5u);
    BOOST_TEST(bench.send() == range(0, 5), per_element());
    BOOST_TEST(bench.it.waiting() == 0u);
    BOOST_TEST(bench.it.tokens().ready_calls() == 0u);
    BOOST_TEST(bench.calls[0].at() == call::place::session);
}

BOOST_AUTO_TEST_CASE(changes_to_one_key_go_one_after_the_other_and_other_keys_do_not_wait)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("t");
    for (const char* key : {"a", "a", "b", "a", "c"})
        bench.add_update(mine, key);
    BOOST_TEST(bench.send() == (numbers{0, 2, 4}), per_element());
    BOOST_TEST(bench.calls[1].at() == call::place::behind);
    BOOST_TEST(bench.it.waiting() == 2u);
    bench.answer(0);
    BOOST_TEST(bench.send() == numbers{1}, per_element());
    bench.answer(1, 404); // a failure passes the turn on as well
    BOOST_TEST(bench.send() == numbers{3}, per_element());
}

BOOST_AUTO_TEST_CASE(deletions_are_changes_and_reads_are_not)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("t");
    bench.add(mine, operation::remove, "a");
    bench.add(mine, operation::get, "a");
    bench.add_update(mine, "a");
    bench.add(mine, operation::remove, "a");
    BOOST_TEST(bench.send() == (numbers{0, 1}), per_element());
    bench.answer(0);
    BOOST_TEST(bench.send() == numbers{2}, per_element());
}

BOOST_AUTO_TEST_CASE(an_order_is_of_the_key_whoever_asks)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("t");
    account_queues& other = bench.open_account("u");
    bench.add_update(mine, "a");
    bench.add_update(other, "a");
    BOOST_TEST(bench.send() == numbers{0}, per_element());
    bench.answer(0);
    BOOST_TEST(bench.send() == numbers{1}, per_element());
}

BOOST_AUTO_TEST_CASE(who_leaves_passes_its_turn_on_from_wherever_it_waits)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("t");
    for (int i = 0; i < 4; ++i)
        bench.add_update(mine, "a");
    bench.it.leave(bench.calls[1]); // from behind another
    bench.it.leave(bench.calls[0]); // in the queue
    BOOST_TEST(bench.send() == numbers{2}, per_element());
    bench.it.tokens().sent_answered(bench.calls[2], 503, policy::token_acceptance::none, false, bench.now);
    bench.it.pause(bench.calls[2], bench.now + 1s);
    BOOST_TEST(bench.send().empty()); // a pause keeps the turn
    bench.it.leave(bench.calls[2]);
    BOOST_TEST(bench.send() == numbers{3}, per_element());
    bench.it.leave(bench.calls[3]); // on a session: not here
    BOOST_TEST(bench.calls[3].at() == call::place::session);
    BOOST_TEST(bench.it.waiting() == 0u);
}

BOOST_AUTO_TEST_CASE(pauses_end_in_the_order_of_their_times_and_the_call_goes_in_front)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("t");
    bench.add_many(mine, 3);
    for (const std::size_t each : bench.send())
        bench.it.tokens().sent_answered(bench.calls[each], 503, policy::token_acceptance::none, false, bench.now);
    bench.it.pause(bench.calls[0], bench.now + 3s);
    bench.it.pause(bench.calls[1], bench.now + 1s);
    bench.it.pause(bench.calls[2], bench.now + 2s);
    bench.add(mine);
    BOOST_TEST(bench.it.waiting() == 4u);
    BOOST_TEST(bench.it.due(bench.now) == nullptr);
    bench.wait(1s);
    for (const std::size_t expected : {1u, 2u, 0u}) {
        call* const due = bench.it.due(bench.now);
        BOOST_TEST_REQUIRE(due == &bench.calls[expected]);
        BOOST_TEST(bench.it.due(bench.now) == nullptr);
        bench.it.requeue(*due);
        BOOST_TEST(bench.send(1) == numbers{expected}, per_element());
        if (expected != 0)
            bench.wait(1s);
    }
    BOOST_TEST(bench.send() == numbers{3}, per_element());
}

BOOST_AUTO_TEST_CASE(accounts_take_turns)
{
    admission_bench bench;
    for (const bool equal_tokens : {false, true}) {
        const std::size_t first = bench.calls.size();
        account_queues& greedy = bench.open_account("t");
        account_queues& modest = bench.open_account(equal_tokens ? "t" : "u");
        bench.add_many(greedy, 4);
        bench.add_many(modest, 2);
        numbers expected{0, 4, 1, 5, 2, 3};
        for (std::size_t& each : expected)
            each += first;
        const numbers sent = bench.send();
        BOOST_TEST(sent == expected, per_element());
        bench.answer_all(sent);
    }
}

BOOST_AUTO_TEST_CASE(accounts_that_share_a_token_state_take_turns_also_when_it_holds_them_back)
{
    policy::error_budget_settings one_at_a_time;
    one_at_a_time.most = 1;
    one_at_a_time.strict = true;
    admission_bench bench(one_at_a_time);
    account_queues& greedy = bench.open_account("t");
    account_queues& modest = bench.open_account("t");
    account_queues& third = bench.open_account("t");
    bench.add_many(greedy, 4);
    bench.add_many(modest, 2);
    bench.add_many(third, 1);
    numbers order;
    for (int i = 0; i < 7; ++i) {
        const numbers sent = bench.send();
        BOOST_TEST_REQUIRE(sent.size() == 1u);
        order.push_back(sent[0]);
        bench.answer(sent[0]);
    }
    BOOST_TEST(order == (numbers{0, 4, 6, 1, 5, 2, 3}), per_element());
}

BOOST_AUTO_TEST_CASE(creations_wait_apart_from_the_others)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("t");
    bench.add(mine, operation::create);
    bench.add(mine);
    BOOST_TEST(bench.it.tokens().ready(request_kind::creation, bench.now));
    BOOST_TEST(bench.send() == numbers{1}, per_element());
    BOOST_TEST(bench.send(9, request_kind::creation) == numbers{0}, per_element());
    bench.it.tokens().hold_until(bench.calls[0], bench.now + 5s, bench.now);
    bench.it.tokens().sent_answered(bench.calls[0], 429, policy::token_acceptance::none, false, bench.now);
    bench.add(mine, operation::create);
    bench.add(mine);
    BOOST_TEST(bench.send(9, request_kind::creation).empty());
    BOOST_TEST(bench.send() == numbers{3}, per_element());
    bench.wait(5s);
    BOOST_TEST(bench.send(9, request_kind::creation) == numbers{2}, per_element());
}

BOOST_AUTO_TEST_CASE(a_call_that_is_taken_back_goes_in_front_of_its_line)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("t");
    bench.add_many(mine, 3);
    BOOST_TEST(bench.send(2) == range(0, 2), per_element());
    bench.it.tokens().sent_forgotten(bench.calls[1]);
    bench.it.requeue(bench.calls[1]);
    bench.it.tokens().sent_forgotten(bench.calls[0]);
    bench.it.requeue(bench.calls[0]);
    BOOST_TEST(bench.send() == range(0, 3), per_element());
}

BOOST_AUTO_TEST_CASE(all_that_is_ready_can_be_taken_and_what_is_held_back_stays)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("t");
    account_queues& held = bench.open_account("u");
    bench.add(held);
    BOOST_TEST(bench.send() == numbers{0}, per_element());
    bench.it.tokens().hold_until(bench.calls[0], bench.now + 5s, bench.now);
    bench.answer(0, 429);
    bench.add(held);
    BOOST_TEST(bench.send().empty());
    bench.add_update(mine, "a");
    bench.add_update(mine, "a");
    bench.add(mine, operation::create);
    wire::slot_list taken = bench.it.tokens().take_ready(bench.now);
    BOOST_TEST(taken.size() == 2u);
    taken.clear();
    BOOST_TEST(bench.calls[2].at() == call::place::nowhere);
    BOOST_TEST(bench.it.tokens().take_ready(bench.now).empty());
    bench.it.let_next_change_go(bench.calls[2]);
    taken = bench.it.tokens().take_ready(bench.now);
    BOOST_TEST(taken.size() == 1u); // the one behind it
    taken.clear();
    bench.it.let_next_change_go(bench.calls[3]);
    BOOST_TEST(bench.it.waiting() == 1u);
    bench.wait(5s);
    BOOST_TEST(bench.send() == numbers{1}, per_element());
}

BOOST_AUTO_TEST_CASE(take_all_takes_what_waits_in_whatever_place)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("t");
    account_queues& held = bench.open_account("u");
    bench.add(held);
    bench.add(mine);
    bench.send();
    bench.it.tokens().hold_until(bench.calls[0], bench.now + 5s, bench.now);
    bench.answer(0, 429);
    bench.it.tokens().sent_answered(bench.calls[1], 503, policy::token_acceptance::none, false, bench.now);
    bench.it.pause(bench.calls[1], bench.now + 1s);
    bench.add(held);                                     // 2: held back
    bench.add(held, operation::get, {}, bench.now + 1s); // 3: unservable, as the next turn finds
    bench.add(mine, operation::create);                  // 4
    bench.add_update(mine, "a");                         // 5
    bench.add_update(mine, "a");                         // 6: behind 5
    BOOST_TEST(bench.it.tokens().ready(request_kind::creation, bench.now));
    BOOST_TEST(bench.send(1) == numbers{5}, per_element());
    bench.it.tokens().sent_forgotten(bench.calls[5]);
    bench.it.requeue(bench.calls[5]);
    BOOST_TEST(bench.it.waiting() == 6u);
    wire::slot_list taken = bench.it.take_all();
    BOOST_TEST(taken.size() == 5u);
    BOOST_TEST(bench.it.waiting() == 1u);
    taken.clear();
    bench.it.let_next_change_go(bench.calls[5]);
    taken = bench.it.take_all();
    BOOST_TEST(taken.size() == 1u);
    taken.clear();
    BOOST_TEST(bench.it.waiting() == 0u);
    BOOST_TEST(bench.it.tokens().ready_calls() == 0u);
    BOOST_TEST(bench.give_up().empty());
}

BOOST_AUTO_TEST_CASE(an_admission_that_dies_lets_go_of_all_that_waits_in_it)
{
    std::deque<fake_call> calls;
    std::deque<account_queues> accounts(2);
    const reporter nobody;
    const time_point now{1h};
    std::optional<admission> it(std::in_place, policy::error_budget_settings{}, nobody);
    it->tokens().use_token(accounts[0], secret("t"), now);
    it->tokens().use_token(accounts[1], secret("u"), now);
    const auto add = [&](operation what, account_queues& whose, std::string key = {},
                         time_point deadline = time_point::max()) {
        it->enter(calls.emplace_back(calls.size(), what, std::move(key), deadline), whose);
    };
    add(operation::get, accounts[1]);
    add(operation::get, accounts[0]);
    for (int i = 0; i < 2; ++i) {
        BOOST_TEST_REQUIRE(it->tokens().ready(request_kind::ordinary, now));
        call& sent = it->tokens().next(request_kind::ordinary);
        if (&sent == &calls[0])
            it->tokens().hold_until(sent, now + 5s, now);
        it->tokens().sent_answered(sent, 503, policy::token_acceptance::none, false, now);
    }
    it->pause(calls[1], now + 1s);
    add(operation::get, accounts[1]); // held back
    BOOST_TEST(!it->tokens().ready(request_kind::ordinary, now));
    add(operation::get, accounts[1], {}, now + 1s); // unservable
    add(operation::create, accounts[0]);
    for (int i = 0; i < 3; ++i)
        add(operation::update, accounts[0], "a");
    BOOST_TEST(it->waiting() == 7u);
    it.reset();
    for (const fake_call& each : calls) {
        BOOST_TEST(!each.wire::slot::is_linked());
        BOOST_TEST(!each.time_hook::is_linked());
    }
}

BOOST_AUTO_TEST_SUITE_END()
