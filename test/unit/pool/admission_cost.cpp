// What a call costs in the admission does not grow with the number of keys, accounts and waiting calls.
#include "support/printing.hpp"
#include "unit/support/admission_bench.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <limits>

BOOST_AUTO_TEST_SUITE(unit_pool_admission_cost)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

policy::error_budget_settings no_error_budget()
{
    policy::error_budget_settings none;
    none.enabled = false;
    return none;
}

// What one step costs of a run that makes `count` of them: the best of five, or the first that is below `enough`.
template <class Run>
double nanoseconds_each(std::size_t count, Run run, double enough = 0)
{
    double best = std::numeric_limits<double>::max();
    for (int attempt = 0; attempt < 5 && best >= enough; ++attempt)
        best = std::min(best, run(count) / static_cast<double>(count));
    return best;
}

template <class Function>
double timed(Function what)
{
    // Of this thread alone: the machine may have other things to do.
    const auto now = [] {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
    };
    const double start = now();
    what();
    return now() - start;
}

// A cost that grows with the number would make it a hundred times as much. Memory that is no longer near makes it ten.
template <class Run>
void check_flat(Run run)
{
    const double few = nanoseconds_each(1'000, run);
    const double enough = 50 * few;
    const double many = nanoseconds_each(100'000, run, enough);
    BOOST_TEST_MESSAGE(few << " ns each for 1,000, " << many << " ns for 100,000");
    BOOST_TEST(many < enough);
}

void send_and_answer_all(admission_bench& bench, unsigned status = 200)
{
    std::size_t done = 0;
    while (bench.it.waiting() != 0) {
        const numbers sent = bench.send(64);
        BOOST_TEST_REQUIRE(!sent.empty());
        bench.answer_all(sent, status);
        done += sent.size();
    }
    BOOST_TEST_REQUIRE(done == bench.calls.size());
}

} // namespace

BOOST_AUTO_TEST_CASE(with_many_keys)
{
    check_flat([](std::size_t count) {
        admission_bench bench(no_error_budget());
        account_queues& mine = bench.open_account("t");
        for (std::size_t i = 0; i < count; ++i)
            bench.make(policy::operation::update, "key-" + std::to_string(i));
        return timed([&] {
            for (fake_call& each : bench.calls)
                bench.it.enter(each, mine);
            send_and_answer_all(bench);
        });
    });
}

BOOST_AUTO_TEST_CASE(with_many_changes_to_one_key)
{
    check_flat([](std::size_t count) {
        admission_bench bench(no_error_budget());
        account_queues& mine = bench.open_account("t");
        for (std::size_t i = 0; i < count; ++i)
            bench.make(policy::operation::update, "the key");
        return timed([&] {
            for (fake_call& each : bench.calls)
                bench.it.enter(each, mine);
            send_and_answer_all(bench);
        });
    });
}

BOOST_AUTO_TEST_CASE(with_many_accounts)
{
    check_flat([](std::size_t count) {
        admission_bench bench;
        for (std::size_t i = 0; i < count; ++i) {
            bench.open_account("token-" + std::to_string(i));
            bench.make();
        }
        return timed([&] {
            for (std::size_t i = 0; i < count; ++i)
                bench.it.enter(bench.calls[i], bench.accounts[i]);
            send_and_answer_all(bench);
        });
    });
}

BOOST_AUTO_TEST_CASE(with_many_accounts_that_one_token_holds_back)
{
    check_flat([](std::size_t count) {
        admission_bench bench;
        for (std::size_t i = 0; i < count; ++i) {
            bench.open_account("t");
            bench.make();
        }
        return timed([&] {
            for (std::size_t i = 0; i < count; ++i)
                bench.it.enter(bench.calls[i], bench.accounts[i]);
            send_and_answer_all(bench);
        });
    });
}

BOOST_AUTO_TEST_CASE(with_many_calls_that_are_held_back_with_deadlines_of_all_kinds)
{
    check_flat([](std::size_t count) {
        admission_bench bench;
        account_queues& mine = bench.open_account("t");
        for (std::size_t i = 0; i < count; ++i)
            bench.make(policy::operation::get, {}, bench.now + std::chrono::microseconds(i * 7'919 % 60'000'000));
        return timed([&] {
            for (fake_call& each : bench.calls)
                bench.it.enter(each, mine);
            std::size_t done = 0;
            while (bench.it.waiting() != 0) {
                const numbers sent = bench.send();
                bench.answer_all(sent, 404);
                const std::size_t ended = bench.give_up().size();
                done += sent.size() + ended;
                if (sent.empty() && ended == 0) {
                    BOOST_TEST_REQUIRE(bench.it.deadline() != time_point::max());
                    bench.wait(bench.it.deadline() - bench.now);
                    for (fake_call& each : bench.calls) // what the client does when their time is up
                        if (each.at() == call::place::queue && each.deadline() <= bench.now) {
                            bench.it.leave(each);
                            ++done;
                        }
                }
            }
            BOOST_TEST_REQUIRE(done == count);
        });
    });
}

BOOST_AUTO_TEST_CASE(with_many_that_wait_behind_a_change_that_is_held_back)
{
    check_flat([](std::size_t count) {
        admission_bench bench;
        account_queues& mine = bench.open_account("t");
        bench.add(mine);
        bench.send_and_use_up(50s);
        for (std::size_t i = 0; i < count; ++i)
            bench.make(policy::operation::update, "the key", bench.now + std::chrono::milliseconds(i % 100'000 + 1));
        bench.add_update(mine, "the key");
        return timed([&] {
            for (std::size_t i = 0; i < count; ++i) {
                bench.it.enter(bench.calls[i + 1], mine);
                if (i % 64 == 0) {
                    BOOST_TEST_REQUIRE(bench.send().empty());
                    bench.give_up();
                }
            }
            bench.give_up();
        });
    });
}

BOOST_AUTO_TEST_CASE(with_many_that_leave_from_the_midst)
{
    check_flat([](std::size_t count) {
        admission_bench bench;
        account_queues& mine = bench.open_account("t");
        for (std::size_t i = 0; i < count; ++i)
            bench.make(policy::operation::update, "key-" + std::to_string(i % 97));
        return timed([&] {
            for (fake_call& each : bench.calls)
                bench.it.enter(each, mine);
            for (std::size_t i = 0; i < count; ++i)
                bench.it.leave(bench.calls[i * 7'919 % count]);
            BOOST_TEST_REQUIRE(bench.it.waiting() == 0u);
        });
    });
}

BOOST_AUTO_TEST_CASE(with_many_pauses)
{
    check_flat([](std::size_t count) {
        admission_bench bench(no_error_budget());
        account_queues& mine = bench.open_account("t");
        bench.add_many(mine, count);
        const numbers sent = bench.send();
        return timed([&] {
            for (const std::size_t each : sent) {
                bench.it.tokens().sent_answered(bench.calls[each], 503, policy::token_acceptance::none, false,
                                                bench.now);
                bench.it.pause(bench.calls[each], bench.now + std::chrono::milliseconds(each * 7'919 % 10'000));
            }
            bench.now += 10s;
            while (call* const due = bench.it.due(bench.now))
                bench.it.requeue(*due);
            bench.answer_all(bench.send());
        });
    });
}

BOOST_AUTO_TEST_SUITE_END()
