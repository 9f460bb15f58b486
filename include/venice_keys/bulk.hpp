// Many updates in one call: what client::update_keys takes and completes with.
#pragma once

#include <venice_keys/api_key.hpp>
#include <venice_keys/call_options.hpp>
#include <venice_keys/detail/export.hpp>
#include <venice_keys/key_update.hpp>
#include <venice_keys/result.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace venice_keys {

/// How client_view::update_keys goes about it; with a value out of its range it ends as errc::invalid_argument. It is
/// no aggregate, for the reason given at key_update.
class bulk_options {
public:
    bulk_options() = default; ///< 128 in flight, all failures go to the sink alone, default call options

    ///@{
    /// How many items may be under way at a time, 1 … 100,000; 128 by default. This bounds the memory, however long the
    /// range is.
    bulk_options& max_in_flight(std::size_t most) & noexcept
    {
        max_in_flight_ = most;
        return *this;
    }
    bulk_options&& max_in_flight(std::size_t most) && noexcept { return std::move(max_in_flight(most)); }
    ///@}

    ///@{
    /// After the first item that fails no more are pulled from the range; those under way run to their end. Without
    /// this option a failure is handed to the sink and the others go on.
    bulk_options& stop_on_error(bool stop = true) & noexcept
    {
        stop_on_error_ = stop;
        return *this;
    }
    bulk_options&& stop_on_error(bool stop = true) && noexcept { return std::move(stop_on_error(stop)); }
    ///@}

    ///@{
    /// The options of each item's call. Its deadline starts when the item is started, not when update_keys is called.
    bulk_options& each(call_options options) & noexcept
    {
        each_ = options;
        return *this;
    }
    bulk_options&& each(call_options options) && noexcept { return std::move(each(options)); }
    ///@}

    ///@{
    /// What was set, or the default.
    [[nodiscard]] std::size_t max_in_flight() const noexcept { return max_in_flight_; }
    [[nodiscard]] bool stops_on_error() const noexcept { return stop_on_error_; }
    [[nodiscard]] const call_options& each() const noexcept { return each_; }
    ///@}

private:
    std::size_t max_in_flight_ = 128;
    bool stop_on_error_ = false;
    call_options each_;
};

/// The summary of a bulk update. Every item that was pulled from the range is in exactly one of the four counts.
struct bulk_summary {
    /// How the bulk update ended.
    enum class end : std::uint8_t {
        finished,  ///< the range came to its end
        stopped,   ///< after a failure, as bulk_options::stop_on_error asks, or because the range threw
        cancelled, ///< by the caller's cancellation slot
        closed,    ///< the client was closed or destroyed
    };

    end how = end::finished;    ///< why no more items were pulled
    std::uint64_t applied = 0;  ///< the service answered with success
    std::uint64_t refused = 0;  ///< the service answered, but not with success; or the update itself was invalid
    std::uint64_t unknown = 0;  ///< failed, and may have been applied (error::maybe_applied)
    std::uint64_t not_sent = 0; ///< valid, and failed without being sent
    std::optional<error> first_error{}; ///< of the item that failed first; empty when none did

    /// How many items were pulled from the range: the sum of the four counts.
    [[nodiscard]] std::uint64_t pulled() const noexcept { return applied + refused + unknown + not_sent; }
};

/// The enumerator's name.
[[nodiscard]] VENICE_KEYS_API std::string_view to_string(bulk_summary::end value) noexcept;
/// Prints one line for people.
VENICE_KEYS_API std::ostream& operator<<(std::ostream& out, const bulk_summary& value);

namespace detail {

// A range with its type erased, which gives its items one by one.
class VENICE_KEYS_API bulk_source {
public:
    virtual ~bulk_source() = default;
    // Empty at the end of the range. May throw what the range throws.
    [[nodiscard]] virtual std::optional<key_update> next() = 0;
};

template <class Range>
using range_iterator = decltype(std::begin(std::declval<Range&>()));

// A std::ranges::input_range that has begin() and end(). (The header with that concept takes longer to compile than
// all of this one.)
template <class Range>
concept pullable = std::input_iterator<range_iterator<Range>> &&
    std::sentinel_for<decltype(std::end(std::declval<Range&>())), range_iterator<Range>> &&
    std::constructible_from<key_update, std::iter_reference_t<range_iterator<Range>>>;

template <pullable Range>
class range_source final : public bulk_source {
public:
    explicit range_source(Range range) : range_(std::move(range)) {}

    std::optional<key_update> next() override
    {
        if (!at_) // not done in the constructor, because begin() of a lazy range does work
            at_.emplace(std::begin(range_));
        else if (*at_ != std::end(range_))
            ++*at_;
        if (*at_ == std::end(range_))
            return std::nullopt;
        return std::optional<key_update>{std::in_place, static_cast<key_update>(**at_)};
    }

private:
    Range range_;
    std::optional<range_iterator<Range>> at_;
};

using bulk_sink = std::function<void(std::size_t index, result<api_key> outcome)>;

} // namespace detail

} // namespace venice_keys
