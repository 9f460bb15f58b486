#include "codec/decode.hpp"

#include "codec/answer_decoder.hpp"
#include "codec/key_shape.hpp"

namespace venice_keys::codec {

result<key_details> decode_details(std::string_view body, detail::secret_list secrets, std::size_t max_depth)
{
    return decode_answer<key_details>(body, envelope_shape<key_details, details_shape>::value, secrets, max_depth,
                                      lacking::is_a_mismatch);
}

result<std::vector<key_details>> decode_list(std::string_view body, detail::secret_list secrets, std::size_t max_depth)
{
    using keys = std::vector<key_details>;
    return decode_answer<keys>(body, envelope_shape<keys, details_shape, kind::list>::value, secrets, max_depth);
}

} // namespace venice_keys::codec
