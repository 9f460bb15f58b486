// What a client needs to read its answers. It reads them in turns, one at a time.
#pragma once

#include "codec/decode_update.hpp"

#include <chrono>
#include <cstddef>

namespace venice_keys::detail {

struct answer_context {
    std::size_t max_json_depth;
    std::chrono::milliseconds error_budget_window; // how long a spent budget lasts when the service names no reset
    bool observed;                                 // whether an observer gets the request id of every answer
    codec::update_decoder update_decoder;          // keeps its memory from answer to answer
};

} // namespace venice_keys::detail
