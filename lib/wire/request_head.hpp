// Requests as bytes. What is the same from call to call is made once; method, target and body are added per call.
#pragma once

#include "model/secret_bytes.hpp"

#include <string_view>

namespace venice_keys::wire {

// Texts free of spaces and control bytes, but for the body: whoever makes one sees to it.
struct request_line {
    std::string_view method; // in capitals
    std::string_view target; // in origin form (RFC 9112 section 3.2.1)
    std::string_view body;   // JSON; empty: a request without content
};

class request_head {
public:
    request_head() = default; // of no use before another is assigned

    // Every text must be free of control bytes: configuration and credentials are checked before they get here.
    // `authority`: the Host field's value; an empty token sends no Authorization.
    request_head(std::string_view authority, std::string_view user_agent, const secret& token);

    // Appends the whole request.
    void append(const request_line& what, secret_bytes& out) const;

private:
    secret_bytes fields_;
};

} // namespace venice_keys::wire
