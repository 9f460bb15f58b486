// The monadic operations of a result, for result<T> and result<void> alike: and_then, transform, or_else,
// transform_error, on all four kinds of object. Only for use by result.
#pragma once

#include <venice_keys/error.hpp>

#include <functional>
#include <type_traits>
#include <utility>

namespace venice_keys {

template <class T>
class result;

namespace detail {

template <class T>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<result<T>> = true;

// A part of an object, which is moved from when the object is.
template <class Whole, class Part>
constexpr auto&& part_of(Part& part) noexcept
{
    if constexpr (std::is_lvalue_reference_v<Whole>)
        return part;
    else
        return std::move(part);
}

template <class From, class F>
decltype(auto) invoke_with_value(From&& from, F&& function)
{
    if constexpr (std::is_void_v<typename std::remove_cvref_t<From>::value_type>)
        return std::invoke(std::forward<F>(function));
    else
        return std::invoke(std::forward<F>(function), part_of<From>(*from.operator->()));
}

template <class From, class F>
auto and_then(From&& from, F&& function)
{
    using next = std::remove_cvref_t<decltype(invoke_with_value(std::forward<From>(from), std::forward<F>(function)))>;
    static_assert(is_result<next>, "and_then wants a function that returns a result");
    if (from.has_value())
        return next(invoke_with_value(std::forward<From>(from), std::forward<F>(function)));
    return next(part_of<From>(from.error()));
}

template <class From, class F>
auto transform(From&& from, F&& function)
{
    using made = std::remove_cv_t<decltype(invoke_with_value(std::forward<From>(from), std::forward<F>(function)))>;
    using next = result<made>;
    if (!from.has_value())
        return next(part_of<From>(from.error()));
    if constexpr (std::is_void_v<made>) {
        invoke_with_value(std::forward<From>(from), std::forward<F>(function));
        return next(std::in_place);
    } else {
        return next(std::in_place, invoke_with_value(std::forward<From>(from), std::forward<F>(function)));
    }
}

template <class From, class F>
auto or_else(From&& from, F&& function)
{
    using same = std::remove_cvref_t<From>;
    static_assert(
        std::is_same_v<std::remove_cvref_t<std::invoke_result_t<F, decltype(part_of<From>(from.error()))>>, same>,
        "or_else wants a function that returns a result of the same type");
    if (from.has_value())
        return same(std::forward<From>(from));
    return same(std::invoke(std::forward<F>(function), part_of<From>(from.error())));
}

template <class From, class F>
auto transform_error(From&& from, F&& function)
{
    using same = std::remove_cvref_t<From>;
    if (from.has_value())
        return same(std::forward<From>(from));
    return same(error(std::invoke(std::forward<F>(function), part_of<From>(from.error()))));
}

template <class Result>
class result_steps {
public:
    // function(value) must give a result<U>; an error passes through.
    template <class F>
    auto and_then(F&& function) &
    {
        return detail::and_then(static_cast<Result&>(*this), std::forward<F>(function));
    }
    template <class F>
    auto and_then(F&& function) const&
    {
        return detail::and_then(static_cast<const Result&>(*this), std::forward<F>(function));
    }
    template <class F>
    auto and_then(F&& function) &&
    {
        return detail::and_then(static_cast<Result&&>(*this), std::forward<F>(function));
    }
    template <class F>
    auto and_then(F&& function) const&&
    {
        return detail::and_then(static_cast<const Result&&>(*this), std::forward<F>(function));
    }

    // function(value) gives the new value, or nothing, which makes a result<void>; an error passes through.
    template <class F>
    auto transform(F&& function) &
    {
        return detail::transform(static_cast<Result&>(*this), std::forward<F>(function));
    }
    template <class F>
    auto transform(F&& function) const&
    {
        return detail::transform(static_cast<const Result&>(*this), std::forward<F>(function));
    }
    template <class F>
    auto transform(F&& function) &&
    {
        return detail::transform(static_cast<Result&&>(*this), std::forward<F>(function));
    }
    template <class F>
    auto transform(F&& function) const&&
    {
        return detail::transform(static_cast<const Result&&>(*this), std::forward<F>(function));
    }

    // function(error) must give a result of the same type; a value passes through.
    template <class F>
    Result or_else(F&& function) &
    {
        return detail::or_else(static_cast<Result&>(*this), std::forward<F>(function));
    }
    template <class F>
    Result or_else(F&& function) const&
    {
        return detail::or_else(static_cast<const Result&>(*this), std::forward<F>(function));
    }
    template <class F>
    Result or_else(F&& function) &&
    {
        return detail::or_else(static_cast<Result&&>(*this), std::forward<F>(function));
    }
    template <class F>
    Result or_else(F&& function) const&&
    {
        return detail::or_else(static_cast<const Result&&>(*this), std::forward<F>(function));
    }

    // function(error) gives another error, or an errc; a value passes through.
    template <class F>
    Result transform_error(F&& function) &
    {
        return detail::transform_error(static_cast<Result&>(*this), std::forward<F>(function));
    }
    template <class F>
    Result transform_error(F&& function) const&
    {
        return detail::transform_error(static_cast<const Result&>(*this), std::forward<F>(function));
    }
    template <class F>
    Result transform_error(F&& function) &&
    {
        return detail::transform_error(static_cast<Result&&>(*this), std::forward<F>(function));
    }
    template <class F>
    Result transform_error(F&& function) const&&
    {
        return detail::transform_error(static_cast<const Result&&>(*this), std::forward<F>(function));
    }

protected:
    result_steps() = default;
    ~result_steps() = default;
    result_steps(const result_steps&) = default;
    result_steps(result_steps&&) noexcept = default;
    result_steps& operator=(const result_steps&) = default;
    result_steps& operator=(result_steps&&) noexcept = default;
};

} // namespace detail

} // namespace venice_keys
