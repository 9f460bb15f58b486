// What create_key and create_web3_key send, and what they complete with.
#pragma once

#include <venice_keys/api_key.hpp>
#include <venice_keys/detail/export.hpp>
#include <venice_keys/field.hpp>
#include <venice_keys/key_update.hpp>
#include <venice_keys/result.hpp>
#include <venice_keys/secret.hpp>
#include <venice_keys/wallet_challenge.hpp>

#include <chrono>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace venice_keys {

/// The base of new_key and new_web3_key: the fields that both kinds of creation share. `Derived` is the class that has
/// these setters; they chain on temporaries and on variables alike. The service chooses the value of a field that is
/// not set.
template <class Derived>
class creation_fields {
public:
    ///@{
    /// The limit for one limit_period: 0 … 9999999999 of the unit, 0: nothing may be spent; `clear`, or an empty
    /// optional: no limit.
    Derived& usd(field<double> limit) & { return set(usd_, limit); }
    Derived&& usd(field<double> limit) && { return std::move(usd(limit)); }
    template <std::convertible_to<double> T>
    Derived& usd(const std::optional<T>& limit) &
    {
        return usd(as_limit(limit));
    }
    template <std::convertible_to<double> T>
    Derived&& usd(const std::optional<T>& limit) &&
    {
        return std::move(usd(limit));
    }
    Derived& diem(field<double> limit) & { return set(diem_, limit); }
    Derived&& diem(field<double> limit) && { return std::move(diem(limit)); }
    template <std::convertible_to<double> T>
    Derived& diem(const std::optional<T>& limit) &
    {
        return diem(as_limit(limit));
    }
    template <std::convertible_to<double> T>
    Derived&& diem(const std::optional<T>& limit) &&
    {
        return std::move(diem(limit));
    }
    ///@}
    ///@{
    /// The same in VCU. Deprecated by the service in favour of diem.
    Derived& vcu(field<double> limit) & { return set(vcu_, limit); }
    Derived&& vcu(field<double> limit) && { return std::move(vcu(limit)); }
    template <std::convertible_to<double> T>
    Derived& vcu(const std::optional<T>& limit) &
    {
        return vcu(as_limit(limit));
    }
    template <std::convertible_to<double> T>
    Derived&& vcu(const std::optional<T>& limit) &&
    {
        return std::move(vcu(limit));
    }
    ///@}

    ///@{
    /// When the limits reset.
    Derived& limit_period(venice_keys::limit_period period) & { return set(limit_period_, std::move(period)); }
    Derived&& limit_period(venice_keys::limit_period period) && { return std::move(limit_period(std::move(period))); }
    ///@}
    ///@{
    /// Which models the key may call.
    Derived& model_privacy(venice_keys::model_privacy privacy) & { return set(model_privacy_, std::move(privacy)); }
    Derived&& model_privacy(venice_keys::model_privacy privacy) &&
    {
        return std::move(model_privacy(std::move(privacy)));
    }
    ///@}

    ///@{
    /// When the key expires, in one of the forms of `expiration`. With an empty text, or an empty optional, it
    /// never does. A time that is over is not refused, and makes a key that has expired.
    template <class Duration>
    Derived& expires_at(std::chrono::sys_time<Duration> when) &
    {
        detail::set_expiration(expires_at_, to_timestamp(when));
        return static_cast<Derived&>(*this);
    }
    template <class Duration>
    Derived&& expires_at(std::chrono::sys_time<Duration> when) &&
    {
        return std::move(expires_at(when));
    }
    template <class Duration>
    Derived& expires_at(const std::optional<std::chrono::sys_time<Duration>>& when) &
    {
        return when ? expires_at(*when) : expires_at(std::string_view{});
    }
    template <class Duration>
    Derived&& expires_at(const std::optional<std::chrono::sys_time<Duration>>& when) &&
    {
        return std::move(expires_at(when));
    }
    Derived& expires_at(std::string_view text) &
    {
        detail::set_expiration(expires_at_, text);
        return static_cast<Derived&>(*this);
    }
    Derived&& expires_at(std::string_view text) && { return std::move(expires_at(text)); }
    ///@}

    ///@{
    /// What was set.
    [[nodiscard]] const key_type& type() const noexcept { return type_; }
    [[nodiscard]] const field<double>& usd() const noexcept { return usd_; }
    [[nodiscard]] const field<double>& diem() const noexcept { return diem_; }
    [[nodiscard]] const field<double>& vcu() const noexcept { return vcu_; }
    [[nodiscard]] const field<venice_keys::limit_period>& limit_period() const noexcept { return limit_period_; }
    [[nodiscard]] const field<venice_keys::model_privacy>& model_privacy() const noexcept { return model_privacy_; }
    [[nodiscard]] const field<expiration>& expires_at() const noexcept { return expires_at_; }
    ///@}

    /// Compares all members.
    friend bool operator==(const creation_fields&, const creation_fields&) = default;

protected:
    /// @cond
    explicit creation_fields(key_type type) : type_(std::move(type)) {}

    template <class T, class U>
    Derived& set(field<T>& target, U&& value)
    {
        target = field<T>(std::forward<U>(value));
        return static_cast<Derived&>(*this);
    }
    /// @endcond

private:
    template <class T>
    [[nodiscard]] static field<double> as_limit(const std::optional<T>& limit)
    {
        return limit ? field<double>(static_cast<double>(*limit)) : field<double>(clear);
    }

    key_type type_;
    field<double> usd_;
    field<double> diem_;
    field<double> vcu_;
    field<venice_keys::limit_period> limit_period_;
    field<venice_keys::model_privacy> model_privacy_;
    field<expiration> expires_at_;
};

/// A key to be made by the account (service: `POST /api_keys`). It is no aggregate, for the reason given at key_update.
class new_key : public creation_fields<new_key> {
public:
    /// With what can't be changed or left out. `type`: admin, inference, or one that this version does not know.
    /// `description`: UTF-8, at most 64 code points; see key_update::description.
    new_key(key_type type, std::string description)
        : creation_fields(std::move(type)), description_(std::move(description))
    {
    }

    /// What was set.
    [[nodiscard]] const std::string& description() const noexcept { return description_; }

    /// Fails with errc::invalid_argument, naming the field by its name here: `type` for a type without a text, and
    /// others as in key_update::validate.
    [[nodiscard]] VENICE_KEYS_API result<void> validate() const;

    /// Compares all members.
    friend bool operator==(const new_key&, const new_key&) = default;

private:
    std::string description_;
};

/// A key to be made for the holder of a wallet (service: `POST /api_keys/generate_web3_key`), who proves to be it with
/// a signature of the challenge that web3_challenge gave, within 15 minutes of that.
class new_web3_key : public creation_fields<new_web3_key> {
public:
    /// With what it needs. `address`: the wallet's, `0x…`; `challenge`: from web3_challenge; `signature`: of the
    /// challenge, `0x…`.
    new_web3_key(key_type type, std::string address, wallet_challenge challenge, secret signature)
        : creation_fields(std::move(type)),
          address_(std::move(address)),
          challenge_kind_(challenge.kind()),
          challenge_(std::move(challenge)),
          signature_(std::move(signature))
    {
    }
    /// With the text of a challenge alone. A text of several lines is a message, for a token has one.
    new_web3_key(key_type type, std::string address, secret challenge, secret signature)
        : creation_fields(std::move(type)),
          address_(std::move(address)),
          challenge_kind_(challenge.expose().find('\n') == std::string_view::npos ? wallet_challenge::form::token
                                                                                  : wallet_challenge::form::message),
          challenge_(std::move(challenge)),
          signature_(std::move(signature))
    {
    }

    ///@{
    /// UTF-8, of any length: the specification limits only the description of the other creation.
    new_web3_key& description(std::string text) & { return set(description_, std::move(text)); }
    new_web3_key&& description(std::string text) && { return std::move(description(std::move(text))); }
    ///@}

    ///@{
    /// What was set.
    [[nodiscard]] const std::string& address() const noexcept { return address_; }
    [[nodiscard]] const secret& challenge() const noexcept { return challenge_; }
    ///@}
    /// Under which name the challenge is sent: `token` or `message`.
    [[nodiscard]] wallet_challenge::form challenge_kind() const noexcept { return challenge_kind_; }
    ///@{
    /// What was set.
    [[nodiscard]] const secret& signature() const noexcept { return signature_; }
    [[nodiscard]] const field<std::string>& description() const noexcept { return description_; }
    ///@}

    /// As new_key::validate, except for the length of the description. Fails also for an address, challenge or
    /// signature that is empty or not UTF-8, and for an address or signature with a control character or a blank at its
    /// ends.
    [[nodiscard]] VENICE_KEYS_API result<void> validate() const;

    /// Compares all members.
    friend bool operator==(const new_web3_key&, const new_web3_key&) = default;

private:
    std::string address_;
    wallet_challenge::form challenge_kind_;
    secret challenge_;
    secret signature_;
    field<std::string> description_;
};

/// A key that was made. The answer to a creation does not give created_at, last_used_at and last6_chars. `id` is empty
/// when the answer does not give it in a form that can be read: the secret must not be lost for that.
struct created_key : api_key {
    venice_keys::secret secret{}; ///< the key itself; the service shows it here, once, and never again

    /// Compares all members.
    friend bool operator==(const created_key&, const created_key&) = default;
};

} // namespace venice_keys
