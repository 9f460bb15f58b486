#include "codec/decode.hpp"

#include "codec/answer_decoder.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>

namespace venice_keys::codec {

namespace {

struct named_key {
    std::string id;
};

constexpr std::array<member, 1> named_members{read::text<named_key, &named_key::id>("id")};
constexpr shape named_shape{named_members};

constexpr member optional_data()
{
    member data = envelope_shape<named_key, named_shape>::data();
    data.needed = false;
    return data;
}

constexpr std::array<member, 2> deletion_members{
    optional_data(),
    read::needed(read::boolean<envelope<named_key>, &envelope_head::success>("success")),
};
constexpr shape deletion_shape{deletion_members};

} // namespace

result<std::string> decode_deletion(std::string_view body, detail::secret_list secrets, std::size_t max_depth)
{
    named_key key;
    envelope<named_key> answer;
    answer.data = &key;
    if (std::optional<error> why = answer_decoder{max_depth}.decode(body, deletion_shape, answer, secrets))
        return *std::move(why);
    return std::move(key.id);
}

} // namespace venice_keys::codec
