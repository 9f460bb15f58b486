#include "codec/decode.hpp"

#include "codec/answer_decoder.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>

namespace venice_keys::codec {

namespace {

struct challenge {
    secret token;
    secret message;
    std::string nonce;
    std::optional<timestamp> expires_at;
};

constexpr std::array<member, 4> challenge_members{
    read::text<challenge, &challenge::token>("token"),
    read::text<challenge, &challenge::message>("message"),
    read::text<challenge, &challenge::nonce>("nonce"),
    read::date<challenge, &challenge::expires_at>("expiresAt"),
};
constexpr shape challenge_shape{challenge_members};

} // namespace

result<wallet_challenge> decode_challenge(std::string_view body, detail::secret_list secrets, std::size_t max_depth)
{
    challenge answer;
    envelope<challenge> whole;
    whole.data = &answer;
    whole.own = &answer.token;
    whole.also_own = &answer.message;
    if (std::optional<error> why =
            answer_decoder{max_depth}.decode(body, envelope_shape<challenge, challenge_shape>::value, whole, secrets))
        return *std::move(why);
    if (!answer.token.empty())
        return wallet_challenge{std::move(answer.token)};
    if (!answer.message.empty())
        return wallet_challenge{std::move(answer.message), std::move(answer.nonce), answer.expires_at};
    error why{errc::malformed_reply, "data.token is missing, and so is data.message"};
    why.delivery = delivery::answered;
    why.http_status = 200;
    return why;
}

} // namespace venice_keys::codec
