// The change that update_key sends: an id, and the fields to set or clear. Other fields stay as they are.
#pragma once

#include <venice_keys/detail/export.hpp>
#include <venice_keys/enums.hpp>
#include <venice_keys/field.hpp>
#include <venice_keys/result.hpp>
#include <venice_keys/timestamp.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace venice_keys {

/// When a key expires: a point in time, or a text that is sent as it is: `YYYY-MM-DD` (midnight, UTC) or
/// `YYYY-MM-DDTHH:MM:SS[.mmm]Z`.
class expiration {
public:
    /// A point in time, in the years 0 … 9999. A time of the system's clock in any unit is rounded down to
    /// milliseconds: `system_clock::now() + 24h`.
    template <class Duration>
    expiration(std::chrono::sys_time<Duration> when) noexcept : when_(to_timestamp(when))
    {
    }
    /// A text in one of the two forms, or an empty one: never.
    expiration(std::string text) : when_(std::move(text)) {}

    /// The form that is sent; empty for a time outside of the years 0 … 9999.
    [[nodiscard]] VENICE_KEYS_API std::string text() const;
    /// Appends text() to `out`.
    VENICE_KEYS_API void append_to(std::string& out) const;
    /// Whether text() has one of the two forms.
    [[nodiscard]] VENICE_KEYS_API bool valid() const noexcept;

    /// Compares all members.
    friend bool operator==(const expiration&, const expiration&) = default;

private:
    std::variant<timestamp, std::string> when_;
};

namespace detail {

// Not inline: with -fsanitize=address g++ 12 takes what an expiration moves for uninitialised (-Wmaybe-uninitialized).
VENICE_KEYS_API void set_expiration(field<expiration>& target, timestamp when);
VENICE_KEYS_API void set_expiration(field<expiration>& target, std::string_view text);
VENICE_KEYS_API void clear_expiration(field<expiration>& target) noexcept;

} // namespace detail

/// The change that update_key sends (service: `PATCH /api_keys`): an id, and the fields to set or clear. Other fields
/// stay as they are.
///
/// This is a class with setters and no aggregate, because g++ 12 copies an aggregate temporary inside a co_await
/// expression bit by bit and destroys it twice. The setters chain on temporaries and on variables alike.
class key_update {
public:
    /// Of the key with this id. It must not be empty, have control characters, or have blanks at its ends.
    explicit key_update(std::string id) : id_(std::move(id)) {}

    ///@{
    /// The limit for one limit_period: 0 … 9999999999 of the unit, or `clear` for no limit. 0: nothing may be spent.
    key_update& usd(field<double> limit) & { return set(usd_, limit); }
    key_update&& usd(field<double> limit) && { return std::move(usd(limit)); }
    key_update& diem(field<double> limit) & { return set(diem_, limit); }
    key_update&& diem(field<double> limit) && { return std::move(diem(limit)); }
    ///@}
    ///@{
    /// The same in VCU. Deprecated by the service in favour of diem.
    key_update& vcu(field<double> limit) & { return set(vcu_, limit); }
    key_update&& vcu(field<double> limit) && { return std::move(vcu(limit)); }
    ///@}

    ///@{
    /// When the limits reset. The service has no null for it, so it can't be cleared.
    key_update& limit_period(venice_keys::limit_period period) & { return set(limit_period_, std::move(period)); }
    key_update&& limit_period(venice_keys::limit_period period) &&
    {
        return std::move(limit_period(std::move(period)));
    }
    ///@}
    ///@{
    /// Which models the key may call. It can't be cleared either.
    key_update& model_privacy(venice_keys::model_privacy privacy) & { return set(model_privacy_, std::move(privacy)); }
    key_update&& model_privacy(venice_keys::model_privacy privacy) &&
    {
        return std::move(model_privacy(std::move(privacy)));
    }
    ///@}

    ///@{
    /// UTF-8, at most 64 code points. The service may count UTF-16 units, of which a code point beyond U+FFFF takes
    /// two: then it refuses a text of more than 64 of these. It has no null here, so `clear` sends the empty text.
    key_update& description(std::string text) & { return set(description_, std::move(text)); }
    key_update&& description(std::string text) && { return std::move(description(std::move(text))); }
    key_update& description(clear_t /*tag*/) & { return set(description_, std::string{}); }
    key_update&& description(clear_t /*tag*/) && { return std::move(description(std::string{})); }
    ///@}

    ///@{
    /// When the key expires, in one of the forms of `expiration`. `clear`, and an empty text, remove the expiration. A
    /// time that is over is not refused: the key ends at once, for good. A date without a time is its first moment in
    /// UTC, so today's is over.
    template <class Duration>
    key_update& expires_at(std::chrono::sys_time<Duration> when) &
    {
        detail::set_expiration(expires_at_, to_timestamp(when));
        return *this;
    }
    template <class Duration>
    key_update&& expires_at(std::chrono::sys_time<Duration> when) &&
    {
        return std::move(expires_at(when));
    }
    VENICE_KEYS_API key_update& expires_at(std::string_view text) &;
    key_update&& expires_at(std::string_view text) && { return std::move(expires_at(text)); }
    key_update& expires_at(clear_t /*tag*/) &
    {
        detail::clear_expiration(expires_at_);
        return *this;
    }
    key_update&& expires_at(clear_t /*tag*/) && { return std::move(expires_at(clear)); }
    ///@}
    /// Does not compile: an empty optional could mean to leave the expiration alone, or to remove it (decision 40).
    template <class T>
    key_update& expires_at(const std::optional<T>& /*when*/)
    {
        static_assert(detail::false_for<T>,
                      "An empty std::optional could mean to leave the expiration alone, or to remove it. Say which: "
                      "`if (x) update.expires_at(*x);`, and `else update.expires_at(vk::clear);`");
        return *this;
    }

    ///@{
    /// What was set.
    [[nodiscard]] const std::string& id() const noexcept { return id_; }
    [[nodiscard]] const field<double>& usd() const noexcept { return usd_; }
    [[nodiscard]] const field<double>& diem() const noexcept { return diem_; }
    [[nodiscard]] const field<double>& vcu() const noexcept { return vcu_; }
    [[nodiscard]] const field<venice_keys::limit_period>& limit_period() const noexcept { return limit_period_; }
    [[nodiscard]] const field<venice_keys::model_privacy>& model_privacy() const noexcept { return model_privacy_; }
    [[nodiscard]] const field<std::string>& description() const noexcept { return description_; }
    [[nodiscard]] const field<expiration>& expires_at() const noexcept { return expires_at_; }
    ///@}

    /// Fails with errc::invalid_argument, naming the field by its name here, for: an id that is empty, or has a control
    /// character or a blank at its ends; a text that is not UTF-8; a description of more than 64 code points; a limit
    /// out of range or not finite; an expiration in neither of the two forms; an enumeration value with an empty text;
    /// an update that changes nothing.
    [[nodiscard]] VENICE_KEYS_API result<void> validate() const;

    /// Compares all members.
    friend bool operator==(const key_update&, const key_update&) = default;

private:
    template <class T, class U>
    key_update& set(field<T>& target, U&& value)
    {
        target = field<T>(std::forward<U>(value));
        return *this;
    }

    std::string id_;
    field<double> usd_;
    field<double> diem_;
    field<double> vcu_;
    field<venice_keys::limit_period> limit_period_;
    field<venice_keys::model_privacy> model_privacy_;
    field<std::string> description_;
    field<expiration> expires_at_;
};

} // namespace venice_keys
