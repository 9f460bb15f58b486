// Thousands of random steps, from a seed, with everything that must hold checked after each.
#include "support/printing.hpp"
#include "unit/support/pool_bench.hpp"

#include <array>
#include <map>
#include <random>
#include <set>

BOOST_AUTO_TEST_SUITE(unit_pool_stress)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

class chaos {
public:
    chaos(std::uint64_t seed, const pool_settings& settings) : settings_(settings), it_(settings), random_(seed) {}

    void step()
    {
        switch (pick(12)) {
        case 0:
        case 1:
            submit();
            break;
        case 2:
            if (pick(3) == 0)
                cancel();
            break;
        case 3:
            if (pick(4) == 0)
                it_.wait(std::chrono::milliseconds(pick(pick(10) == 0 ? 12'000 : 500)));
            break;
        case 4:
            if (pick(40) == 0)
                it_.connections.warm_up(pick(5));
            it_.pump();
            break;
        default:
            network();
            break;
        }
        check();
        if (pick(8) == 0)
            check_that_time_is_not_wasted();
    }

    // The network is kind from now on: everything comes to its end.
    void settle()
    {
        for (int rounds = 0; rounds < 10'000; ++rounds) {
            bool moved = false;
            for (std::size_t i = 0; i < it_.net.made.size(); ++i) {
                fake_transport& link = it_.net[i];
                if (link.connecting())
                    link.come_up(), moved = true;
                else if (link.open() && halves_.contains(i))
                    link.end(), moved = true;
                else if (link.open() && link.writing())
                    link.finish_write(), moved = true;
                else if (link.open() && !it_.unanswered(i).empty())
                    answer(i, 1), moved = true;
            }
            if (!moved && it_.connections.waiting() == 0)
                return;
            if (!moved)
                it_.wait_until_due();
        }
        BOOST_TEST(false, "it does not come to an end");
    }

    void check_the_end()
    {
        for (const fake_call& each : it_.calls) {
            BOOST_TEST_CONTEXT("call " << each.number())
            {
                const bool gone = cancelled_.contains(each.number());
                BOOST_TEST(each.ends() == (gone ? 0u : 1u));
                BOOST_TEST(each.releases() == (abandoned_.contains(each.number()) ? 1u : 0u));
                BOOST_TEST(!each.wire::slot::is_linked());
                if (each.why()) {
                    BOOST_TEST(each.why()->attempts == times_sent(each.number()));
                    const bool sent = times_sent(each.number()) != 0;
                    BOOST_TEST(each.why()->delivery == (sent ? delivery::sent_unanswered : delivery::not_sent));
                }
                if (each.was_answered()) {
                    BOOST_TEST(answered_.contains(each.number()));
                    BOOST_TEST(each.attempts() == times_sent(each.number()));
                    BOOST_TEST(each.delivery() ==
                               (times_sent(each.number()) == 1 ? delivery::answered : delivery::sent_unanswered));
                }
                if (creations_.contains(each.number()))
                    BOOST_TEST(times_sent(each.number()) <= 1u);
            }
        }
    }

    [[nodiscard]] const pool_bench& bench() const noexcept { return it_; }

private:
    std::size_t pick(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_); }

    void submit()
    {
        for (std::size_t count = 1 + pick(6); count != 0; --count) {
            if (pick(8) == 0)
                creations_.insert(it_.add(policy::operation::create).number());
            else
                it_.add();
        }
        if (pick(2) == 0)
            it_.pump();
    }

    void cancel()
    {
        if (it_.calls.empty())
            return;
        // One of the latest: the old ones are done.
        fake_call& which = it_.calls[it_.calls.size() - 1 - pick(std::min<std::size_t>(it_.calls.size(), 30))];
        if (which.ends() != 0 || cancelled_.contains(which.number()))
            return;
        const std::size_t sent = times_sent(which.number());
        cancelled_.insert(which.number());
        if (it_.connections.withdraw(which))
            sent_before_[which.number()] = sent;
        else
            abandoned_.insert(which.number());
    }

    void network()
    {
        if (it_.net.made.empty())
            return;
        const std::size_t newest = it_.net.made.size();
        const std::size_t i = newest - 1 - pick(std::min<std::size_t>(newest, 8));
        fake_transport& link = it_.net[i];
        if (link.connecting())
            return connect(link);
        if (!link.open())
            return;
        const auto owed = it_.unanswered(i);
        switch (pick(100)) {
        case 0:
            return link.end(true);
        case 1:
            return link.end(false, boost::asio::error::connection_reset);
        case 2:
            return link.overflow();
        case 3:
            return link.bring(answer_to("wrong"));
        case 4:
            if (link.writing())
                link.finish_write(boost::asio::error::broken_pipe);
            return;
        case 5:
            if (!owed.empty() && !halves_.contains(i))
                answer(i, 1, "Connection: close\r\n");
            return;
        case 6:
            if (!owed.empty() && !halves_.contains(i)) {
                halves_.insert(i);
                link.bring(answer_to(owed[0]).substr(0, 25));
            }
            return;
        default:
            break;
        }
        if (link.writing() && pick(2) == 0)
            return link.finish_write();
        if (!owed.empty() && !halves_.contains(i))
            answer(i, 1 + pick(owed.size()));
    }

    void connect(fake_transport& link)
    {
        switch (pick(30)) {
        case 0:
            return link.refuse();
        case 1:
            if (pick(10) == 0)
                link.refuse({errc::tls_failed, "who"}, net::outlook::permanent);
            return;
        default:
            return link.come_up();
        }
    }

    void answer(std::size_t which, std::size_t count, std::string_view fields = {})
    {
        const auto owed = it_.unanswered(which);
        for (std::size_t k = 0; k < count; ++k)
            answered_.insert(std::stoul(owed[k]));
        it_.answer(which, count, fields);
    }

    [[nodiscard]] std::size_t times_sent(std::size_t number)
    {
        count_sent();
        return sent_[number];
    }

    // Counts the requests that were handed to writes since the last time.
    void count_sent()
    {
        counted_.resize(it_.net.made.size());
        for (std::size_t i = 0; i < it_.net.made.size(); ++i) {
            if (counted_[i].first == it_.net[i].writes())
                continue;
            const auto& all = it_.net[i].requests();
            for (std::size_t k = counted_[i].second; k < all.size(); ++k)
                ++sent_[std::stoul(all[k])];
            counted_[i] = {it_.net[i].writes(), all.size()};
        }
    }

    // When everything that was due is done, nothing is due.
    void check_that_time_is_not_wasted()
    {
        it_.wait({});
        BOOST_TEST_REQUIRE(it_.connections.deadline() > it_.net.now);
    }

    void check()
    {
        BOOST_TEST_REQUIRE(it_.connections.connections() <= settings_.max_connections);
        std::size_t alive = 0;
        for (std::size_t i = 0; i < it_.net.made.size(); ++i) {
            if (it_.net[i].closed())
                continue;
            ++alive;
            const std::size_t owed = it_.unanswered(i).size();
            BOOST_TEST_REQUIRE(owed <= (it_.answered_on[i] == 0 ? 1 : settings_.pipeline_depth));
        }
        BOOST_TEST_REQUIRE(alive == it_.connections.connections());
        for (const auto& [number, times] : sent_before_)
            BOOST_TEST_REQUIRE(times_sent(number) == times); // a withdrawn call is not seen again
        for (std::size_t back = 1; back <= std::min<std::size_t>(it_.calls.size(), 50); ++back)
            BOOST_TEST_REQUIRE(it_.calls[it_.calls.size() - back].ends() <= 1u);
    }

    pool_settings settings_;
    pool_bench it_;
    std::mt19937_64 random_;
    std::set<std::size_t> creations_;
    std::set<std::size_t> cancelled_;
    std::set<std::size_t> abandoned_;
    std::set<std::size_t> answered_;
    std::set<std::size_t> halves_; // connections on which an answer was begun and will not go on
    std::map<std::size_t, std::size_t> sent_before_;
    std::map<std::size_t, std::size_t> sent_;
    std::vector<std::pair<std::size_t, std::size_t>> counted_;
};

} // namespace

BOOST_AUTO_TEST_CASE(whatever_happens_in_whatever_order_each_call_ends_once_and_rightly)
{
    const std::array settings{test_pool_settings(1, 16), test_pool_settings(2, 4), test_pool_settings(4, 16),
                              test_pool_settings(3, 1)};
    std::uint64_t replays = 0;
    std::size_t deepest = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed)
        {
            chaos run(seed, settings[seed % settings.size()]);
            for (int i = 0; i < 1500; ++i)
                run.step();
            run.settle();
            run.check_the_end();
            replays += run.bench().connections.counters().replays;
            deepest = std::max(deepest, run.bench().connections.counters().deepest_pipeline);
        }
    }
    // It was no walk in the park.
    BOOST_TEST(replays > 400u);
    BOOST_TEST(deepest == 16u);
}

namespace {

// Everything that holds calls back, at random: pauses, Retry-After, the error budget, keys, creations, back-off.
class waiting_chaos {
public:
    explicit waiting_chaos(std::uint64_t seed) : it_(settings(seed)), random_(seed) {}

    void step()
    {
        switch (pick(10)) {
        case 0:
        case 1:
            submit();
            break;
        case 2:
            it_.net.now += std::chrono::milliseconds(pick(pick(5) == 0 ? 12'000 : 700));
            break;
        case 3:
            if (pick(20) == 0)
                it_.connections.warm_up(pick(4));
            if (pick(4) == 0 && !it_.calls.empty())
                cancel(it_.calls.back());
            break;
        default:
            network();
            break;
        }
        it_.wait({});
        // All that was due is done: a timer for a time that has passed would burn a core.
        BOOST_TEST_REQUIRE(it_.connections.deadline() > it_.net.now);
        if (it_.connections.waiting() != 0 && it_.connections.connections() == 0)
            BOOST_TEST_REQUIRE(it_.connections.deadline() != time_point::max()); // it is not forgotten either
    }

private:
    static pool_settings settings(std::uint64_t seed)
    {
        auto made = test_pool_settings(1 + seed % 4, 1 + seed % 3);
        if (seed % 2 == 0)
            made.error_budget = {};
        return made;
    }

    std::size_t pick(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_); }

    void submit()
    {
        for (std::size_t count = 1 + pick(5); count != 0; --count)
            switch (pick(5)) {
            case 0:
                it_.add(policy::operation::create);
                break;
            case 1:
            case 2:
                it_.add(policy::operation::update, "key-" + std::to_string(pick(3)));
                break;
            default:
                it_.add();
                break;
            }
    }

    void cancel(fake_call& which)
    {
        if (which.ends() == 0 && &which != cancelled_)
            static_cast<void>(it_.connections.withdraw(which));
        cancelled_ = &which;
    }

    void network()
    {
        if (it_.net.made.empty())
            return;
        const std::size_t newest = it_.net.made.size();
        const std::size_t i = newest - 1 - pick(std::min<std::size_t>(newest, 5));
        fake_transport& link = it_.net[i];
        if (link.connecting())
            return pick(3) == 0 ? link.refuse() : link.come_up();
        if (!link.open())
            return;
        if (link.writing())
            return link.finish_write();
        if (it_.unanswered(i).empty())
            return pick(10) == 0 ? link.end() : void();
        switch (pick(12)) {
        case 0:
            return link.end();
        case 1:
            return it_.answer(i, 1, "Retry-After: 2\r\n", 429);
        case 2:
            return it_.answer(i, 1, {}, 503);
        case 3:
        case 4:
            return it_.answer(i, 1, {}, 404);
        case 5:
            return it_.answer(i, 1, "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 3\r\n");
        default:
            return it_.answer(i);
        }
    }

    pool_bench it_;
    std::mt19937_64 random_;
    const fake_call* cancelled_ = nullptr;
};

} // namespace

BOOST_AUTO_TEST_CASE(when_all_that_was_due_is_done_nothing_is_due)
{
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed)
        {
            waiting_chaos run(seed);
            for (int i = 0; i < 800; ++i)
                run.step();
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
