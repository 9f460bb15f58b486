// The part of a request that is the same from call to call, made once. Only its length and body are added per call.
#pragma once

#include "model/secret_bytes.hpp"

#include <string_view>

namespace venice_keys::wire {

class request_head {
public:
    // Every text must be free of control bytes: configuration and credentials are checked before they get here.
    // `method` in capitals; `target` in origin form (RFC 9112 section 3.2.1); `authority` the Host field's value.
    request_head(std::string_view method, std::string_view target, std::string_view authority,
                 std::string_view user_agent, const secret& token);

    // Appends the whole request.
    void append(std::string_view body, secret_bytes& out) const;

private:
    secret_bytes text_;
};

} // namespace venice_keys::wire
