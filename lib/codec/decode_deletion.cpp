#include "codec/decode_deletion.hpp"

#include "codec/answer_decoder.hpp"

#include <array>
#include <optional>
#include <utility>

namespace venice_keys::codec {

namespace {

constexpr std::array<member, 1> members{
    read::needed(read::boolean<envelope<void>, &envelope_head::success>("success")),
};
constexpr shape answer_shape{members};

} // namespace

result<void> decode_deletion(std::string_view body, secret_list secrets, std::size_t max_depth)
{
    envelope<void> answer;
    if (std::optional<error> why = answer_decoder{max_depth}.decode(body, answer_shape, answer, secrets))
        return *std::move(why);
    return result<void>::success();
}

} // namespace venice_keys::codec
