#include "codec/decode_refusal.hpp"

#include "codec/refusal_body.hpp"

#include <algorithm>
#include <string_view>

namespace venice_keys::codec {

namespace {

// Whether the text says this, in any case of ASCII letters. `lower` is in lower case.
bool says(std::string_view text, std::string_view lower)
{
    const auto to_lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    const auto same = [&](char c, char l) {
        return to_lower(c) == l;
    };
    return std::search(text.begin(), text.end(), lower.begin(), lower.end(), same) != text.end();
}

// Two statuses stand for two things each, and only the text tells them apart.
errc code_of_text(unsigned status, std::string_view text, errc usual)
{
    if (status == 401 && says(text, "admin api key required"))
        return errc::forbidden; // the token is good, and its key is no ADMIN key
    if (status == 429 && says(text, "too many failed attempts"))
        return errc::error_budget_spent;
    return usual;
}

} // namespace

errc code_of_status(unsigned status) noexcept
{
    switch (status) {
    case 400:
    case 409:
    case 413:
    case 415:
    case 422:
        return errc::invalid_request;
    case 401:
        return errc::authentication_failed;
    case 402:
        return errc::payment_required;
    case 403:
        return errc::forbidden;
    case 404:
        return errc::not_found;
    case 429:
        return errc::rate_limited;
    case 408:
    case 502:
    case 503:
    case 504:
        return errc::unavailable;
    default:
        return status >= 500 && status <= 599 ? errc::server_error : errc::unexpected_status;
    }
}

error decode_refusal(unsigned status, std::string_view body, secret_list secrets, std::size_t max_depth)
{
    error why{code_of_status(status)};
    why.delivery = delivery::answered;
    why.http_status = status;
    read_refusal_body(body, secrets, max_depth, why);
    why.code = code_of_text(status, why.server_text, code_of_status(status));
    return why;
}

} // namespace venice_keys::codec
