// The numbers that client::stats() reads from any thread. They are written in turns alone.
#pragma once

#include "pool/pool.hpp"

#include <venice_keys/client_stats.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace venice_keys::detail {

class shared_stats {
public:
    [[nodiscard]] client_stats read() const noexcept
    {
        client_stats now;
        for (std::size_t i = 0; i != numbers.size(); ++i)
            now.*(numbers[i]) = counters_[i].load(std::memory_order_relaxed);
        now.deepest_pipeline = deepest_pipeline_.load(std::memory_order_relaxed);
        now.pipelining = pipelining_.load(std::memory_order_relaxed);
        now.open_connections = open_connections_.load(std::memory_order_relaxed);
        now.waiting_calls = waiting_calls_.load(std::memory_order_relaxed);
        for (std::size_t i = 0; i != latency_.size(); ++i)
            now.latency.counts[i] = latency_[i].load(std::memory_order_relaxed);
        return now;
    }

    void publish(const pool& from) noexcept
    {
        const pool_counters& counted = from.counters();
        const std::array<std::uint64_t, 7> values{
            counted.connections_opened,     counted.sessions_resumed, counted.connections_lost,
            counted.requests_written,       counted.replies,          counted.replays,
            counted.multiplexed_connections};
        for (std::size_t i = 0; i != values.size(); ++i)
            counters_[i].store(values[i], std::memory_order_relaxed);
        deepest_pipeline_.store(counted.deepest_pipeline, std::memory_order_relaxed);
        pipelining_.store(from.pipelining(), std::memory_order_relaxed);
        open_connections_.store(from.usable(), std::memory_order_relaxed);
        waiting_calls_.store(from.waiting(), std::memory_order_relaxed);
    }

    void call_ended(bool well, std::chrono::nanoseconds took) noexcept
    {
        add_one(counters_[well ? 7 : 8]);
        if (well)
            add_one(latency_[latency_histogram::bucket_of(took)]);
    }

    [[nodiscard]] std::size_t waiting_calls() const noexcept { return waiting_calls_.load(std::memory_order_relaxed); }
    void add_waiting_calls(std::size_t count) noexcept { waiting_calls_.fetch_add(count, std::memory_order_relaxed); }

private:
    static constexpr std::array<std::uint64_t client_stats::*, 9> numbers{
        &client_stats::connections_opened, &client_stats::sessions_resumed, &client_stats::connections_lost,
        &client_stats::requests_written,   &client_stats::replies,          &client_stats::replays,
        &client_stats::http2_connections,  &client_stats::calls_succeeded,  &client_stats::calls_failed};

    // There is one writer at a time, so that no other write can come between.
    static void add_one(std::atomic<std::uint64_t>& counter) noexcept
    {
        counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }

    std::array<std::atomic<std::uint64_t>, numbers.size()> counters_{};
    std::array<std::atomic<std::uint64_t>, latency_histogram::size> latency_{};
    std::atomic<std::size_t> deepest_pipeline_{0};
    std::atomic<pipelining_state> pipelining_{pipelining_state::unknown};
    std::atomic<std::size_t> open_connections_{0};
    std::atomic<std::size_t> waiting_calls_{0};
};

} // namespace venice_keys::detail
