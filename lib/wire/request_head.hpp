// Requests as bytes. What is the same for all calls is made once; method, target and body are added for each call.
#pragma once

#include "model/secret_bytes.hpp"

#include <cstddef>
#include <string_view>

namespace venice_keys::wire {

// Method and target must be free of spaces and control bytes: whoever makes them sees to it.
struct request_line {
    std::string_view method; // in capitals
    std::string_view target; // in origin form (RFC 9112 section 3.2.1)
    std::string_view body;   // JSON; empty for a request without content
};

class request_head {
public:
    request_head() = default; // usable only after another was assigned

    // Every text must be free of control bytes: configuration and credentials are checked before they get here.
    // `authority` is the value of the Host field. With an empty token no Authorization is sent.
    request_head(std::string_view authority, std::string_view user_agent, const secret& token);

    // Appends the whole request.
    void append(const request_line& what, detail::secret_bytes& out) const;

    // The parts of the head, as views of this object, for a protocol that frames them differently.
    [[nodiscard]] std::string_view authority() const noexcept { return part(authority_); }
    [[nodiscard]] std::string_view user_agent() const noexcept { return part(user_agent_); }
    // `Bearer` and the token; empty when there is none.
    [[nodiscard]] std::string_view authorization() const noexcept { return part(authorization_); }

    static constexpr std::string_view content_type = "application/json"; // sent, and asked for
    // Without this field a server may use any coding (RFC 9110 section 12.5.3), and nothing here decodes one.
    static constexpr std::string_view content_coding = "identity";

private:
    struct span {
        std::size_t at = 0;
        std::size_t size = 0;
    };

    [[nodiscard]] std::string_view part(span which) const noexcept
    {
        return std::string_view(fields_).substr(which.at, which.size);
    }
    span put(std::string_view one, std::string_view two = {});

    detail::secret_bytes fields_;
    span authority_;
    span user_agent_;
    span authorization_;
};

} // namespace venice_keys::wire
