// Failures that must be reported even when there is no memory. Then they lose their texts, and nothing else.
#pragma once

#include <venice_keys/error.hpp>

#include <new>
#include <string>
#include <string_view>

namespace venice_keys::detail {

// Copies an error; the copy has no texts when there is no memory for them.
[[nodiscard]] inline error copy_or_bare(const error& why) noexcept
{
    try {
        return why;
    } catch (const std::bad_alloc&) {
        error bare;
        bare.code = why.code;
        bare.cause = why.cause;
        bare.delivery = why.delivery;
        bare.http_status = why.http_status;
        bare.attempts = why.attempts;
        bare.creates = why.creates;
        bare.sends = why.sends;
        bare.retry_after = why.retry_after;
        return bare;
    }
}

[[nodiscard]] inline error worded_or_bare(errc code, std::string_view detail) noexcept
{
    error made(code);
    try {
        made.detail = detail;
    } catch (const std::bad_alloc&) {
        made.detail.clear();
    }
    return made;
}

} // namespace venice_keys::detail
