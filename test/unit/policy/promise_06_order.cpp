// Promise 6, the order of changes to one key, against a model that is easily seen to be right.
#include "policy/key_order.hpp"
#include "support/printing.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_policy_promise_06_order)

using namespace venice_keys::policy;

namespace {

struct change : ordered_change {
    explicit change(std::string text) : key(std::move(text)) {}
    std::string key;
};

std::string key_number(std::size_t number)
{
    return "a-key-with-a-long-id-" + std::to_string(number);
}

// The order and a model of it, which take the same steps.
class order_and_model {
public:
    ~order_and_model()
    {
        while (!changes_.empty())
            leave(changes_.size() - 1);
    }

    [[nodiscard]] std::size_t changes() const { return changes_.size(); }

    void enter(const std::string& key)
    {
        auto& added = changes_.emplace_back(std::make_unique<change>(key));
        auto& queue = model_[key];
        queue.push_back(added.get());
        BOOST_TEST_REQUIRE(order_.enter(*added, added->key) == (queue.size() == 1));
        BOOST_TEST_REQUIRE(added->in_key_order());
        BOOST_TEST_REQUIRE(added->at_front() == (queue.size() == 1));
        BOOST_TEST_REQUIRE(order_.size() == model_.size());
    }

    // The change is gone after this, and its key with it.
    void leave(std::size_t index)
    {
        std::swap(changes_[index], changes_.back());
        const auto gone = std::move(changes_.back());
        changes_.pop_back();
        auto& queue = model_[gone->key];
        const bool was_at_front = queue.front() == gone.get();
        queue.erase(std::find(queue.begin(), queue.end(), gone.get()));
        const change* next = was_at_front && !queue.empty() ? queue.front() : nullptr;
        if (queue.empty())
            model_.erase(gone->key);

        BOOST_TEST_REQUIRE(gone->at_front() == was_at_front);
        BOOST_TEST_REQUIRE(order_.leave(*gone) == next);
        BOOST_TEST_REQUIRE(!gone->in_key_order());
        BOOST_TEST_REQUIRE(!gone->at_front());
        if (next != nullptr)
            BOOST_TEST_REQUIRE(next->at_front());
        BOOST_TEST_REQUIRE(order_.size() == model_.size());
    }

    void one_has_the_turn_of_each_key() const
    {
        for (const auto& [key, queue] : model_)
            for (const change* each : queue)
                BOOST_TEST_REQUIRE(each->at_front() == (each == queue.front()));
    }

private:
    std::map<std::string, std::deque<change*>> model_;
    std::deque<std::unique_ptr<change>> changes_;
    key_order order_;
};

// Enters and leaves from anywhere, growing to about `most` changes and shrinking again, some times over.
void walk(std::uint64_t seed, std::size_t keys, std::size_t most, int steps)
{
    BOOST_TEST_CONTEXT("seed " << seed << ", " << keys << " keys, up to " << most << " changes")
    {
        std::mt19937_64 random(seed);
        order_and_model both;
        bool growing = true;
        for (int step = 0; step < steps; ++step) {
            if (both.changes() >= most)
                growing = false;
            else if (both.changes() == 0)
                growing = true;
            if (both.changes() == 0 || (random() % 4 != 0) == growing)
                both.enter(key_number(random() % keys));
            else
                both.leave(random() % both.changes());
            if (step % 256 == 0)
                both.one_has_the_turn_of_each_key();
        }
        both.one_has_the_turn_of_each_key();
    }
}

using clock = std::chrono::steady_clock;

// The time of one enter and one leave while there are that many keys; the best of some tries.
double nanoseconds_a_turn(std::size_t keys)
{
    key_order all;
    std::deque<change> standing;
    for (std::size_t i = 0; i < keys; ++i) {
        standing.emplace_back(key_number(i));
        all.enter(standing.back(), standing.back().key);
    }
    std::deque<change> passing;
    constexpr std::size_t turns = 2000;
    for (std::size_t i = 0; i < turns; ++i)
        passing.emplace_back(key_number(keys + i));
    double best = std::numeric_limits<double>::max();
    for (int attempt = 0; attempt < 5; ++attempt) {
        const auto start = clock::now();
        for (change& each : passing)
            all.enter(each, each.key);
        for (change& each : passing)
            all.leave(each);
        best = std::min(best, std::chrono::duration<double, std::nano>(clock::now() - start).count() / turns);
    }
    for (change& each : standing)
        all.leave(each);
    return best;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_few_keys_with_many_changes_each_keep_their_order)
{
    for (std::uint64_t seed = 0; seed < 40; ++seed)
        walk(seed, 3, 100, 2'000);
}

BOOST_AUTO_TEST_CASE(many_keys_with_a_few_changes_each_keep_their_order)
{
    for (std::uint64_t seed = 0; seed < 10; ++seed)
        walk(seed, 1'000, 2'000, 10'000);
}

BOOST_AUTO_TEST_CASE(one_key_keeps_its_order)
{
    for (std::uint64_t seed = 0; seed < 40; ++seed)
        walk(seed, 1, 50, 1'000);
}

BOOST_AUTO_TEST_CASE(the_table_grows_under_changes_that_wait)
{
    for (std::uint64_t seed = 0; seed < 3; ++seed)
        walk(seed, 100'000, 5'000, 20'000); // nearly all of them keys of their own, many times the first table
}

BOOST_AUTO_TEST_CASE(the_edges_of_the_table_lose_no_one)
{
    for (const std::size_t keys : {63U, 64U, 65U, 127U, 128U, 129U, 257U}) {
        order_and_model both;
        for (std::size_t round = 0; round < 3; ++round)
            for (std::size_t i = 0; i < keys; ++i)
                both.enter(key_number(i));
        both.one_has_the_turn_of_each_key();
        for (std::size_t left = 3 * keys; left > 0; --left)
            both.leave((left * 7) % left);
    }
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_changes_to_one_key_take_turns_in_order)
{
    constexpr std::size_t many = 100'000;
    key_order all;
    std::deque<change> waiting;
    for (std::size_t i = 0; i < many; ++i) {
        waiting.emplace_back("the key");
        all.enter(waiting.back(), waiting.back().key);
    }
    BOOST_TEST(all.size() == 1u);
    // A cost in proportion to those who wait would make this ten thousand million steps, which no test waits for.
    const auto start = clock::now();
    for (std::size_t i = 0; i < many; ++i) {
        BOOST_TEST_REQUIRE(waiting[i].at_front());
        BOOST_TEST_REQUIRE(all.leave(waiting[i]) == (i + 1 < many ? &waiting[i + 1] : nullptr));
    }
    BOOST_TEST((clock::now() - start) < std::chrono::seconds(5));
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_changes_to_one_key_may_be_withdrawn_from_the_end)
{
    constexpr std::size_t many = 100'000;
    key_order all;
    std::deque<change> waiting;
    for (std::size_t i = 0; i < many; ++i) {
        waiting.emplace_back("the key");
        all.enter(waiting.back(), waiting.back().key);
    }
    const auto start = clock::now();
    for (std::size_t i = many; i-- > 0;)
        BOOST_TEST_REQUIRE(all.leave(waiting[i]) == nullptr);
    BOOST_TEST((clock::now() - start) < std::chrono::seconds(5));
}

BOOST_AUTO_TEST_CASE(a_turn_costs_no_more_with_many_keys_than_with_few)
{
    const double few = nanoseconds_a_turn(100);
    const double many = nanoseconds_a_turn(100'000); // without growth: a thousand times the comparisons
    BOOST_TEST(many < 30 * few);
}

BOOST_AUTO_TEST_SUITE_END()
