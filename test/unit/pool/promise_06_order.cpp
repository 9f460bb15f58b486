// Promise 6, changes to one key apply in call order: thousands of random steps over few keys, with a server that
// applies what arrives at it, and loses what it likes.
#include "support/printing.hpp"
#include "unit/support/pool_bench.hpp"

#include <array>
#include <map>
#include <random>
#include <set>

BOOST_AUTO_TEST_SUITE(unit_pool_promise_06_order)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

class world {
public:
    world(std::uint64_t seed, std::size_t keys, const pool_settings& settings)
        : it_(settings), random_(seed), keys_(keys)
    {
    }

    void step()
    {
        switch (pick(10)) {
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
                wait(std::chrono::milliseconds(pick(pick(20) == 0 ? 6'000 : 200)));
            break;
        default:
            network();
            break;
        }
        check();
    }

    // No more is lost or refused: everything comes to its end.
    void settle()
    {
        kind_ = true;
        for (int rounds = 0; rounds < 20'000; ++rounds) {
            bool moved = false;
            for (std::size_t i = 0; i < it_.net.made.size(); ++i)
                moved = move(i) || moved;
            check();
            if (!moved && it_.connections.waiting() == 0)
                return;
            if (!moved)
                wait(std::max(it_.connections.deadline() - it_.net.now, std::chrono::steady_clock::duration(1ms)));
        }
        BOOST_TEST(false, "it does not come to an end");
    }

    void check_the_end() const
    {
        std::map<std::string, std::vector<std::size_t>> order;
        for (const auto& [key, numbers] : applied_) {
            std::vector<std::size_t> kept = numbers;
            kept.erase(std::ranges::unique(kept).begin(), kept.end());
            // Numbers of calls are in call order, and none comes twice.
            BOOST_TEST(std::ranges::is_sorted(kept, std::ranges::less_equal{}), "key " << key);
            order[key] = std::move(kept);
        }
        for (const fake_call& each : it_.calls) {
            const bool gone = withdrawn_.contains(each.number()) || abandoned_.contains(each.number());
            BOOST_TEST_REQUIRE(each.ends() == (gone ? 0u : 1u));
            BOOST_TEST_REQUIRE(each.releases() == (abandoned_.contains(each.number()) ? 1u : 0u));
            const auto found = order.find(each.key());
            const bool done = found != order.end() && std::ranges::count(found->second, each.number()) == 1;
            if (each.was_answered() && !each.why())
                BOOST_TEST_REQUIRE(done);
            if (never_sent_.contains(each.number()))
                BOOST_TEST_REQUIRE(!done);
        }
    }

    [[nodiscard]] const pool_bench& bench() const noexcept { return it_; }
    [[nodiscard]] std::size_t refused() const noexcept { return refused_; }
    [[nodiscard]] std::size_t lost_after_applying() const noexcept { return lost_after_applying_; }
    [[nodiscard]] std::size_t abandoned() const noexcept { return abandoned_.size(); }

private:
    std::size_t pick(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_); }

    void submit()
    {
        for (std::size_t count = 1 + pick(4); count != 0; --count) {
            const auto what = pick(5) == 0 ? policy::operation::remove : policy::operation::update;
            const auto deadline =
                pick(4) == 0 ? it_.net.now + std::chrono::milliseconds(1 + pick(3'000)) : time_point::max();
            open_.push_back(it_.calls.size());
            it_.add(what, "key-" + std::to_string(pick(keys_)), deadline);
        }
        if (pick(2) == 0)
            it_.pump();
    }

    void cancel()
    {
        if (!it_.calls.empty())
            give_up(it_.calls[it_.calls.size() - 1 - pick(std::min<std::size_t>(it_.calls.size(), 30))]);
        if (pick(2) == 0)
            it_.pump();
    }

    void give_up(fake_call& which)
    {
        if (which.ends() != 0 || withdrawn_.contains(which.number()) || abandoned_.contains(which.number()))
            return;
        if (which.attempts() == 0)
            never_sent_.insert(which.number());
        (it_.connections.withdraw(which) ? withdrawn_ : abandoned_).insert(which.number());
    }

    void wait(std::chrono::steady_clock::duration time)
    {
        it_.net.now += time;
        it_.connections.tick(it_.net.now);
        for (const std::size_t number : open_)
            if (it_.calls[number].deadline() <= it_.net.now)
                give_up(it_.calls[number]);
        it_.pump();
    }

    void network()
    {
        if (it_.net.made.empty())
            return;
        const std::size_t newest = it_.net.made.size();
        const std::size_t i = newest - 1 - pick(std::min<std::size_t>(newest, 8));
        fake_transport& link = it_.net[i];
        if (link.connecting() && pick(20) == 0)
            return link.refuse();
        if (link.open())
            switch (pick(60)) {
            case 0:
                return lose(i, [&] { link.end(true); });
            case 1:
                return lose(i, [&] { link.end(false, boost::asio::error::connection_reset); });
            case 2:
                return lose(i, [&] { link.bring(answer_to("somebody else's")); });
            case 3:
                if (link.writing()) {
                    broken_.insert(i);
                    return link.finish_write(boost::asio::error::broken_pipe);
                }
                break;
            default:
                break;
            }
        move(i);
    }

    template <class Function>
    void lose(std::size_t which, Function how)
    {
        lost_after_applying_ += statuses_[which].size() - answered(which);
        how();
    }

    // The connection comes up, a request arrives and is applied, or an answer goes back.
    bool move(std::size_t i)
    {
        fake_transport& link = it_.net[i];
        if (link.connecting())
            return link.come_up(), true;
        if (!link.open())
            return false;
        auto& statuses = statuses_[i];
        if (link.writing() && pick(3) == 0)
            return link.finish_write(), true;
        if (statuses.size() < link.requests().size() && pick(2) == 0)
            return arrive(i), true;
        if (answered(i) < statuses.size()) {
            it_.answer(i, 1, pick(30) == 0 && !kind_ ? "Connection: close\r\n" : "", statuses[answered(i)]);
            return true;
        }
        return link.writing() || statuses.size() < link.requests().size();
    }

    // What the server refuses it has applied at times, for it may fail after it has acted.
    void arrive(std::size_t i)
    {
        const std::size_t number = std::stoul(it_.net[i].requests()[statuses_[i].size()]);
        const bool refuse = !kind_ && pick(8) == 0;
        refused_ += refuse ? 1 : 0;
        if (!refuse || pick(2) == 0)
            applied_[it_.calls[number].key()].push_back(number);
        statuses_[i].push_back(refuse ? 503 : 200);
    }

    [[nodiscard]] std::size_t answered(std::size_t i)
    {
        it_.answered_on.resize(it_.net.made.size());
        return it_.answered_on[i];
    }

    // A BOOST_TEST for each comparison would take most of the time.
    void check()
    {
        it_.pump();
        std::set<std::string> on_the_wire;
        std::set<std::string> under_way;
        bool idle = false;
        for (std::size_t i = 0; i < it_.net.made.size(); ++i) {
            if (it_.net[i].closed())
                continue;
            const texts owed = it_.unanswered(i);
            idle = idle || (it_.net[i].open() && owed.empty() && !it_.net[i].writing() && !broken_.contains(i));
            for (const std::string& each : owed)
                if (const std::string& key = it_.calls[std::stoul(each)].key(); !on_the_wire.insert(key).second)
                    BOOST_FAIL("two changes to " << key << " are on the wire");
        }
        std::erase_if(open_, [this](std::size_t number) {
            const fake_call& each = it_.calls[number];
            return each.ends() != 0 || each.was_released() || withdrawn_.contains(number);
        });
        // Nobody waits but for an earlier change to its own key, for its pause and for a connection.
        for (const std::size_t number : open_) {
            const fake_call& each = it_.calls[number];
            const bool behind = each.at() == call::place::behind;
            if (under_way.insert(each.key()).second == behind)
                BOOST_FAIL("call " << number << (behind ? " waits for no other" : " does not wait for the one before"));
            if (idle && each.at() == call::place::queue)
                BOOST_FAIL("call " << number << " waits, and a connection is idle");
        }
    }

    pool_bench it_;
    std::mt19937_64 random_;
    std::size_t keys_;
    bool kind_ = false;
    std::vector<std::size_t> open_;                         // the calls that are not over, in call order
    std::map<std::size_t, std::vector<unsigned>> statuses_; // what the server says to what arrived, by connection
    std::map<std::string, std::vector<std::size_t>> applied_;
    std::set<std::size_t> broken_; // connections that can't be written to any more
    std::set<std::size_t> withdrawn_;
    std::set<std::size_t> abandoned_;
    std::set<std::size_t> never_sent_;
    std::size_t refused_ = 0;
    std::size_t lost_after_applying_ = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(whatever_happens_changes_to_a_key_apply_in_call_order)
{
    const std::array settings{test_pool_settings(1, 16), test_pool_settings(2, 4), test_pool_settings(4, 16),
                              test_pool_settings(3, 1)};
    std::size_t refused = 0;
    std::size_t lost = 0;
    std::size_t abandoned = 0;
    std::uint64_t replays = 0;
    std::size_t deepest = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed)
        {
            world run(seed, 1 + seed % 7 * 4, settings[seed % settings.size()]);
            for (int i = 0; i < 1'000; ++i)
                run.step();
            run.settle();
            run.check_the_end();
            refused += run.refused();
            lost += run.lost_after_applying();
            abandoned += run.abandoned();
            replays += run.bench().connections.counters().replays;
            deepest = std::max(deepest, run.bench().connections.counters().deepest_pipeline);
        }
    }
    BOOST_TEST_MESSAGE(refused << " refused, " << lost << " applied and lost, " << abandoned << " abandoned, "
                               << replays << " replays, " << deepest << " deep");
    // It was no walk in the park.
    BOOST_TEST(refused > 150u);
    BOOST_TEST(lost > 100u);
    BOOST_TEST(abandoned > 50u);
    BOOST_TEST(replays > 500u);
    BOOST_TEST(deepest > 8u);
}

BOOST_AUTO_TEST_SUITE_END()
