// The answer to an update: JSON bytes to an api_key, without a tree between. Not for refusals (decode_refusal), and it
// does not compare the id with the one that was asked for.
#pragma once

#include "codec/answer_decoder.hpp"

#include <venice_keys/api_key.hpp>
#include <venice_keys/result.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace venice_keys::codec {

// Keeps its memory from answer to answer, so that decoding allocates no more than the strings of the api_key. Not
// thread-safe: one for each client, or for each thread.
class update_decoder {
public:
    // An answer may nest objects and arrays max_depth deep.
    explicit update_decoder(std::size_t max_depth) : decoder_(max_depth) {}

    // Fills a fresh `key` from the whole body of an answer with status 200. Errors: those of answer_decoder::decode,
    // reply_mismatch for one that names no key among them; none when it is good.
    [[nodiscard]] std::optional<error> decode(std::string_view body, detail::secret_list secrets, api_key& key);
    // The same, with a key of its own.
    [[nodiscard]] result<api_key> decode(std::string_view body, detail::secret_list secrets);

private:
    answer_decoder decoder_;
};

// The same with a decoder of its own.
[[nodiscard]] result<api_key> decode_update(std::string_view body, detail::secret_list secrets, std::size_t max_depth);

} // namespace venice_keys::codec
