#include "codec/decode_update.hpp"

#include "codec/key_shape.hpp"

#include <optional>
#include <utility>

namespace venice_keys::codec {

namespace {

constexpr auto key_members = members_of_key<api_key>;
constexpr shape key_shape{key_members, &read::keep_unread<api_key>};
constexpr const shape& answer_shape = envelope_shape<api_key, key_shape>::value;

} // namespace

std::optional<error> update_decoder::decode(std::string_view body, detail::secret_list secrets, api_key& key)
{
    envelope<api_key> whole;
    whole.data = &key;
    return decoder_.decode(body, answer_shape, whole, secrets, lacking::is_a_mismatch);
}

result<api_key> update_decoder::decode(std::string_view body, detail::secret_list secrets)
{
    result<api_key> answer{api_key{}};
    if (std::optional<error> why = decode(body, secrets, *answer))
        return *std::move(why);
    return answer;
}

result<api_key> decode_update(std::string_view body, detail::secret_list secrets, std::size_t max_depth)
{
    return update_decoder{max_depth}.decode(body, secrets);
}

} // namespace venice_keys::codec
