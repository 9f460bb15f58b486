// A service with an error budget, and clients of one key that keep to it, in simulated time. A request takes half a
// round trip to arrive, which is when the service counts it, and its answer takes the other half.
#pragma once

#include "policy/token_state.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <random>
#include <vector>

namespace venice_keys::test {

using policy::time_point;

// How the service counts 30 s: as any 30 s, or as one stretch of them after the other, each from its first failure on.
enum class counting { sliding, fixed };

struct service_rule {
    std::size_t limit = 20; // with more failures it refuses everything
    bool headers = false;   // answers say what is left
    counting how = counting::sliding;
};

class budget_service {
public:
    struct answer {
        unsigned status;
        std::uint64_t remaining;
        time_point resets_at;
    };

    explicit budget_service(const service_rule& rule) : rule_(rule) {}

    answer serve(unsigned status, time_point now)
    {
        while (!failures_.empty() && forgotten(now))
            failures_.pop_front();
        if (now < refuses_until_) {
            ++refused_;
            return {429, 0, refuses_until_};
        }
        if (status >= 400 && status < 500 && status != 429) {
            failures_.push_back(now);
            ++failed_;
            most_failures_ = std::max(most_failures_, failures_.size());
            if (failures_.size() > rule_.limit)
                refuses_until_ = resets_at(now);
        }
        const std::size_t spent = std::min(rule_.limit, failures_.size());
        return {status, rule_.limit - spent, resets_at(now)};
    }

    [[nodiscard]] const service_rule& rule() const { return rule_; }
    [[nodiscard]] std::size_t failed() const { return failed_; }
    [[nodiscard]] std::size_t refused() const { return refused_; }
    // The most failures that counted at one time.
    [[nodiscard]] std::size_t most_failures() const { return most_failures_; }

private:
    [[nodiscard]] time_point resets_at(time_point now) const
    {
        using namespace std::chrono_literals;
        return (rule_.how == counting::fixed && !failures_.empty() ? failures_.front() : now) + 30s;
    }
    [[nodiscard]] bool forgotten(time_point now)
    {
        using namespace std::chrono_literals;
        if (failures_.front() + 30s > now)
            return false;
        if (rule_.how == counting::fixed)
            failures_.erase(failures_.begin() + 1, failures_.end());
        return true;
    }

    service_rule rule_;
    std::deque<time_point> failures_;
    time_point refuses_until_{};
    std::size_t failed_ = 0;
    std::size_t refused_ = 0;
    std::size_t most_failures_ = 0;
};

using statuses = std::deque<unsigned>; // the statuses with which the service answers each request of a batch

inline statuses batch(std::size_t count, unsigned status)
{
    return statuses(count, status);
}

inline statuses mix(std::size_t count, double failing, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    std::bernoulli_distribution fails(failing);
    statuses all;
    for (std::size_t i = 0; i < count; ++i)
        all.push_back(fails(random) ? 404 : 200);
    return all;
}

class budget_simulation {
public:
    budget_simulation(const service_rule& rule, const policy::error_budget_settings& settings, std::uint64_t seed,
                      std::size_t clients = 1)
        : service(rule), random_(seed), clients_(clients, client{policy::token_state(settings), {}, 0, 0})
    {
    }

    // Makes all round trips take this long, instead of 20 to 200 ms at random.
    budget_simulation& round_trip(std::chrono::milliseconds all)
    {
        round_trip_ = all;
        return *this;
    }
    budget_simulation& width(std::size_t most_in_flight)
    {
        width_ = most_in_flight;
        return *this;
    }
    // Lets a 401 fail what waits, as the pool does.
    budget_simulation& stop_at_401()
    {
        stop_at_401_ = true;
        return *this;
    }
    budget_simulation& later(std::chrono::milliseconds pause)
    {
        now_ += pause;
        return *this;
    }
    // Adds to what a client wants to send.
    budget_simulation& ask(const statuses& what, std::size_t which = 0)
    {
        clients_[which].waiting.insert(clients_[which].waiting.end(), what.begin(), what.end());
        return *this;
    }

    // Runs until everything is answered, with another status than 429.
    budget_simulation& run()
    {
        begin_ = now_;
        for (;;) {
            for (client& each : clients_)
                fill(each);
            if (std::ranges::all_of(clients_,
                                    [](const client& each) { return each.waiting.empty() && each.owed == 0; }))
                return *this;
            time_point next = events_.empty() ? time_point::max() : events_.top().at;
            for (const client& each : clients_)
                if (!each.waiting.empty() && each.owed < width_)
                    next = std::min(next, each.token.wakes_at(policy::request_kind::ordinary, now_));
            BOOST_TEST_REQUIRE(next != time_point::max()); // otherwise nothing would ever happen again
            BOOST_TEST_REQUIRE(next > now_);
            now_ = next;
            for (; !events_.empty() && events_.top().at <= now_; events_.pop())
                happen(event(events_.top()));
        }
    }

    [[nodiscard]] std::size_t answered() const { return answered_; }
    [[nodiscard]] std::chrono::milliseconds took() const
    {
        return std::chrono::duration_cast<std::chrono::milliseconds>(now_ - begin_);
    }
    [[nodiscard]] std::size_t most_in_flight() const
    {
        return std::ranges::max_element(clients_, {}, &client::most_owed)->most_owed;
    }
    // When a client had sent all that it was asked for, or had its full width in flight for the first time.
    [[nodiscard]] std::chrono::milliseconds full_width_after() const
    {
        return std::chrono::duration_cast<std::chrono::milliseconds>(*full_width_ - begin_);
    }

    budget_service service;

private:
    struct client {
        policy::token_state token;
        statuses waiting;
        std::size_t owed;
        std::size_t most_owed;
    };
    struct event {
        time_point at;
        std::size_t client;
        bool arrives; // at the service; otherwise its answer arrives at the client
        std::chrono::nanoseconds way;
        budget_service::answer what;
        unsigned asked;
        bool operator>(const event& other) const { return at > other.at; }
    };

    void fill(client& who)
    {
        while (!who.waiting.empty() && who.owed < width_ &&
               who.token.holds(policy::request_kind::ordinary, now_) == policy::hold::none) {
            const auto trip = round_trip_.value_or(std::chrono::milliseconds(20 + random_() % 181));
            who.token.sent();
            ++who.owed;
            const unsigned status = who.waiting.front();
            who.waiting.pop_front();
            events_.push({now_ + trip / 2,
                          static_cast<std::size_t>(&who - clients_.data()),
                          true,
                          trip / 2,
                          {status, 0, {}},
                          status});
        }
        who.most_owed = std::max(who.most_owed, who.owed);
        if (!full_width_ && (who.waiting.empty() || who.owed == width_))
            full_width_ = now_;
    }

    void happen(event what)
    {
        if (what.arrives) {
            what.what = service.serve(what.asked, now_);
            what.arrives = false;
            what.at = now_ + what.way;
            events_.push(what);
            return;
        }
        client& who = clients_[what.client];
        --who.owed;
        const auto& [status, remaining, resets_at] = what.what;
        if (service.rule().headers && resets_at > now_)
            who.token.report_budget(remaining, resets_at, now_);
        if (status == 429 && what.asked != 429) {
            who.token.budget_spent(service.rule().headers ? resets_at : now_ + std::chrono::seconds(30));
            who.waiting.push_front(what.asked);
        } else {
            ++answered_;
        }
        using policy::token_acceptance;
        who.token.answered(status,
                           status == 401  ? token_acceptance::refused
                           : status < 400 ? token_acceptance::accepted
                                          : token_acceptance::none,
                           service.rule().headers, now_);
        if (status == 401 && stop_at_401_)
            who.waiting.clear();
    }

    std::mt19937_64 random_;
    std::optional<std::chrono::milliseconds> round_trip_;
    std::size_t width_ = 500;
    bool stop_at_401_ = false;
    time_point now_{std::chrono::hours(1)};
    time_point begin_{};
    std::optional<time_point> full_width_;
    std::vector<client> clients_;
    std::priority_queue<event, std::vector<event>, std::greater<>> events_;
    std::size_t answered_ = 0;
};

} // namespace venice_keys::test
