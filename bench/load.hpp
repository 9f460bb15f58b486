// Sends a number of updates, with a given number of them in flight at any time.
#pragma once

#include "counted_allocations.hpp"
#include "measuring.hpp"

#include <venice_keys/client.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

class load {
public:
    // The last result calls `ended`.
    load(venice_keys::client& client, std::size_t updates, const options& wanted, std::function<void()> ended)
        : client_(client),
          ended_(std::move(ended)),
          latencies_(updates),
          to_start_(counter(updates)),
          to_end_(counter(updates))
    {
        for (std::size_t i = 0; i != wanted.in_flight; ++i) {
            lane& each = lanes_.emplace_back(*this);
            for (std::size_t id = i; id < wanted.ids(); id += wanted.in_flight)
                each.ids.push_back(make_id(id));
        }
    }

    void start()
    {
        for (lane& each : lanes_)
            if (take_one())
                each.go();
    }

    // For the time after the end: the latencies of the updates whose result was the key that was asked for.
    [[nodiscard]] std::vector<clock::duration> latencies() const
    {
        return {latencies_.begin(), latencies_.begin() + static_cast<std::ptrdiff_t>(good_.load())};
    }
    // What was wrong with an update that failed; empty when none has.
    [[nodiscard]] std::string trouble() const
    {
        const auto which = std::ranges::find_if(lanes_, [](const lane& each) { return !each.trouble.empty(); });
        return which == lanes_.end() ? std::string() : which->trouble;
    }
    // How much a copy of a result allocates.
    [[nodiscard]] std::uint64_t allocations_of_a_result() const noexcept { return lanes_.front().weight; }

private:
    using result = venice_keys::result<venice_keys::api_key>;
    using counter = std::int64_t;

    // Updates one after the other, each started by the result of the one before it. No two lanes share an id.
    struct lane {
        explicit lane(load& whole) : all(whole) {}

        void go()
        {
            asked = &ids[next];
            next = next + 1 == ids.size() ? 0 : next + 1;
            venice_keys::key_update update = update_of(*asked);
            began = clock::now();
            all.client_.update_key(std::move(update), [this](const result& key) { ended(key); });
        }

        void ended(const result& key)
        {
            if (!key)
                trouble = key.error().message();
            else if (key->id != *asked)
                trouble = "the result is of another key";
            else
                all.latencies_[all.good_++] = clock::now() - began;
            if (key && weight == 0)
                weight = weight_of(*key);
            load& whole = all;
            if (whole.take_one())
                go();
            whole.one_ended();
        }

        load& all;
        std::vector<std::string> ids;
        std::size_t next = 0;
        const std::string* asked = nullptr;
        clock::time_point began;
        std::uint64_t weight = 0;
        std::string trouble;
    };

    static venice_keys::key_update update_of(const std::string& id)
    {
        const made_for the_caller(owner::caller);
        return venice_keys::key_update(id)
            .usd(50)
            .diem(venice_keys::clear)
            .limit_period(venice_keys::limit_period::month)
            .description("tenant 42")
            .expires_at(venice_keys::clear);
    }

    static std::uint64_t weight_of(const venice_keys::api_key& key)
    {
        const made_for the_caller(owner::caller);
        const std::uint64_t before = allocations_here(owner::caller);
        const venice_keys::api_key copy = key; // NOLINT(performance-unnecessary-copy-initialization)
        const std::uint64_t made = allocations_here(owner::caller) - before;
        return copy.id.empty() ? 0 : made;
    }

    [[nodiscard]] bool take_one() noexcept { return to_start_.fetch_sub(1) > 0; }
    void one_ended()
    {
        if (to_end_.fetch_sub(1) == 1)
            ended_();
    }

    venice_keys::client& client_;
    std::function<void()> ended_;
    std::deque<lane> lanes_;
    std::vector<clock::duration> latencies_;
    std::atomic<std::size_t> good_ = 0;
    std::atomic<counter> to_start_;
    std::atomic<counter> to_end_;
};

} // namespace bench
