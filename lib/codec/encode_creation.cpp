#include "codec/encode_creation.hpp"

#include "codec/key_fields.hpp"

#include <cstddef>

namespace venice_keys::codec {

namespace {

// More than what surrounds the texts. Whatever the length, the body must not begin in a short string's own space,
// which no allocator cleanses.
constexpr std::size_t room_for_the_rest = 512;

} // namespace

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
