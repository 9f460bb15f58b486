#include "codec/decode_update.hpp"

#include "codec/key_shape.hpp"

#include <optional>
#include <utility>

namespace venice_keys::codec {

namespace {

constexpr auto key_members = members_of_key<api_key>;
constexpr shape key{key_members};
constexpr const shape& answer_shape = envelope_shape<api_key, key>::value;

} // namespace

result<api_key> update_decoder::decode(std::string_view body, secret_list secrets)
{
    result<api_key> answer{api_key{}};
    envelope<api_key> whole;
    whole.data = &*answer;
    if (std::optional<error> why = decoder_.decode(body, answer_shape, whole, secrets, lacking::is_a_mismatch))
        return *std::move(why);
    return answer;
}

result<api_key> decode_update(std::string_view body, secret_list secrets, std::size_t max_depth)
{
    return update_decoder{max_depth}.decode(body, secrets);
}

} // namespace venice_keys::codec
