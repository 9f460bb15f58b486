// What a result<T> holds: an error or a T, never neither. Only for use by result.
#pragma once

#include <venice_keys/detail/export.hpp>
#include <venice_keys/error.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace venice_keys::detail {

// A function of the library throws, so that this header can be used where exceptions are off.
[[noreturn]] VENICE_KEYS_API void throw_request_failed(const error& why);

template <class T>
class result_state {
    static_assert(std::is_object_v<T> && !std::is_array_v<T> && std::is_destructible_v<T>,
                  "a result holds an object that is no array");
    static_assert(!std::is_same_v<std::remove_cv_t<T>, error> && !std::is_same_v<std::remove_cv_t<T>, errc>,
                  "an error is no value of a result");
    // So that the error can be put back when making a value throws.
    static_assert(std::is_nothrow_move_constructible_v<error>);

public:
    result_state() : error_(), has_value_(false) {}
    explicit result_state(error&& why) noexcept : error_(std::move(why)), has_value_(false) {}
    template <class... Args>
    explicit result_state(std::in_place_t /*tag*/, Args&&... args)
        : value_(std::forward<Args>(args)...), has_value_(true)
    {
    }

    result_state(const result_state& other) requires std::is_copy_constructible_v<T> : has_value_(other.has_value_)
    {
        if (has_value_)
            std::construct_at(std::addressof(value_), other.value_);
        else
            std::construct_at(std::addressof(error_), other.error_);
    }
    result_state(result_state&& other) noexcept(
        std::is_nothrow_move_constructible_v<T>) requires std::is_move_constructible_v<T> : has_value_(other.has_value_)
    {
        if (has_value_)
            std::construct_at(std::addressof(value_), std::move(other.value_));
        else
            std::construct_at(std::addressof(error_), std::move(other.error_));
    }
    result_state&
    operator=(const result_state& other) requires(std::is_copy_constructible_v<T>&& std::is_copy_assignable_v<T>)
    {
        if (other.has_value_)
            assign(other.value_);
        else
            fail(other.error_);
        return *this;
    }
    result_state& operator=(result_state&& other) noexcept(
        std::is_nothrow_move_constructible_v<T>&& std::is_nothrow_move_assignable_v<
            T>) requires(std::is_move_constructible_v<T>&& std::is_move_assignable_v<T>)
    {
        if (other.has_value_)
            assign(std::move(other.value_));
        else
            fail(std::move(other.error_));
        return *this;
    }
    ~result_state() { destroy(); }

    [[nodiscard]] bool has_value() const noexcept { return has_value_; }
    // Call these only for what is there.
    [[nodiscard]] T& value() noexcept { return value_; }
    [[nodiscard]] const T& value() const noexcept { return value_; }
    [[nodiscard]] venice_keys::error& failure() noexcept { return error_; }
    [[nodiscard]] const venice_keys::error& failure() const noexcept { return error_; }

    template <class U>
    void assign(U&& from)
    {
        if (has_value_)
            value_ = std::forward<U>(from);
        else
            replace_error(std::forward<U>(from));
    }
    template <class... Args>
    T& emplace(Args&&... args)
    {
        if constexpr (std::is_nothrow_constructible_v<T, Args...>) {
            destroy();
            std::construct_at(std::addressof(value_), std::forward<Args>(args)...);
            has_value_ = true;
        } else {
            T made(std::forward<Args>(args)...); // what is there stays when this throws
            if (has_value_)
                fail(venice_keys::error());
            replace_error(std::move(made));
        }
        return value_;
    }
    void fail(const venice_keys::error& why)
    {
        if (has_value_)
            fail(venice_keys::error(why)); // copies first, which may throw
        else
            error_ = why;
    }
    void fail(venice_keys::error&& why) noexcept
    {
        if (!has_value_) {
            error_ = std::move(why);
            return;
        }
        std::destroy_at(std::addressof(value_));
        std::construct_at(std::addressof(error_), std::move(why));
        has_value_ = false;
    }
    void swap(result_state& other) noexcept(std::is_nothrow_move_constructible_v<T>&& std::is_nothrow_swappable_v<T>)
    {
        using std::swap;
        if (has_value_ && other.has_value_) {
            swap(value_, other.value_);
        } else if (has_value_) {
            other.swap(*this);
        } else if (!other.has_value_) {
            swap(error_, other.error_);
        } else {
            T made(std::move(other.value_));
            other.fail(std::move(error_));
            replace_error(std::move(made));
        }
    }

private:
    // Puts the error back unless a value was made.
    struct rescue {
        result_state& state;
        venice_keys::error why;

        explicit rescue(result_state& from) noexcept : state(from), why(std::move(from.error_))
        {
            std::destroy_at(std::addressof(state.error_));
        }
        rescue(const rescue&) = delete;
        rescue& operator=(const rescue&) = delete;
        ~rescue()
        {
            if (!state.has_value_)
                std::construct_at(std::addressof(state.error_), std::move(why));
        }
    };

    template <class U>
    void replace_error(U&& from)
    {
        if constexpr (std::is_nothrow_constructible_v<T, U>) {
            std::destroy_at(std::addressof(error_));
            std::construct_at(std::addressof(value_), std::forward<U>(from));
            has_value_ = true;
        } else {
            const rescue back(*this);
            std::construct_at(std::addressof(value_), std::forward<U>(from));
            has_value_ = true;
        }
    }
    void destroy() noexcept
    {
        if (has_value_)
            std::destroy_at(std::addressof(value_));
        else
            std::destroy_at(std::addressof(error_));
    }

    union {
        venice_keys::error error_;
        T value_;
    };
    bool has_value_;
};

} // namespace venice_keys::detail
