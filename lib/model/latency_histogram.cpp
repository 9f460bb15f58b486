#include <venice_keys/latency_histogram.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

namespace venice_keys {

namespace {

// A time has 2^10 … 2^42 - 1 nanoseconds here. Its highest bit says in which doubling it is, and the three bits below
// say in which eighth of that.
constexpr unsigned low_bits = 10;
constexpr unsigned eighth_bits = 3;
constexpr std::uint64_t shortest = std::uint64_t{1} << low_bits;
constexpr std::uint64_t longest = (std::uint64_t{1} << (low_bits + latency_histogram::size / 8)) - 1;

static_assert(std::chrono::nanoseconds{longest} > std::chrono::hours{1});

} // namespace

std::size_t latency_histogram::bucket_of(std::chrono::nanoseconds time) noexcept
{
    const auto count = static_cast<std::uint64_t>(std::max(time.count(), std::chrono::nanoseconds::rep{0}));
    const std::uint64_t value = std::clamp(count, shortest, longest);
    const auto doubling = static_cast<unsigned>(std::bit_width(value)) - 1 - low_bits;
    // The highest bit, which is still in the shifted value, counts as eight.
    return (std::size_t{doubling} << eighth_bits) + (value >> (doubling + low_bits - eighth_bits)) - 8;
}

std::chrono::nanoseconds latency_histogram::upper_bound(std::size_t bucket) noexcept
{
    const std::size_t doubling = bucket >> eighth_bits;
    const std::uint64_t eighths = 8 + bucket % 8;
    const std::uint64_t next = (eighths + 1) << (doubling + low_bits - eighth_bits);
    return std::chrono::nanoseconds{next - 1};
}

std::uint64_t latency_histogram::total() const noexcept
{
    std::uint64_t sum = 0;
    for (const std::uint64_t count : counts)
        sum += count;
    return sum;
}

std::chrono::nanoseconds latency_histogram::quantile(double share) const noexcept
{
    const std::uint64_t all = total();
    if (all == 0)
        return std::chrono::nanoseconds{0};
    // This is the nearest-rank method. It is written so that a share that is not a number counts as 0.
    const double rank = share > 0 ? std::ceil(std::min(share, 1.0) * static_cast<double>(all)) : 1.0;
    double passed = 0;
    std::size_t last = 0; // the last bucket with anything in it
    for (std::size_t bucket = 0; bucket != size; ++bucket) {
        if (counts[bucket] == 0)
            continue;
        last = bucket;
        passed += static_cast<double>(counts[bucket]);
        if (passed >= rank)
            break;
    }
    return upper_bound(last);
}

} // namespace venice_keys
