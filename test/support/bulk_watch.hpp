// The two ends of a bulk update, watched: a lazy range that counts what is pulled from it, and a sink that writes down
// what it gets and compares both. They are used by one thread at a time, as bulk updates promise.
#pragma once

#include "support/world.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <ostream>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

namespace test {

using bulk_result = vk::result<vk::bulk_summary>;

class bulk_watch {
public:
    explicit bulk_watch(std::vector<std::string> ids)
        : ids_(std::move(ids)), outcomes_(ids_.size()), times_(ids_.size())
    {
    }
    bulk_watch(const bulk_watch&) = delete;
    bulk_watch& operator=(const bulk_watch&) = delete;

    // Gives an update for each id, made when it is asked for.
    [[nodiscard]] auto range()
    {
        return std::views::iota(std::size_t{0}, ids_.size()) | std::views::transform([this](std::size_t which) {
                   in_order_ = in_order_ && which == pulled_; // each once, in order
                   ++pulled_;
                   most_ahead_ = std::max(most_ahead_, pulled_ - handed_);
                   return vk::key_update(ids_[which]).usd(static_cast<double>(which));
               });
    }
    [[nodiscard]] auto sink()
    {
        return [this](std::size_t index, updated_key with) {
            ++handed_;
            in_order_ = in_order_ && index < pulled_;
            if (!in_order_)
                return;
            ++times_[index];
            outcomes_[index] = std::move(with);
        };
    }
    [[nodiscard]] auto handler()
    {
        return [this](bulk_result with) {
            ++completions_;
            end_ = std::move(with);
        };
    }

    [[nodiscard]] std::size_t size() const noexcept { return ids_.size(); }
    [[nodiscard]] std::size_t pulled() const noexcept { return pulled_; }
    [[nodiscard]] std::size_t handed() const noexcept { return handed_; }
    // The most items that were pulled and not yet handed to the sink.
    [[nodiscard]] std::size_t most_ahead() const noexcept { return most_ahead_; }
    [[nodiscard]] const updated_key& operator[](std::size_t which) const { return outcomes_.at(which); }
    [[nodiscard]] bool ended() const noexcept { return end_.has_value(); }
    [[nodiscard]] const vk::bulk_summary& summary() const { return end_.value().value(); }

    // Checks that the update has completed once, and that the sink has seen what its summary says: each item once.
    void check_account() const
    {
        BOOST_REQUIRE(ended());
        BOOST_TEST(completions_ == 1U);
        BOOST_REQUIRE(in_order_);
        vk::bulk_summary seen;
        for (std::size_t i = 0; i != ids_.size(); ++i) {
            BOOST_TEST_REQUIRE(times_[i] == (i < pulled_ ? 1U : 0U));
            if (i < pulled_)
                count(outcomes_[i], seen);
            if (i < pulled_ && outcomes_[i])
                BOOST_TEST(outcomes_[i]->id == ids_[i]);
        }
        BOOST_TEST(summary().applied == seen.applied);
        BOOST_TEST(summary().refused == seen.refused);
        BOOST_TEST(summary().unknown == seen.unknown);
        BOOST_TEST(summary().not_sent == seen.not_sent);
        BOOST_TEST(summary().pulled() == pulled_);
        BOOST_TEST(summary().first_error.has_value() == (seen.applied != pulled_));
    }

private:
    static void count(const updated_key& outcome, vk::bulk_summary& into)
    {
        if (outcome)
            ++into.applied;
        else if (outcome.error().maybe_applied())
            ++into.unknown;
        else if (outcome.error().code == vk::errc::invalid_argument ||
                 outcome.error().delivery == vk::delivery::answered)
            ++into.refused;
        else
            ++into.not_sent;
    }

    std::vector<std::string> ids_;
    std::vector<updated_key> outcomes_;
    std::vector<unsigned> times_;
    std::size_t pulled_ = 0;
    std::size_t handed_ = 0;
    std::size_t most_ahead_ = 0;
    unsigned completions_ = 0;
    bool in_order_ = true; // checked at the end, because Boost.Test's checks are for one thread
    std::optional<bulk_result> end_;
};

} // namespace test

// So that a failed comparison shows the text of the enumerator.
namespace venice_keys {
inline std::ostream& operator<<(std::ostream& out, bulk_summary::end value)
{
    return out << to_string(value);
}
} // namespace venice_keys
