#include "support/printing.hpp"

#include <venice_keys/latency_histogram.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_model_latency_histogram)

using venice_keys::latency_histogram;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

namespace {

constexpr std::size_t last = latency_histogram::size - 1;
constexpr nanoseconds first_with_company{1'024};            // the shortest time that has eight buckets to its doubling
constexpr nanoseconds longest{(std::int64_t{1} << 42) - 1}; // that the last bucket is made for

// Times spread evenly over the magnitudes from 1 ns to over an hour.
class random_times {
public:
    nanoseconds operator()() { return nanoseconds{static_cast<std::int64_t>(std::exp2(exponent_(generator_)))}; }

private:
    std::mt19937_64 generator_{20261125}; // NOLINT(cert-msc51-cpp): the same times each run
    std::uniform_real_distribution<double> exponent_{0.0, 41.99};
};

} // namespace

BOOST_AUTO_TEST_CASE(it_covers_a_microsecond_to_over_an_hour)
{
    BOOST_TEST(latency_histogram::bucket_of(1us) == 0u);
    BOOST_TEST(latency_histogram::upper_bound(0) == 1'151ns);
    BOOST_TEST(latency_histogram::bucket_of(1h) < last);
    BOOST_TEST(latency_histogram::upper_bound(last) == longest);
    BOOST_TEST(latency_histogram::upper_bound(last) > 73min);
}

BOOST_AUTO_TEST_CASE(what_is_beyond_its_ends_is_counted_in_the_last_and_the_first)
{
    BOOST_TEST(latency_histogram::bucket_of(longest + 1ns) == last);
    BOOST_TEST(latency_histogram::bucket_of(24h) == last);
    BOOST_TEST(latency_histogram::bucket_of(nanoseconds::max()) == last);
    for (const nanoseconds time : {nanoseconds{0}, nanoseconds{1}, nanoseconds{-1}, nanoseconds::min()})
        BOOST_TEST(latency_histogram::bucket_of(time) == 0u);
}

BOOST_AUTO_TEST_CASE(a_doubling_has_eight_buckets)
{
    for (std::int64_t time = 1'024; time <= longest.count() / 4; time *= 2) {
        const std::size_t here = latency_histogram::bucket_of(nanoseconds{time});
        BOOST_TEST(latency_histogram::bucket_of(nanoseconds{time * 2}) == here + 8);
        BOOST_TEST(latency_histogram::bucket_of(nanoseconds{time * 2 - 1}) == here + 7);
    }
}

BOOST_AUTO_TEST_CASE(buckets_meet_without_gap_or_overlap)
{
    for (std::size_t bucket = 0; bucket <= last; ++bucket) {
        const nanoseconds end = latency_histogram::upper_bound(bucket);
        BOOST_TEST(latency_histogram::bucket_of(end) == bucket);
        if (bucket != last)
            BOOST_TEST(latency_histogram::bucket_of(end + 1ns) == bucket + 1);
    }
}

BOOST_AUTO_TEST_CASE(a_longer_time_is_never_in_an_earlier_bucket)
{
    random_times next;
    for (int i = 0; i != 100'000; ++i) {
        const auto [shorter, longer] = std::minmax({next(), next()});
        if (latency_histogram::bucket_of(shorter) > latency_histogram::bucket_of(longer))
            BOOST_ERROR(shorter.count() << " ns is after " << longer.count() << " ns");
    }
}

BOOST_AUTO_TEST_CASE(an_upper_bound_is_at_most_an_eighth_more_than_the_time)
{
    random_times next;
    for (int i = 0; i != 100'000; ++i) {
        const nanoseconds time = next();
        const nanoseconds bound = latency_histogram::upper_bound(latency_histogram::bucket_of(time));
        if (bound < time || (time >= first_with_company && (bound - time) * 8 > time))
            BOOST_ERROR(time.count() << " ns is told as " << bound.count() << " ns");
    }
}

BOOST_AUTO_TEST_CASE(an_empty_one_has_no_times)
{
    const latency_histogram none;
    BOOST_TEST(none.total() == 0u);
    for (const double share : {0.0, 0.5, 1.0})
        BOOST_TEST(none.quantile(share) == 0ns);
}

BOOST_AUTO_TEST_CASE(quantiles_are_those_of_the_sorted_times_but_for_the_bucket)
{
    random_times next;
    for (const std::size_t size : {1u, 2u, 3u, 10u, 100u, 1'000u, 10'007u}) {
        latency_histogram histogram;
        std::vector<nanoseconds> times;
        for (std::size_t i = 0; i != size; ++i) {
            times.push_back(next());
            ++histogram.counts[latency_histogram::bucket_of(times.back())];
        }
        std::ranges::sort(times);
        BOOST_TEST(histogram.total() == size);
        for (const double share : {0.0, 0.001, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1.0}) {
            const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(size)));
            const nanoseconds exact = times[std::max(rank, std::size_t{1}) - 1];
            const nanoseconds told = histogram.quantile(share);
            BOOST_TEST(told == latency_histogram::upper_bound(latency_histogram::bucket_of(exact)),
                       share << " of " << size << ": " << told.count() << " ns for " << exact.count() << " ns");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_share_beyond_its_range_is_the_nearest_in_it)
{
    latency_histogram histogram;
    histogram.counts[3] = 1;
    histogram.counts[9] = 5;
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const double share : {-1.0, 0.0, nan})
        BOOST_TEST(histogram.quantile(share) == latency_histogram::upper_bound(3));
    for (const double share : {1.0, 2.0, std::numeric_limits<double>::infinity()})
        BOOST_TEST(histogram.quantile(share) == latency_histogram::upper_bound(9));
}

BOOST_AUTO_TEST_SUITE_END()
