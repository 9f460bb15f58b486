// The service's answer to a question of yes or no, if it gave one.
#pragma once

#include <venice_keys/detail/export.hpp>

#include <iosfwd>

namespace venice_keys {

/// An answer of yes or no, or none. As a bool it is true only where the service said yes. With a std::optional<bool>,
/// `if` would ask whether there is an answer.
class yes_or_no {
public:
    constexpr yes_or_no() noexcept = default;                              ///< not told
    constexpr yes_or_no(bool value) noexcept : told_(true), yes_(value) {} ///< yes for true, no for false

    [[nodiscard]] constexpr bool told() const noexcept { return told_; }        ///< whether there is an answer
    [[nodiscard]] constexpr bool yes() const noexcept { return yes_; }          ///< false also when it was not told
    [[nodiscard]] constexpr bool no() const noexcept { return told_ && !yes_; } ///< false also when it was not told
    /// The same as yes().
    [[nodiscard]] explicit constexpr operator bool() const noexcept { return yes_; }

    /// An answer that was not told equals only another that was not.
    friend constexpr bool operator==(const yes_or_no&, const yes_or_no&) noexcept = default;
    /// `yes`, `no` or `not told`.
    friend VENICE_KEYS_API std::ostream& operator<<(std::ostream& out, yes_or_no value);

private:
    bool told_ = false;
    bool yes_ = false;
};

} // namespace venice_keys
