// The answer to an update: JSON bytes to an api_key, without a tree between. Not for refusals (decode_refusal), and it
// does not compare the id with the one that was asked for.
#pragma once

#include <venice_keys/api_key.hpp>
#include <venice_keys/result.hpp>
#include <venice_keys/secret.hpp>

#include <cstddef>
#include <memory>
#include <string_view>

namespace venice_keys::codec {

// Keeps its memory from answer to answer, so that decoding allocates no more than the strings of the api_key. Not
// thread-safe: one for each client, or for each thread.
class update_decoder {
public:
    // An answer may nest objects and arrays max_depth deep.
    explicit update_decoder(std::size_t max_depth);
    update_decoder(update_decoder&&) noexcept;
    update_decoder& operator=(update_decoder&&) noexcept;
    ~update_decoder();

    // `body` is the whole body of an answer with status 200. Errors, all with that status and delivery::answered:
    //   malformed_reply: not JSON, nested too deep, a number that no double holds, a member twice that is read here,
    //                    or one of the wrong type. The detail says where, and quotes nothing.
    //   rejected:        `success` is false; server_text and issues as far as the body has them, without `token`.
    //   reply_mismatch:  it names no key.
    [[nodiscard]] result<api_key> decode(std::string_view body, const secret& token);

private:
    struct state;
    std::unique_ptr<state> state_;
};

// The same with a decoder of its own.
[[nodiscard]] result<api_key> decode_update(std::string_view body, const secret& token, std::size_t max_depth);

} // namespace venice_keys::codec
