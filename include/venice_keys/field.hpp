// One field of an update: left alone, cleared (null), or set.
#pragma once

#include <optional>
#include <utility>

namespace venice_keys {

/// The type of `clear`. It can't be made from `{}`, so that an empty pair of braces never clears a field.
struct clear_t {
    explicit constexpr clear_t(int /*tag*/) {} ///< for `clear` alone
};
/// Removes the value of a field: no limit, no expiration. The request has null for it.
inline constexpr clear_t clear{0};

namespace detail {

template <class T>
inline constexpr bool false_for = false;

} // namespace detail

/// One field of a request: left alone, cleared (null), or set to a value.
template <class T>
class field {
public:
    field() = default;                                           ///< leaves the field alone
    field(clear_t /*tag*/) noexcept : touched_(true) {}          ///< clears it
    field(T value) : value_(std::move(value)), touched_(true) {} ///< sets it

    /// Does not compile: an empty optional could mean to leave the field alone, or to clear it (decision 40).
    template <class U>
    field(const std::optional<U>& /*value*/)
    {
        static_assert(detail::false_for<U>,
                      "An empty std::optional could mean to leave the field alone, or to clear it. Say which: "
                      "`if (x) update.usd(*x);` or `update.usd(x ? vk::field<double>(*x) : vk::clear);`");
    }

    [[nodiscard]] bool untouched() const noexcept { return !touched_; }          ///< whether the field is left alone
    [[nodiscard]] bool cleared() const noexcept { return touched_ && !value_; }  ///< whether it is cleared
    [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); } ///< whether it is set

    /// The value. It is undefined unless has_value().
    [[nodiscard]] const T& operator*() const noexcept { return *value_; }
    /// The value's members. It is undefined unless has_value().
    [[nodiscard]] const T* operator->() const noexcept { return &*value_; }

    /// Compares state and value.
    friend bool operator==(const field&, const field&) = default;

private:
    std::optional<T> value_;
    bool touched_ = false;
};

} // namespace venice_keys
