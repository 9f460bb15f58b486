#include "codec/decode.hpp"

#include "codec/answer_decoder.hpp"

#include <array>

namespace venice_keys::codec {

namespace {

using event = rate_limit_event;

constexpr std::array<member, 5> event_members{
    read::text<event, &event::key_id>("apiKeyId"),    read::text<event, &event::model_id>("modelId"),
    read::text<event, &event::tier>("rateLimitTier"), read::text<event, &event::type>("rateLimitType"),
    read::date<event, &event::when>("timestamp"),
};
constexpr shape event_shape{event_members, &read::keep_unread<event>};

} // namespace

result<std::vector<rate_limit_event>> decode_rate_limit_log(std::string_view body, detail::secret_list secrets,
                                                            std::size_t max_depth)
{
    using events = std::vector<event>;
    return decode_answer<events>(body, envelope_shape<events, event_shape, kind::list>::value, secrets, max_depth);
}

} // namespace venice_keys::codec
