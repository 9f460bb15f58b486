// The answer to a deletion, which says no more than that it succeeded. One that names a key may be somebody else's.
#pragma once

#include "model/redact.hpp"

#include <venice_keys/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace venice_keys::codec {

// `body` is the whole body of an answer with status 200. Errors: those of answer_decoder::decode; malformed_reply for
// an answer that does not say `success`, for nothing else in it shows that it is one to a deletion. The value is the id
// of the key that it names, if it names one: the service does not, but an answer to an update would.
[[nodiscard]] result<std::string> decode_deletion(std::string_view body, detail::secret_list secrets,
                                                  std::size_t max_depth);

} // namespace venice_keys::codec
