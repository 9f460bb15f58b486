#include "codec/decode_details.hpp"

#include "codec/answer_decoder.hpp"
#include "codec/key_shape.hpp"

namespace venice_keys::codec {

result<key_details> decode_details(std::string_view body, detail::secret_list secrets, std::size_t max_depth)
{
    return decode_answer<key_details>(body, envelope_shape<key_details, details_shape>::value, secrets, max_depth,
                                      lacking::is_a_mismatch);
}

} // namespace venice_keys::codec
