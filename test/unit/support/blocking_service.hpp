// A service that blocks its caller after more than 20 failures in 30 s, on the fake network.
#pragma once

#include "unit/support/pool_bench.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace venice_keys::test {

using namespace detail;

// Answers 404 or 401 to some calls. Each request takes 20 to 60 ms to arrive and as long to be answered.
class blocking_service {
public:
    blocking_service(pool_bench& it, std::uint64_t seed) : it_(it), random_(seed) {}

    void refuse(std::size_t call, unsigned status) { status_[call] = status; }
    void accept_all() { status_.clear(); }

    // Runs until all calls have ended.
    void run()
    {
        for (int step = 0; step < 1'000'000; ++step) {
            for (bool moved = true; moved;) { // an event on one connection may write to another
                moved = false;
                for (std::size_t i = 0; i < it_.net.made.size(); ++i)
                    moved = move(i) || moved;
            }
            if (std::ranges::all_of(it_.calls, [](const fake_call& each) { return each.ends() != 0; }))
                return;
            const time_point next = std::min(next_event(), it_.connections.deadline());
            BOOST_TEST_REQUIRE(next != time_point::max());
            it_.wait(std::max(next - it_.net.now, std::chrono::steady_clock::duration::zero()));
        }
        BOOST_TEST(false, "it does not come to an end");
    }

    [[nodiscard]] std::size_t requests() const noexcept { return requests_; }
    [[nodiscard]] std::size_t failures() const noexcept { return failed_.size(); }
    [[nodiscard]] std::size_t blocked() const noexcept { return blocked_; }
    [[nodiscard]] std::size_t most_in_flight() const noexcept { return most_in_flight_; }
    [[nodiscard]] std::size_t most_failures_in_a_window() const noexcept { return most_failures_; }

private:
    struct conversation {
        std::deque<time_point> arrivals; // those of requests that are on their way
        std::deque<std::pair<time_point, unsigned>> answers;
        std::size_t seen = 0;
    };

    // Whether anything happened.
    bool move(std::size_t i)
    {
        fake_transport& link = it_.net[i];
        bool moved = link.connecting();
        if (moved)
            link.come_up();
        if (!link.open())
            return moved;
        conversation& here = conversations_[i];
        if (link.writing()) {
            link.finish_write();
            moved = true;
        }
        for (; here.seen + here.arrivals.size() < link.requests().size();)
            here.arrivals.push_back(later(here.arrivals.empty() ? it_.net.now : here.arrivals.back()));
        for (; !here.arrivals.empty() && here.arrivals.front() <= it_.net.now; here.arrivals.pop_front()) {
            const unsigned status = judge(std::stoul(link.requests()[here.seen++]));
            here.answers.emplace_back(later(here.answers.empty() ? it_.net.now : here.answers.back().first), status);
        }
        while (!here.answers.empty() && here.answers.front().first <= it_.net.now && link.open()) {
            const unsigned status = here.answers.front().second;
            here.answers.pop_front();
            it_.answer(i, 1, "", status);
            moved = true;
        }
        std::size_t in_flight = 0;
        for (std::size_t k = 0; k < it_.net.made.size(); ++k)
            in_flight += it_.unanswered(k).size();
        most_in_flight_ = std::max(most_in_flight_, in_flight);
        return moved;
    }

    unsigned judge(std::size_t call)
    {
        ++requests_;
        const time_point now = it_.net.now;
        if (now < blocked_until_) {
            ++blocked_;
            return 429;
        }
        const auto found = status_.find(call);
        if (found == status_.end())
            return 200;
        failed_.push_back(now);
        const auto recent = static_cast<std::size_t>(
            std::ranges::count_if(failed_, [now](time_point when) { return when + window > now; }));
        most_failures_ = std::max(most_failures_, recent);
        if (recent > most_allowed)
            blocked_until_ = now + window;
        return found->second;
    }

    [[nodiscard]] time_point later(time_point than)
    {
        return std::max(than, it_.net.now + std::chrono::milliseconds(20 + random_() % 41));
    }

    [[nodiscard]] time_point next_event() const
    {
        time_point next = time_point::max();
        for (const auto& [i, each] : conversations_) {
            if (it_.net.made[i]->closed())
                continue;
            if (!each.arrivals.empty())
                next = std::min(next, each.arrivals.front());
            if (!each.answers.empty())
                next = std::min(next, each.answers.front().first);
        }
        return next;
    }

    static constexpr std::chrono::seconds window{30};
    static constexpr std::size_t most_allowed = 20;

    pool_bench& it_;
    std::mt19937_64 random_;
    std::map<std::size_t, conversation> conversations_;
    std::map<std::size_t, unsigned> status_;
    std::vector<time_point> failed_;
    time_point blocked_until_{};
    std::size_t requests_ = 0;
    std::size_t blocked_ = 0;
    std::size_t most_in_flight_ = 0;
    std::size_t most_failures_ = 0;
};

} // namespace venice_keys::test
