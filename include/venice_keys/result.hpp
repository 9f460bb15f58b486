// What a call ends with: the answer, or a full account of the failure. Not a boost::system::result, whose error()
// returns a copy and whose default state is a success.
#pragma once

#include <venice_keys/error.hpp>

#include <concepts>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace venice_keys {

template <class T>
class result;

namespace detail {

template <class T>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<result<T>> = true;

} // namespace detail

// The interface of std::expected<T, error>. A default-constructed result is an error, errc::no_result.
// Using * or -> on an error, or error() on a value, is undefined; value() throws request_failed.
template <class T>
class [[nodiscard]] result {
public:
    using value_type = T;
    using error_type = venice_keys::error;

    result() = default;

    template <class U = T>
        requires(std::constructible_from<T, U> && !std::same_as<std::remove_cvref_t<U>, result> &&
                 !std::same_as<std::remove_cvref_t<U>, error_type>)
    result(U&& value) : state_(std::in_place_index<1>, std::forward<U>(value)) {}

    result(const error_type& why) : state_(std::in_place_index<0>, why) {}
    result(error_type&& why) : state_(std::in_place_index<0>, std::move(why)) {}
    result(errc why) : state_(std::in_place_index<0>, why) {}

    [[nodiscard]] bool has_value() const noexcept { return state_.index() == 1; }
    explicit operator bool() const noexcept { return has_value(); }

    T& operator*() & noexcept { return *std::get_if<1>(&state_); }
    const T& operator*() const& noexcept { return *std::get_if<1>(&state_); }
    T&& operator*() && noexcept { return std::move(*std::get_if<1>(&state_)); }
    T* operator->() noexcept { return std::get_if<1>(&state_); }
    const T* operator->() const noexcept { return std::get_if<1>(&state_); }

    T& value() &
    {
        throw_if_error();
        return **this;
    }
    const T& value() const&
    {
        throw_if_error();
        return **this;
    }
    T&& value() &&
    {
        throw_if_error();
        return *std::move(*this);
    }

    error_type& error() & noexcept { return *std::get_if<0>(&state_); }
    const error_type& error() const& noexcept { return *std::get_if<0>(&state_); }
    error_type&& error() && noexcept { return std::move(*std::get_if<0>(&state_)); }

    template <class U>
    T value_or(U&& other) const&
    {
        return has_value() ? **this : static_cast<T>(std::forward<U>(other));
    }
    template <class U>
    T value_or(U&& other) &&
    {
        return has_value() ? *std::move(*this) : static_cast<T>(std::forward<U>(other));
    }

    // A value made in place of what is there.
    template <class... Args>
    T& emplace(Args&&... args)
    {
        return state_.template emplace<1>(std::forward<Args>(args)...);
    }

    // function(value) must give a result<U>; an error passes through.
    template <class F>
    auto and_then(F&& function) &&
    {
        using next = std::remove_cvref_t<std::invoke_result_t<F, T&&>>;
        static_assert(detail::is_result<next>, "and_then wants a function that returns a result");
        return has_value() ? std::invoke(std::forward<F>(function), *std::move(*this)) : next(std::move(*this).error());
    }

    // function(value) gives the new value; an error passes through.
    template <class F>
    auto transform(F&& function) &&
    {
        using next = result<std::remove_cv_t<std::invoke_result_t<F, T&&>>>;
        return has_value() ? next(std::invoke(std::forward<F>(function), *std::move(*this)))
                           : next(std::move(*this).error());
    }

    // function(error) must give a result<T>; a value passes through.
    template <class F>
    result or_else(F&& function) &&
    {
        return has_value() ? std::move(*this)
                           : result(std::invoke(std::forward<F>(function), std::move(*this).error()));
    }

private:
    void throw_if_error() const
    {
        if (!has_value())
            throw request_failed(error());
    }

    std::variant<error_type, T> state_;
};

// A call that has nothing to hand over but its success.
template <>
class [[nodiscard]] result<void> {
public:
    using value_type = void;
    using error_type = venice_keys::error;

    result() : why_(error_type{}) {}
    result(const error_type& why) : why_(why) {}
    result(error_type&& why) : why_(std::move(why)) {}
    result(errc why) : why_(error_type{why}) {}

    [[nodiscard]] static result success() noexcept { return result(std::nullopt); }

    [[nodiscard]] bool has_value() const noexcept { return !why_; }
    explicit operator bool() const noexcept { return has_value(); }

    void value() const
    {
        if (why_)
            throw request_failed(*why_);
    }

    error_type& error() & noexcept { return *why_; }
    const error_type& error() const& noexcept { return *why_; }
    error_type&& error() && noexcept { return std::move(*why_); }

private:
    explicit result(std::nullopt_t nothing) noexcept : why_(nothing) {}

    std::optional<error_type> why_;
};

} // namespace venice_keys
