// Promise 8, it doesn't spend the error budget: a pool against a service that refuses everything after more than 20
// failures in 30 s, in virtual time.
#include "support/printing.hpp"
#include "unit/support/blocking_service.hpp"

BOOST_AUTO_TEST_SUITE(unit_pool_promise_08_error_budget)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
using namespace std::chrono_literals;
using policy::operation;

namespace {

pool_settings with_error_budget(bool enabled = true, bool strict = false)
{
    pool_settings settings = test_pool_settings(4, 16);
    settings.error_budget = {};
    settings.error_budget.enabled = enabled;
    settings.error_budget.strict = strict;
    return settings;
}

struct batch {
    explicit batch(const pool_settings& settings = with_error_budget(), std::uint64_t seed = 1)
        : it(settings), service(it, seed)
    {
    }

    // `every`: each so manieth fails, 0 for none.
    void add(std::size_t count, std::size_t every, unsigned status = 404, time_point deadline = time_point::max())
    {
        for (std::size_t i = 0; i < count; ++i) {
            const fake_call& made = it.add(operation::update, "key-" + std::to_string(it.calls.size()), deadline);
            if (every != 0 && i % every == every - 1)
                service.refuse(made.number(), status);
        }
        it.pump();
    }
    [[nodiscard]] std::size_t count(errc code) const
    {
        return static_cast<std::size_t>(std::ranges::count_if(
            it.calls, [code](const fake_call& each) { return each.why() && each.why()->code == code; }));
    }
    [[nodiscard]] std::size_t applied() const
    {
        return static_cast<std::size_t>(
            std::ranges::count_if(it.calls, [](const fake_call& each) { return each.was_answered() && !each.why(); }));
    }
    // How long the run took.
    std::chrono::milliseconds run()
    {
        const time_point begin = it.net.now;
        service.run();
        return std::chrono::floor<std::chrono::milliseconds>(it.net.now - begin);
    }

    pool_bench it;
    blocking_service service;
};

} // namespace

BOOST_AUTO_TEST_CASE(without_the_error_budget_such_a_batch_locks_the_account_out)
{
    batch all(with_error_budget(false));
    all.add(500, 1);
    all.run();
    BOOST_TEST(all.service.failures() == 21u);
    BOOST_TEST(all.service.blocked() > 400u);
}

BOOST_AUTO_TEST_CASE(of_five_hundred_with_a_wrong_token_sixteen_at_most_reach_the_service)
{
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        batch all(with_error_budget(), seed);
        all.add(500, 1, 401);
        const auto took = all.run();
        BOOST_TEST(all.service.requests() <= 16u);
        BOOST_TEST(all.count(errc::authentication_failed) == 500u);
        BOOST_TEST(took < 1s);
        BOOST_TEST(static_cast<std::size_t>(std::ranges::count_if(all.it.calls, [](const fake_call& each) {
                       return each.why()->delivery != delivery::not_sent || each.was_answered();
                   })) == all.service.requests());
    }
}

BOOST_AUTO_TEST_CASE(of_five_hundred_bad_ones_sixteen_fail_and_the_others_end_at_once)
{
    batch all;
    all.add(500, 1, 404, all.it.net.now + 20s);
    const auto took = all.run();
    BOOST_TEST(all.service.failures() == 16u);
    BOOST_TEST(all.count(errc::error_budget_spent) == 484u);
    BOOST_TEST(took < 1s);
    for (const fake_call& each : all.it.calls) {
        if (each.why()->code != errc::error_budget_spent)
            continue;
        BOOST_TEST_REQUIRE(each.why()->delivery == delivery::not_sent);
        BOOST_TEST_REQUIRE(each.why()->retry_after.has_value());
        BOOST_TEST_REQUIRE(*each.why()->retry_after > 29s);
        BOOST_TEST_REQUIRE(*each.why()->retry_after <= 30s);
    }
}

BOOST_AUTO_TEST_CASE(with_all_the_time_five_hundred_bad_ones_are_answered_and_never_lock_out)
{
    batch all;
    all.add(500, 1);
    const auto took = all.run();
    BOOST_TEST(all.service.failures() == 500u);
    BOOST_TEST(all.service.most_failures_in_a_window() == 16u);
    BOOST_TEST(took > 900s);
    BOOST_TEST(took < 960s);
}

BOOST_AUTO_TEST_CASE(five_hundred_good_ones_take_a_few_round_trips_more_than_without_the_error_budget)
{
    batch free(with_error_budget(false));
    free.add(500, 0);
    const auto least = free.run();
    batch held;
    held.add(500, 0);
    const auto most = held.run();
    BOOST_TEST_MESSAGE(least.count() << " ms without the error_budget, " << most.count() << " ms with it");
    BOOST_TEST(held.applied() == 500u);
    BOOST_TEST(held.service.most_in_flight() == 64u);
    BOOST_TEST(most < least + 4 * 120ms);
}

BOOST_AUTO_TEST_CASE(thirty_bad_ones_among_five_hundred_good_end_as_thirty_errors_and_five_hundred_applied)
{
    std::size_t worst = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        batch all(with_error_budget(), seed);
        all.add(510, 17);
        all.add(20, 0);
        const auto took = all.run();
        BOOST_TEST(all.applied() == 500u);
        BOOST_TEST(all.service.failures() == 30u);
        BOOST_TEST(all.service.blocked() == 0u);
        BOOST_TEST(took < 70s, "seed " << seed << ": " << took.count() << " ms");
        worst = std::max(worst, all.service.most_failures_in_a_window());
    }
    BOOST_TEST_MESSAGE("at worst " << worst << " failures in 30 s");
    BOOST_TEST(worst <= 20u);
}

BOOST_AUTO_TEST_CASE(strict_never_has_more_than_sixteen_in_flight_or_failed)
{
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        batch all(with_error_budget(true, true), seed);
        all.add(200, 0);
        all.add(100, 1); // a sudden turn
        all.run();
        BOOST_TEST(all.applied() == 200u);
        BOOST_TEST(all.service.most_in_flight() <= 16u);
        BOOST_TEST(all.service.most_failures_in_a_window() <= 16u);
    }
}

BOOST_AUTO_TEST_CASE(a_replaced_token_gets_a_fresh_chance)
{
    batch all;
    all.add(40, 1, 401);
    all.run();
    const std::size_t before = all.service.requests();
    all.service.accept_all();
    all.it.connections.use_token(all.it.mine, secret("another"));
    all.add(100, 0);
    const auto took = all.run();
    BOOST_TEST(all.applied() == 100u);
    BOOST_TEST(all.service.requests() == before + 100u);
    BOOST_TEST(took < 1s); // and not after the failures of the old one are forgotten
}

BOOST_AUTO_TEST_CASE(one_request_tries_a_refused_token_and_a_success_lets_all_go)
{
    batch all;
    all.add(1, 1, 401);
    all.run();
    all.add(100, 0);
    BOOST_TEST(all.it.net.made.size() <= 4u);
    all.it.pump();
    std::size_t in_flight = 0;
    for (std::size_t i = 0; i < all.it.net.made.size(); ++i)
        in_flight += all.it.unanswered(i).size();
    BOOST_TEST(in_flight == 1u);
    BOOST_TEST(all.run() < 2s);
    BOOST_TEST(all.applied() == 100u);

    batch bad;
    bad.add(1, 1, 401);
    bad.run();
    for (int i = 0; i < 3; ++i) {
        bad.add(50, 1, 401);
        bad.run();
    }
    BOOST_TEST(bad.service.requests() == 4u); // a trial for each fifty
    BOOST_TEST(bad.count(errc::authentication_failed) == 1u + 3u * 50u);
}

BOOST_AUTO_TEST_SUITE_END()
