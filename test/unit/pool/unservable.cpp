// Which calls can't be served in their time: every one whose deadline is not after the time until which its token is
// held, wherever it waits, and no other.
#include "support/printing.hpp"
#include "unit/support/admission_bench.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <random>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_pool_unservable)

using namespace venice_keys;
using namespace venice_keys::test;
using boost::test_tools::per_element;
using policy::request_kind;

namespace {

using duration = std::chrono::steady_clock::duration;

// The answer to a call that was sent: come again after this time.
void hold(admission_bench& bench, std::size_t sent, duration time)
{
    bench.it.tokens().hold_until(bench.calls[sent], bench.now + time, bench.now);
    bench.answer(sent, 429);
}

// The same by the headers of the limit of requests.
void report(admission_bench& bench, std::size_t sent, std::uint64_t remaining, duration reset)
{
    bench.it.tokens().report(bench.calls[sent], remaining, bench.now + reset, bench.now);
    bench.answer(sent);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_call_behind_another_change_ends_at_once_when_its_token_is_held_for_longer_than_it_has)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("t");
    account_queues& other = bench.open_account("u");
    bench.add(mine);
    bench.add_update(mine, "a"); // 1: on a connection, so that no queue is asked about those behind it
    BOOST_TEST(bench.send() == range(0, 2), per_element());
    bench.add_update(mine, "a", bench.now + 12s);       // 2: at the very time, which is too late
    bench.add_update(mine, "a", bench.now + 12s + 1ms); // 3
    bench.add_update(other, "a", bench.now + 5s);       // 4: its own token holds nothing back
    hold(bench, 0, 12s);
    BOOST_TEST(bench.give_up() == numbers{2}, per_element());
    BOOST_TEST(bench.last.code == errc::rate_limited);
    BOOST_TEST(bench.last.retry_after == 12s);
    bench.add_update(mine, "a", bench.now + 12s); // 5: comes when it is known
    BOOST_TEST(bench.give_up() == numbers{5}, per_element());
    BOOST_TEST(bench.calls[3].at() == call::place::behind);
    bench.answer(1);
    BOOST_TEST(bench.send().empty());
    BOOST_TEST(bench.give_up().empty());
    bench.wait(12s);
    BOOST_TEST(bench.send() == numbers{3}, per_element());
    bench.answer(3);
    BOOST_TEST(bench.send() == numbers{4}, per_element());
}

BOOST_AUTO_TEST_CASE(a_hold_that_grows_ends_more_calls_and_one_that_ends_early_ends_none)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("t");
    bench.add_many(mine, 4);
    BOOST_TEST(bench.send() == range(0, 4), per_element());
    for (const duration time : {duration(10s), duration(20s), duration(40s)}) // 4 … 6
        bench.add(mine, operation::get, {}, bench.now + time);
    report(bench, 0, 0, 10s);
    BOOST_TEST(bench.give_up() == numbers{4}, per_element());
    report(bench, 1, 0, 30s);
    BOOST_TEST(bench.give_up() == numbers{5}, per_element());
    report(bench, 2, 9, 60s); // of another window, in which something is left
    bench.add(mine, operation::get, {}, bench.now + 1s);
    BOOST_TEST(bench.give_up().empty());
    BOOST_TEST(bench.send() == (numbers{6, 7}), per_element());
}

BOOST_AUTO_TEST_CASE(another_token_decides_about_what_waits_when_it_takes_the_place_of_the_first)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("first");
    account_queues& other = bench.open_account("held for longer");
    bench.add(mine);
    bench.add(other);
    BOOST_TEST(bench.send() == range(0, 2), per_element());
    hold(bench, 0, 10s);
    hold(bench, 1, 30s);
    bench.add(mine, operation::get, {}, bench.now + 11s); // 2
    bench.add_update(mine, "a", bench.now + 20s);         // 3
    bench.add_update(mine, "a", bench.now + 31s);         // 4
    bench.add_update(mine, "a", bench.now + 15s);         // 5
    BOOST_TEST(bench.give_up().empty());
    bench.it.tokens().use_token(mine, secret("held for longer"), bench.now);
    BOOST_TEST(bench.give_up() == (numbers{2, 3, 5}), per_element());
    BOOST_TEST(bench.last.retry_after == 30s);
    bench.it.tokens().use_token(mine, secret("free"), bench.now);
    bench.add(mine, operation::get, {}, bench.now + 1s); // 6
    BOOST_TEST(bench.give_up().empty());
    BOOST_TEST(bench.send() == (numbers{4, 6}), per_element());
}

BOOST_AUTO_TEST_CASE(nobody_has_to_ask_whether_a_call_may_go_to_find_that_it_can_not_be_served)
{
    admission_bench bench;
    account_queues& first = bench.open_account("t");
    account_queues& second = bench.open_account("u");
    bench.add(first);
    bench.add(second);
    BOOST_TEST(bench.send() == range(0, 2), per_element());
    bench.add(first);                                      // 2: in front, and no connection has room for it
    bench.add(second, operation::get, {}, bench.now + 5s); // 3
    BOOST_TEST(bench.give_up().empty());
    hold(bench, 1, 10s);
    BOOST_TEST(bench.give_up() == numbers{3}, per_element());
    bench.add(second, operation::get, {}, bench.now + 5s); // 4: when nobody waits for the token any more
    BOOST_TEST(bench.give_up() == numbers{4}, per_element());
    BOOST_TEST(bench.send() == numbers{2}, per_element());
    hold(bench, 2, 10s);                                  // when nobody waits
    bench.add(first, operation::get, {}, bench.now + 5s); // 5
    BOOST_TEST(bench.give_up() == numbers{5}, per_element());
}

BOOST_AUTO_TEST_CASE(a_limit_of_creations_ends_creations_alone_and_a_general_one_ends_both)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("t");
    bench.add(mine, operation::create);
    bench.add(mine);
    BOOST_TEST(bench.send(1, request_kind::creation) == numbers{0}, per_element());
    BOOST_TEST(bench.send() == numbers{1}, per_element());
    bench.add(mine, operation::create, {}, bench.now + 5s);  // 2
    bench.add(mine, operation::get, {}, bench.now + 5s);     // 3
    bench.add(mine, operation::create, {}, bench.now + 11s); // 4
    hold(bench, 0, 10s);
    BOOST_TEST(bench.give_up() == numbers{2}, per_element());
    hold(bench, 1, 20s);
    BOOST_TEST(bench.give_up() == (numbers{3, 4}), per_element());
}

BOOST_AUTO_TEST_CASE(they_end_in_the_order_in_which_they_came)
{
    admission_bench bench;
    account_queues& mine = bench.open_account("t");
    bench.add(mine);
    BOOST_TEST(bench.send() == numbers{0}, per_element());
    for (const duration time : {duration(3s), duration(1s), duration(2s)})
        bench.add_update(mine, "a", bench.now + time);
    hold(bench, 0, 10s);
    BOOST_TEST(bench.give_up() == range(1, 4), per_element());
    BOOST_TEST(bench.it.waiting() == 0u);
}

namespace {

// Thousands of random steps, after each of which what ends is compared with what a look at every call finds. What is
// known of each token is kept twice: in the table, and here.
class comparison {
public:
    explicit comparison(std::uint64_t seed) : random_(seed)
    {
        for (std::size_t i = 0; i < accounts; ++i)
            bench_.open_account(name(i % tokens));
        for (std::size_t i = 0; i < accounts; ++i)
            token_of_[i] = i % tokens;
    }

    void step()
    {
        switch (pick(9)) {
        case 0:
        case 1:
        case 2:
            add();
            break;
        case 3:
        case 4:
            send(pick(4) == 0 ? request_kind::creation : request_kind::ordinary);
            break;
        case 5:
        case 6:
            if (!sent_.empty())
                end_one();
            break;
        case 7:
            if (pick(20) == 0)
                change_token();
            break;
        default:
            pass_time();
            break;
        }
        compare();
    }

    std::size_t ended = 0;
    std::size_t ended_behind = 0;
    std::size_t ended_creations = 0;
    std::size_t served = 0;

private:
    static constexpr std::size_t accounts = 5;
    static constexpr std::size_t tokens = 3;

    struct in_flight {
        std::size_t call;
        std::size_t token;
    };

    static std::string name(std::size_t token) { return "token-" + std::to_string(token); }
    std::size_t pick(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_); }
    duration some_time(std::size_t most_ms) { return std::chrono::milliseconds(1 + pick(most_ms)); }

    static bool waits(const fake_call& which)
    {
        return which.at() == call::place::behind || which.at() == call::place::queue;
    }

    void add()
    {
        const std::size_t whose = pick(accounts);
        const auto what = std::array{operation::get, operation::update, operation::update, operation::create}[pick(4)];
        owner_.push_back(whose);
        there_.push_back(bench_.calls.size());
        bench_.add(bench_.accounts[whose], what, what == operation::update ? "key-" + std::to_string(pick(4)) : "",
                   pick(5) == 0 ? time_point::max() : bench_.now + some_time(40'000));
    }

    void send(request_kind kind)
    {
        for (const std::size_t each : bench_.send(1 + pick(3), kind)) {
            sent_.push_back({each, token_of_[owner_[each]]});
            states_[sent_.back().token].sent();
        }
    }

    void end_one()
    {
        using policy::token_acceptance;
        const std::size_t at = pick(sent_.size());
        const auto [number, token] = sent_[at];
        sent_.erase(sent_.begin() + static_cast<std::ptrdiff_t>(at));
        fake_call& which = bench_.calls[number];
        policy::token_state& state = states_[token];
        token_table& table = bench_.it.tokens();
        const time_point until = bench_.now + some_time(20'000);
        unsigned status = 200;
        switch (pick(8)) {
        case 0:
            table.sent_forgotten(which);
            state.forgotten();
            return bench_.it.requeue(which);
        case 1:
            table.hold_until(which, until, bench_.now);
            state.hold_until(which.rule().kind(), until);
            status = 429;
            break;
        case 2: {
            const std::size_t remaining = pick(3);
            table.report(which, remaining, until, bench_.now);
            state.report(remaining, until, bench_.now);
            break;
        }
        case 3:
            if (pick(4) == 0) {
                table.budget_spent(which, until);
                state.budget_spent(until);
            }
            status = 429;
            break;
        case 4:
        case 5:
            status = 404;
            break;
        default:
            break;
        }
        table.sent_answered(which, status, token_acceptance::none, false, bench_.now);
        state.answered(status, token_acceptance::none, false, bench_.now);
        bench_.it.let_next_change_go(which);
        ++served;
    }

    void change_token()
    {
        const std::size_t whose = pick(accounts);
        token_of_[whose] = pick(tokens);
        bench_.it.tokens().use_token(bench_.accounts[whose], secret(name(token_of_[whose])), bench_.now);
    }

    void pass_time()
    {
        bench_.now += some_time(pick(10) == 0 ? 10'000 : 300);
        bench_.it.tokens().tick(bench_.now);
        for (const std::size_t number : there_)
            if (fake_call& each = bench_.calls[number]; waits(each) && each.deadline() <= bench_.now)
                bench_.it.leave(each);
    }

    void compare()
    {
        std::erase_if(there_, [this](std::size_t number) {
            return !waits(bench_.calls[number]) && std::ranges::find(sent_, number, &in_flight::call) == sent_.end();
        });
        numbers expected;
        for (const std::size_t number : there_) {
            const fake_call& each = bench_.calls[number];
            const policy::token_state& state = states_[token_of_[owner_[each.number()]]];
            const time_point until = state.opens_at(each.rule().kind(), bench_.now);
            if (!waits(each) || until == time_point::max() || each.deadline() > until)
                continue;
            expected.push_back(each.number());
            ended_behind += each.at() == call::place::behind ? 1U : 0U;
            ended_creations += each.rule().creates ? 1U : 0U;
        }
        BOOST_TEST_REQUIRE(bench_.give_up() == expected, per_element());
        ended += expected.size();
    }

    std::mt19937_64 random_;
    admission_bench bench_;
    std::array<policy::token_state, tokens> states_{policy::token_state({}), policy::token_state({}),
                                                    policy::token_state({})};
    std::array<std::size_t, accounts> token_of_{};
    std::vector<std::size_t> owner_; // of each call
    std::vector<in_flight> sent_;
    numbers there_; // those that wait or are in flight: a call that has ended does not come back
};

} // namespace

BOOST_AUTO_TEST_CASE(what_ends_is_what_a_look_at_every_call_would_find)
{
    std::size_t ended = 0;
    std::size_t ended_behind = 0;
    std::size_t ended_creations = 0;
    std::size_t served = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed)
        BOOST_TEST_CONTEXT("seed " << seed)
        {
            comparison it(seed);
            for (int i = 0; i < 1'500; ++i)
                it.step();
            ended += it.ended;
            ended_behind += it.ended_behind;
            ended_creations += it.ended_creations;
            served += it.served;
        }
    BOOST_TEST_MESSAGE(ended << " ended, " << ended_behind << " of them behind another change and " << ended_creations
                             << " creations; " << served << " were served");
    BOOST_TEST(ended > 1'000u);
    BOOST_TEST(ended_behind > 100u);
    BOOST_TEST(ended_creations > 100u);
    BOOST_TEST(served > 1'000u);
}

BOOST_AUTO_TEST_SUITE_END()
