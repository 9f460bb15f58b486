// The service's enumerations. They are open: a value that this version does not know keeps its text.
#pragma once

#include <venice_keys/detail/export.hpp>

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace venice_keys {

/// The window in which limits count (service: `limitPeriod`).
class limit_period {
public:
    /// The values that this version knows.
    enum known : std::uint8_t {
        other,    ///< unknown to this version; text() has it
        epoch,    ///< EPOCH: resets each UTC day
        month,    ///< MONTH: resets on the first of each UTC month
        lifetime, ///< LIFETIME: never resets
    };

    limit_period() noexcept = default; ///< `other`, with an empty text
    /// One of the known values. `other` has an empty text, which no request may send.
    limit_period(known value) noexcept : value_(value) {}
    /// From the service's text, in capitals. A text that this version does not know gives `other` and is kept.
    VENICE_KEYS_API explicit limit_period(std::string_view text);

    /// For a `switch`. Have a case for `other`: the service may add values.
    [[nodiscard]] known value() const noexcept { return value_; }
    /// The service's text for the period: `MONTH`. Of a value that this version does not know: as it came.
    [[nodiscard]] VENICE_KEYS_API std::string_view text() const noexcept;

    /// Two unknown values are equal when their texts are.
    friend bool operator==(const limit_period&, const limit_period&) noexcept = default;
    /// Compares with one of the known values.
    friend bool operator==(const limit_period& left, known right) noexcept { return left.value_ == right; }
    /// Prints text().
    friend VENICE_KEYS_API std::ostream& operator<<(std::ostream& out, const limit_period& value);

private:
    known value_ = other;
    std::string text_; // only of a value that this version does not know
};

/// What a key may be used for (service: `apiKeyType`).
class key_type {
public:
    /// The values that this version knows.
    enum known : std::uint8_t {
        other,     ///< unknown to this version; text() has it
        inference, ///< INFERENCE: inference endpoints only
        admin,     ///< ADMIN: the whole API
    };

    key_type() noexcept = default; ///< `other`, with an empty text
    /// One of the known values. `other` has an empty text, which no request may send.
    key_type(known value) noexcept : value_(value) {}
    /// From the service's text, in capitals. A text that this version does not know gives `other` and is kept.
    VENICE_KEYS_API explicit key_type(std::string_view text);

    /// For a `switch`. Have a case for `other`: the service may add values.
    [[nodiscard]] known value() const noexcept { return value_; }
    /// The service's text for the type: `ADMIN`. Of a value that this version does not know: as it came.
    [[nodiscard]] VENICE_KEYS_API std::string_view text() const noexcept;

    /// Two unknown values are equal when their texts are.
    friend bool operator==(const key_type&, const key_type&) noexcept = default;
    /// Compares with one of the known values.
    friend bool operator==(const key_type& left, known right) noexcept { return left.value_ == right; }
    /// Prints text().
    friend VENICE_KEYS_API std::ostream& operator<<(std::ostream& out, const key_type& value);

private:
    known value_ = other;
    std::string text_;
};

/// Which models a key may call (service: `modelPrivacy`).
class model_privacy {
public:
    /// The values that this version knows.
    enum known : std::uint8_t {
        other,        ///< unknown to this version; text() has it
        all,          ///< ALL: every model
        private_text, ///< PRIVATE_TEXT: text and embedding models must be private
        private_only, ///< PRIVATE_ONLY: every model must be private
    };

    model_privacy() noexcept = default; ///< `other`, with an empty text
    /// One of the known values. `other` has an empty text, which no request may send.
    model_privacy(known value) noexcept : value_(value) {}
    /// From the service's text, in capitals. A text that this version does not know gives `other` and is kept.
    VENICE_KEYS_API explicit model_privacy(std::string_view text);

    /// For a `switch`. Have a case for `other`: the service may add values.
    [[nodiscard]] known value() const noexcept { return value_; }
    /// The service's text for it: `PRIVATE_ONLY`. Of a value that this version does not know: as it came.
    [[nodiscard]] VENICE_KEYS_API std::string_view text() const noexcept;

    /// Two unknown values are equal when their texts are.
    friend bool operator==(const model_privacy&, const model_privacy&) noexcept = default;
    /// Compares with one of the known values.
    friend bool operator==(const model_privacy& left, known right) noexcept { return left.value_ == right; }
    /// Prints text().
    friend VENICE_KEYS_API std::ostream& operator<<(std::ostream& out, const model_privacy& value);

private:
    known value_ = other;
    std::string text_;
};

} // namespace venice_keys
