#include "codec/encode.hpp"

#include "codec/json_writer.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace venice_keys::codec {

namespace {

// This is more than what surrounds the texts. However short they are, the body must not begin in a short string's own
// space, which no allocator cleanses.
constexpr std::size_t room_for_the_rest = 512;

// These are declared inline because GCC, as each has several callers, would otherwise not make them part of the
// encoding of an update, which then takes 8 % more instructions.

template <class Out>
inline void write_limit(object_writer<Out>& limits, std::string_view quoted_name, const field<double>& value)
{
    if (value.has_value())
        append_number(limits.member(quoted_name), *value);
    else if (value.cleared())
        limits.member(quoted_name) += "null";
}

// Writes the limits, their period and the privacy of models, which `fields` has under these names, and nothing of what
// is untouched.
template <class Out, class Fields>
inline void write_limits_and_privacy(object_writer<Out>& body, const Fields& fields)
{
    if (!fields.usd().untouched() || !fields.diem().untouched() || !fields.vcu().untouched()) {
        // The name is singular in requests, and plural in most answers.
        object_writer<Out> limits{body.member(R"("consumptionLimit")")};
        write_limit(limits, R"("usd")", fields.usd());
        write_limit(limits, R"("diem")", fields.diem());
        write_limit(limits, R"("vcu")", fields.vcu());
        limits.close();
    }
    if (fields.limit_period().has_value())
        append_string(body.member(R"("limitPeriod")"), fields.limit_period()->text());
    if (fields.model_privacy().has_value())
        append_string(body.member(R"("modelPrivacy")"), fields.model_privacy()->text());
}

template <class Out>
inline void write_expiration(object_writer<Out>& body, const field<expiration>& when)
{
    if (when.has_value()) {
        // No form of a time has a character to escape.
        Out& out = body.member(R"("expiresAt")");
        out += '"';
        if constexpr (std::is_same_v<Out, std::string>)
            when->append_to(out);
        else
            out += when->text();
        out += '"';
    } else if (when.cleared()) {
        body.member(R"("expiresAt")") += "null";
    }
}

} // namespace

void encode_update(const key_update& update, std::string& out)
{
    object_writer body{out};
    append_string(body.member(R"("id")"), update.id());
    write_limits_and_privacy(body, update);
    if (update.description().has_value())
        append_string(body.member(R"("description")"), *update.description());
    write_expiration(body, update.expires_at());
    body.close();
}

void encode_creation(const new_key& key, std::string& out)
{
    object_writer body{out};
    append_string(body.member(R"("apiKeyType")"), key.type().text());
    append_string(body.member(R"("description")"), key.description());
    write_limits_and_privacy(body, key);
    write_expiration(body, key.expires_at());
    body.close();
}

void encode_web3_creation(const new_web3_key& key, detail::secret_bytes& out)
{
    out.reserve(out.size() + room_for_the_rest + 2 * key.challenge().expose().size() + key.signature().expose().size());
    object_writer body{out};
    append_string(body.member(R"("apiKeyType")"), key.type().text());
    append_string(body.member(R"("address")"), key.address());
    const bool is_token = key.challenge_kind() == wallet_challenge::form::token;
    append_string(body.member(is_token ? R"("token")" : R"("message")"), key.challenge().expose());
    append_string(body.member(R"("signature")"), key.signature().expose());
    write_limits_and_privacy(body, key);
    if (key.description().has_value())
        append_string(body.member(R"("description")"), *key.description());
    write_expiration(body, key.expires_at());
    body.close();
}

} // namespace venice_keys::codec
