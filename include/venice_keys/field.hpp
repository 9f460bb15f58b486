// One field of an update: left alone, cleared (null), or set.
#pragma once

#include <optional>
#include <utility>

namespace venice_keys {

/// Removes the value of a field: no limit, no expiration.
struct clear_t {
    explicit constexpr clear_t(int /*tag*/) {}
};
inline constexpr clear_t clear{0};

template <class T>
class field {
public:
    field() = default;
    field(clear_t /*tag*/) noexcept : touched_(true) {}
    field(T value) : value_(std::move(value)), touched_(true) {}

    [[nodiscard]] bool untouched() const noexcept { return !touched_; }
    [[nodiscard]] bool cleared() const noexcept { return touched_ && !value_; }
    [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); }

    /// Only with has_value().
    [[nodiscard]] const T& operator*() const noexcept { return *value_; }
    [[nodiscard]] const T* operator->() const noexcept { return &*value_; }

    friend bool operator==(const field&, const field&) = default;

private:
    std::optional<T> value_;
    bool touched_ = false;
};

} // namespace venice_keys
