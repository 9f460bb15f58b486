#include "codec/decode_challenge.hpp"

#include "codec/answer_decoder.hpp"

#include <array>
#include <optional>
#include <utility>

namespace venice_keys::codec {

namespace {

struct challenge {
    secret token;
};

constexpr std::array<member, 1> challenge_members{
    read::needed(read::text<challenge, &challenge::token>("token")),
};
constexpr shape challenge_shape{challenge_members};

} // namespace

result<secret> decode_challenge(std::string_view body, secret_list secrets, std::size_t max_depth)
{
    challenge answer;
    envelope<challenge> whole;
    whole.data = &answer;
    whole.own = &answer.token;
    if (std::optional<error> why =
            answer_decoder{max_depth}.decode(body, envelope_shape<challenge, challenge_shape>::value, whole, secrets))
        return *std::move(why);
    return std::move(answer.token);
}

} // namespace venice_keys::codec
