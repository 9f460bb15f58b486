#include "emulator/validation.hpp"

#include "emulator/dates.hpp"
#include "emulator/json_text.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace venice_keys::emulation {

namespace {

namespace json = boost::json;

constexpr double max_limit = 9'999'999'999.0;
constexpr std::size_t max_description = 64; // a wallet's creation has no such limit
constexpr std::size_t wallet_digits = 40;
constexpr std::string_view web3_description = "Web3 API Key"; // where a wallet's creation has none

// Counts UTF-16 units, as JavaScript does: a character of four bytes in UTF-8 has two of them. The UTF-8 is
// well-formed, because the JSON parser refuses any other.
std::size_t count_units(std::string_view text)
{
    std::size_t units = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        units += (byte & 0xC0U) == 0x80U ? 0U : byte >= 0xF0U ? 2U : 1U;
    }
    return units;
}

bool is_hex(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

bool is_prefixed_hex(std::string_view text)
{
    return text.starts_with("0x") && is_hex(text.substr(2));
}

enum class purpose { update, creation, web3_creation };

class checker {
public:
    explicit checker(purpose why, std::string_view challenge_name = {}) : purpose_(why), challenge_name_(challenge_name)
    {
    }

    checked_body check(const json::value& body)
    {
        if (!body.is_object()) {
            complain({}, "invalid_type", "Expected an object");
            return std::move(result_);
        }
        for (const auto& member : body.get_object())
            check_member(member.key(), member.value());
        check_required(body.get_object());
        return std::move(result_);
    }

private:
    void complain(std::vector<std::string> path, std::string code, std::string message)
    {
        result_.issues.push_back(issue{std::move(path), std::move(code), std::move(message)});
    }

    void check_member(std::string_view name, const json::value& value)
    {
        key_fields& fields = result_.fields;
        if (name == "consumptionLimit")
            check_limits(value);
        else if (name == "limitPeriod")
            check_choice(name, value, limit_periods, fields.limit_period);
        else if (name == "modelPrivacy")
            check_choice(name, value, model_privacies, fields.model_privacy);
        else if (name == "description")
            check_description(value);
        else if (name == "expiresAt")
            check_expiration(value);
        else if (name == "id" && purpose_ == purpose::update)
            check_text(name, value, fields.id);
        else if (name == "apiKeyType" && purpose_ != purpose::update)
            check_choice(name, value, key_types, fields.type);
        else if (name == "address" && purpose_ == purpose::web3_creation)
            check_address(value);
        else if (name == "signature" && purpose_ == purpose::web3_creation)
            check_signature(value);
        else if (name == challenge_name_ && purpose_ == purpose::web3_creation)
            check_text(name, value, result_.challenge);
        else
            complain({std::string{name}}, "unrecognized_keys", "Unrecognized field");
    }

    void check_required(const json::object& body)
    {
        const auto require = [&](std::string_view name) {
            if (!body.contains(name))
                complain({std::string{name}}, "invalid_type", "Field is required");
        };
        switch (purpose_) {
        case purpose::update:
            require("id");
            break;
        case purpose::creation:
            require("apiKeyType");
            require("description");
            break;
        case purpose::web3_creation:
            require("apiKeyType");
            require("address");
            require("signature");
            require(challenge_name_);
            break;
        }
    }

    void check_text(std::string_view name, const json::value& value, std::string& target)
    {
        if (!value.is_string())
            complain({std::string{name}}, "invalid_type", "Expected a string");
        else if (value.get_string().empty())
            complain({std::string{name}}, "too_small", "Must not be empty");
        else
            target = std::string_view{value.get_string()};
    }

    void check_address(const json::value& value)
    {
        check_text("address", value, result_.address);
        if (!result_.address.empty() && !is_wallet_address(result_.address))
            complain({"address"}, "invalid_string", "Expected 0x and 40 hexadecimal digits");
    }

    void check_signature(const json::value& value)
    {
        std::string signature;
        check_text("signature", value, signature);
        if (!signature.empty() && !is_prefixed_hex(signature))
            complain({"signature"}, "invalid_string", "Expected 0x and hexadecimal digits");
    }

    void check_description(const json::value& value)
    {
        if (!value.is_string())
            complain({"description"}, "invalid_type", "Expected a string");
        else if (purpose_ != purpose::web3_creation && count_units(value.get_string()) > max_description)
            complain({"description"}, "too_big", "Must have at most 64 characters");
        else
            result_.fields.description = std::string{std::string_view{value.get_string()}};
    }

    void check_expiration(const json::value& value)
    {
        std::optional<std::optional<timestamp>>& target = result_.fields.expires_at;
        // An update may have null here, and a creation may not.
        if (value.is_null() && purpose_ == purpose::update) {
            target.emplace(std::nullopt);
            return;
        }
        if (!value.is_string()) {
            complain({"expiresAt"}, "invalid_type", "Expected a date or an empty string");
            return;
        }
        const std::string_view text = value.get_string();
        if (text.empty())
            target.emplace(std::nullopt);
        else if (const auto when = read_date(text))
            target.emplace(when);
        else
            complain({"expiresAt"}, "invalid_string", "Expected YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS[.mmm]Z");
    }

    void check_limits(const json::value& value)
    {
        if (!value.is_object()) {
            complain({"consumptionLimit"}, "invalid_type", "Expected an object");
            return;
        }
        for (const auto& member : value.get_object()) {
            if (member.key() == "usd")
                check_limit("usd", member.value(), result_.fields.usd);
            else if (member.key() == "diem")
                check_limit("diem", member.value(), result_.fields.diem);
            else if (member.key() == "vcu")
                check_limit("vcu", member.value(), result_.fields.vcu);
            else
                complain({"consumptionLimit", std::string{member.key()}}, "unrecognized_keys", "Unrecognized field");
        }
    }

    void check_limit(std::string_view name, const json::value& value, std::optional<std::optional<double>>& target)
    {
        const std::vector<std::string> path{"consumptionLimit", std::string{name}};
        if (value.is_null()) {
            target.emplace(std::nullopt);
            return;
        }
        if (!value.is_number()) {
            complain(path, "invalid_type", "Expected a number or null");
            return;
        }
        const double amount = value.to_number<double>();
        if (amount < 0)
            complain(path, "too_small", "Must be at least 0");
        else if (!(amount <= max_limit)) // this includes what the parser has made infinite
            complain(path, "too_big", "Must be at most 9999999999");
        else
            target.emplace(amount);
    }

    template <class Value, std::size_t Count>
    void check_choice(std::string_view name, const json::value& value, const std::array<choice<Value>, Count>& choices,
                      std::optional<Value>& target)
    {
        if (!value.is_string()) {
            complain({std::string{name}}, "invalid_type", "Expected a string");
            return;
        }
        const std::string_view text = value.get_string();
        std::string names;
        for (const choice<Value>& each : choices) {
            if (each.text == text) {
                target = Value{each.value};
                return;
            }
            names += names.empty() ? "" : ", ";
            names += each.text;
        }
        complain({std::string{name}}, "invalid_enum_value", "Expected one of " + names);
    }

    purpose purpose_;
    std::string_view challenge_name_; // of a wallet's creation
    checked_body result_;
};

} // namespace

bool is_wallet_address(std::string_view text)
{
    return text.size() == 2 + wallet_digits && is_prefixed_hex(text);
}

checked_body check_update(const json::value& body)
{
    return checker{purpose::update}.check(body);
}

checked_body check_creation(const json::value& body)
{
    return checker{purpose::creation}.check(body);
}

checked_body check_web3_creation(const json::value& body, wallet_form form)
{
    const std::string_view challenge_name = form == wallet_form::token ? "token" : "message";
    checked_body checked = checker{purpose::web3_creation, challenge_name}.check(body);
    if (!checked.fields.description)
        checked.fields.description = web3_description;
    return checked;
}

} // namespace venice_keys::emulation
