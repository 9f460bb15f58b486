// Makes an api_key of the JSON that answers an update, without a tree between. It does not read refusals
// (decode_refusal), and does not compare the id with the one that was asked for.
#pragma once

#include "codec/answer_decoder.hpp"

#include <venice_keys/api_key.hpp>
#include <venice_keys/result.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace venice_keys::codec {

// It keeps its memory from answer to answer, so that decoding allocates no more than the strings of the api_key. It is
// not thread-safe: each client, or each thread, has its own.
class update_decoder {
public:
    // An answer may nest objects and arrays max_depth deep.
    explicit update_decoder(std::size_t max_depth) : decoder_(max_depth) {}

    // Fills a fresh `key` from the whole body of an answer with status 200. The errors are those of
    // answer_decoder::decode, among them reply_mismatch when the answer names no key. Returns nothing when it is good.
    [[nodiscard]] std::optional<error> decode(std::string_view body, detail::secret_list secrets, api_key& key);
    // The same with a new key.
    [[nodiscard]] result<api_key> decode(std::string_view body, detail::secret_list secrets);

private:
    answer_decoder decoder_;
};

// The same with a new decoder.
[[nodiscard]] result<api_key> decode_update(std::string_view body, detail::secret_list secrets, std::size_t max_depth);

} // namespace venice_keys::codec
