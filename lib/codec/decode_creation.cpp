#include "codec/decode.hpp"

#include "codec/answer_decoder.hpp"
#include "codec/key_shape.hpp"

#include <array>
#include <optional>
#include <utility>

namespace venice_keys::codec {

namespace {

constexpr auto created_members = joined(without_need(members_of_key<created_key>),
                                        std::array<member, 1>{
                                            read::needed(read::text<created_key, &created_key::secret>("apiKey")),
                                        });
constexpr shape created_shape{created_members, &read::keep_unread<created_key>};

} // namespace

result<created_key> decode_creation(std::string_view body, detail::secret_list secrets, std::size_t max_depth)
{
    result<created_key> answer{created_key{}};
    envelope<created_key> whole;
    whole.data = &*answer;
    whole.own = &answer->secret;
    if (std::optional<error> why =
            answer_decoder{max_depth}.decode(body, envelope_shape<created_key, created_shape>::value, whole, secrets))
        return *std::move(why);
    return answer;
}

} // namespace venice_keys::codec
