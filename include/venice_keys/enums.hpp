// The service's enumerations. They are open: a value that this version does not know keeps its text.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace venice_keys {

/// The window in which limits count.
class limit_period {
public:
    enum known : std::uint8_t {
        other,    ///< unknown to this version; text() has it
        epoch,    ///< EPOCH: resets each UTC day
        month,    ///< MONTH: resets on the first of each UTC month
        lifetime, ///< LIFETIME: never resets
    };

    limit_period() noexcept = default;
    limit_period(known value) noexcept : value_(value) {}
    explicit limit_period(std::string_view text);

    [[nodiscard]] known value() const noexcept { return value_; }
    [[nodiscard]] std::string_view text() const noexcept;

    friend bool operator==(const limit_period&, const limit_period&) noexcept = default;
    friend bool operator==(const limit_period& left, known right) noexcept { return left.value_ == right; }
    friend std::ostream& operator<<(std::ostream& out, const limit_period& value);

private:
    known value_ = other;
    std::string text_; ///< only of a value that this version does not know
};

/// What a key may be used for.
class key_type {
public:
    enum known : std::uint8_t {
        other,
        inference, ///< INFERENCE: inference endpoints only
        admin,     ///< ADMIN: the whole API
    };

    key_type() noexcept = default;
    key_type(known value) noexcept : value_(value) {}
    explicit key_type(std::string_view text);

    [[nodiscard]] known value() const noexcept { return value_; }
    [[nodiscard]] std::string_view text() const noexcept;

    friend bool operator==(const key_type&, const key_type&) noexcept = default;
    friend bool operator==(const key_type& left, known right) noexcept { return left.value_ == right; }
    friend std::ostream& operator<<(std::ostream& out, const key_type& value);

private:
    known value_ = other;
    std::string text_;
};

/// Which models a key may call.
class model_privacy {
public:
    enum known : std::uint8_t {
        other,
        all,          ///< ALL: every model
        private_text, ///< PRIVATE_TEXT: text and embedding models must be private
        private_only, ///< PRIVATE_ONLY: every model must be private
    };

    model_privacy() noexcept = default;
    model_privacy(known value) noexcept : value_(value) {}
    explicit model_privacy(std::string_view text);

    [[nodiscard]] known value() const noexcept { return value_; }
    [[nodiscard]] std::string_view text() const noexcept;

    friend bool operator==(const model_privacy&, const model_privacy&) noexcept = default;
    friend bool operator==(const model_privacy& left, known right) noexcept { return left.value_ == right; }
    friend std::ostream& operator<<(std::ostream& out, const model_privacy& value);

private:
    known value_ = other;
    std::string text_;
};

} // namespace venice_keys
