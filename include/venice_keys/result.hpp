// What a call ends with: the answer, or a full report of the failure. It is not a boost::system::result, whose error()
// returns a copy and whose default state is a success.
#pragma once

#include <venice_keys/detail/result_state.hpp>
#include <venice_keys/detail/result_steps.hpp>
#include <venice_keys/error.hpp>

#include <boost/assert.hpp>

#include <concepts>
#include <initializer_list>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace venice_keys {

namespace detail {

template <class T>
inline constexpr bool is_failure = std::is_same_v<T, error> || std::is_same_v<T, errc>;

// Whether a From is taken for the value, or for something that the value is made of. A result<bool> takes its value
// from another result's value, not from whether that has one.
template <class T, class From>
inline constexpr bool is_value_for =
    !std::is_same_v<std::remove_cvref_t<From>, result<T>> &&
    !std::is_same_v<std::remove_cvref_t<From>, std::in_place_t> && !is_failure<std::remove_cvref_t<From>> &&
    !(std::is_same_v<std::remove_cv_t<T>, bool> &&
      is_result<std::remove_cvref_t<From>>)&&std::is_constructible_v<T, From>;

// Whether a T can be made of a result<U> as a whole, which is then not taken apart.
template <class T, class U>
inline constexpr bool takes_whole =
    !std::is_same_v<std::remove_cv_t<T>, bool> &&
    (std::is_constructible_v<T, result<U>&> || std::is_constructible_v<T, result<U>> ||
     std::is_constructible_v<T, const result<U>&> || std::is_constructible_v<T, const result<U>>);

// Whether a result<T> can be made of a result<U> whose value is given as a From.
template <class T, class U, class From>
inline constexpr bool is_result_for =
    !std::is_same_v<T, U> && !std::is_void_v<U> && std::is_constructible_v<T, From> && !takes_whole<T, U>;

} // namespace detail

/// What a call ends with: a value or an error. It has the interface of std::expected<T, error>, with and_then,
/// transform, or_else and transform_error, and with these differences:
/// - A default-constructed result is an error, errc::no_result.
/// - An error and an errc convert to it: there is no `unexpected`.
/// - value(), `*` and error() of a temporary return by value, so that a reference to that, and a range-for over it, are
///   good.
///
/// value() throws request_failed. It is undefined to use `*` or `->` on an error, or error() on a value; a BOOST_ASSERT
/// tells, unless NDEBUG is defined. Several threads may read one result at once; writing needs exclusion.
template <class T>
class [[nodiscard]] result : public detail::result_steps<result<T>> {
public:
    using value_type = T;                  ///< of the value
    using error_type = venice_keys::error; ///< of the error, always

    result() = default; ///< an error, errc::no_result

    ///@{
    /// The value, made of what it is given. Explicit where the conversion is.
    template <class U = std::remove_cv_t<T>>
        requires detail::is_value_for<T, U>
    explicit(!std::is_convertible_v<U, T>) result(U&& value) : state_(std::in_place, std::forward<U>(value)) {}
    ///@}
    ///@{
    /// The value or the error of another result, whose value converts. Explicit where the conversion is.
    template <class U>
        requires detail::is_result_for<T, U, const U&>
    explicit(!std::is_convertible_v<const U&, T>) result(const result<U>& other)
    {
        if (other.has_value())
            state_.emplace(*other);
        else
            state_.fail(other.error());
    }
    template <class U>
        requires detail::is_result_for<T, U, U>
    explicit(!std::is_convertible_v<U, T>) result(result<U>&& other)
    {
        if (other.has_value())
            state_.emplace(std::move(*other.operator->()));
        else
            state_.fail(std::move(other).error());
    }
    ///@}
    ///@{
    /// The value, made of these arguments in its place.
    template <class... Args>
        requires std::is_constructible_v<T, Args...>
    explicit result(std::in_place_t tag, Args&&... args) : state_(tag, std::forward<Args>(args)...) {}
    template <class U, class... Args>
        requires std::is_constructible_v < T, std::initializer_list<U>
    &, Args... > explicit result(std::in_place_t tag, std::initializer_list<U> list, Args&&... args)
        : state_(tag, list, std::forward<Args>(args)...)
    {
    }
    ///@}
    ///@{
    /// An error.
    result(const error_type& why) : state_(error_type(why)) {}
    result(error_type&& why) noexcept : state_(std::move(why)) {}
    result(errc why) : state_(error_type(why)) {}
    ///@}

    ///@{
    /// Takes the value, or the error, in place of what is here.
    // U has no default here, so that `= {}` assigns a default-constructed result.
    template <class U>
        requires(detail::is_value_for<T, U>&& std::is_assignable_v<T&, U>)
    result& operator=(U&& value)
    {
        state_.assign(std::forward<U>(value));
        return *this;
    }
    template <class Failure>
    requires detail::is_failure<std::remove_cvref_t<Failure>> result& operator=(Failure&& why)
    {
        state_.fail(error_type(std::forward<Failure>(why)));
        return *this;
    }
    ///@}

    ///@{
    /// Whether there is a value, and so no error.
    [[nodiscard]] bool has_value() const noexcept { return state_.has_value(); }
    explicit operator bool() const noexcept { return has_value(); }
    ///@}

    ///@{
    /// The value. It is undefined when there is none.
    T& operator*() & noexcept { return *operator->(); }
    const T& operator*() const& noexcept { return *operator->(); }
    T operator*() && noexcept(std::is_nothrow_move_constructible_v<T>) { return std::move(*operator->()); }
    T operator*() const&& { return *operator->(); }
    T* operator->() noexcept
    {
        BOOST_ASSERT_MSG(has_value(), "a result that holds an error has no value: ask has_value(), or use value()");
        return std::addressof(state_.value());
    }
    const T* operator->() const noexcept
    {
        BOOST_ASSERT_MSG(has_value(), "a result that holds an error has no value: ask has_value(), or use value()");
        return std::addressof(state_.value());
    }
    ///@}

    ///@{
    /// The value. Throws request_failed with the error when there is none.
    T& value() &
    {
        throw_if_error();
        return state_.value();
    }
    const T& value() const&
    {
        throw_if_error();
        return state_.value();
    }
    T value() &&
    {
        throw_if_error();
        return std::move(state_.value());
    }
    T value() const&&
    {
        throw_if_error();
        return state_.value();
    }
    ///@}

    ///@{
    /// The error. It is undefined when there is none.
    error_type& error() & noexcept
    {
        BOOST_ASSERT_MSG(!has_value(), "a result that holds a value has no error: ask has_value()");
        return state_.failure();
    }
    const error_type& error() const& noexcept
    {
        BOOST_ASSERT_MSG(!has_value(), "a result that holds a value has no error: ask has_value()");
        return state_.failure();
    }
    error_type error() && noexcept { return std::move(error()); }
    error_type error() const&& { return error(); }
    ///@}

    ///@{
    /// The value, or `other` when there is none.
    template <class U = std::remove_cv_t<T>>
    T value_or(U&& other) const&
    {
        return has_value() ? state_.value() : static_cast<T>(std::forward<U>(other));
    }
    template <class U = std::remove_cv_t<T>>
    T value_or(U&& other) &&
    {
        return has_value() ? std::move(state_.value()) : static_cast<T>(std::forward<U>(other));
    }
    ///@}
    ///@{
    /// The error, or `other` when there is none.
    error_type error_or(error_type other) const&
    {
        return has_value() ? std::move(other) : error_type(state_.failure());
    }
    error_type error_or(error_type other) && { return std::move(has_value() ? other : state_.failure()); }
    ///@}

    ///@{
    /// Makes a value in place of what is there. That stays when making the value throws, but not when moving it in
    /// does.
    template <class... Args>
    requires std::is_constructible_v<T, Args...> T& emplace(Args&&... args)
    {
        return state_.emplace(std::forward<Args>(args)...);
    }
    template <class U, class... Args>
        requires std::is_constructible_v < T, std::initializer_list<U>
    &, Args... > T& emplace(std::initializer_list<U> list, Args&&... args)
    {
        return state_.emplace(list, std::forward<Args>(args)...);
    }
    ///@}

    /// Exchanges what both hold.
    void swap(result& other) noexcept(std::is_nothrow_move_constructible_v<T>&& std::is_nothrow_swappable_v<T>)
    {
        state_.swap(other.state_);
    }
    /// Exchanges what both hold.
    friend void swap(result& one, result& other) noexcept(noexcept(one.swap(other))) { one.swap(other); }

private:
    void throw_if_error() const
    {
        if (!has_value())
            detail::throw_request_failed(state_.failure());
    }

    detail::result_state<T> state_;
};

/// The result of a call that returns nothing but its success. Everything else is as with a value.
template <>
class [[nodiscard]] result<void> : public detail::result_steps<result<void>> {
public:
    using value_type = void;               ///< there is none
    using error_type = venice_keys::error; ///< of the error, always

    result() : why_(error_type{}) {}                     ///< an error, errc::no_result
    explicit result(std::in_place_t /*tag*/) noexcept {} ///< a success
    ///@{
    /// An error.
    result(const error_type& why) : why_(why) {}
    result(error_type&& why) noexcept : why_(std::move(why)) {}
    result(errc why) : why_(error_type{why}) {}
    ///@}

    /// A success.
    [[nodiscard]] static result success() noexcept { return result(std::in_place); }

    ///@{
    /// Whether it is a success, and so no error.
    [[nodiscard]] bool has_value() const noexcept { return !why_; }
    explicit operator bool() const noexcept { return has_value(); }
    ///@}

    /// Does nothing. It is undefined when there is an error.
    void operator*() const noexcept
    {
        BOOST_ASSERT_MSG(has_value(), "a result that holds an error has no value: ask has_value(), or use value()");
    }
    /// Throws request_failed when there is an error.
    void value() const
    {
        if (why_)
            detail::throw_request_failed(*why_);
    }

    ///@{
    /// The error. It is undefined when there is none.
    error_type& error() & noexcept
    {
        BOOST_ASSERT_MSG(!has_value(), "a result that holds a value has no error: ask has_value()");
        return *why_;
    }
    const error_type& error() const& noexcept
    {
        BOOST_ASSERT_MSG(!has_value(), "a result that holds a value has no error: ask has_value()");
        return *why_;
    }
    error_type error() && noexcept { return std::move(error()); }
    error_type error() const&& { return error(); }
    ///@}
    ///@{
    /// The error, or `other` when there is none.
    error_type error_or(error_type other) const& { return has_value() ? std::move(other) : error_type(*why_); }
    error_type error_or(error_type other) && { return std::move(has_value() ? other : *why_); }
    ///@}

    /// Makes it a success.
    void emplace() noexcept { why_.reset(); }
    /// Exchanges what both hold.
    void swap(result& other) noexcept { why_.swap(other.why_); }
    /// Exchanges what both hold.
    friend void swap(result& one, result& other) noexcept { one.swap(other); }

private:
    std::optional<error_type> why_;
};

/// Whether both hold equal values, or equal errors.
template <class T, class U>
[[nodiscard]] bool operator==(const result<T>& one,
                              const result<U>& other) requires(std::is_void_v<T> == std::is_void_v<U>)
{
    if (one.has_value() != other.has_value())
        return false;
    if (!one.has_value())
        return one.error() == other.error();
    if constexpr (std::is_void_v<T>)
        return true;
    else
        return *one == *other;
}

/// Whether it holds an equal error.
template <class T>
[[nodiscard]] bool operator==(const result<T>& one, const error& other)
{
    return !one.has_value() && one.error() == other;
}

/// Whether it holds an equal value.
template <class T, class U>
[[nodiscard]] bool operator==(const result<T>& one, const U& other) requires(!detail::is_result<U> &&
                                                                             !detail::is_failure<U> &&
                                                                             requires(const T& value) {
                                                                                 {
                                                                                     value == other
                                                                                     } -> std::convertible_to<bool>;
                                                                             })
{
    return one.has_value() && *one == other;
}

} // namespace venice_keys
