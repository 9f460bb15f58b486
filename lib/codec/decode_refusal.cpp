#include "codec/decode_refusal.hpp"

#include "codec/refusal_body.hpp"

namespace venice_keys::codec {

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
    return why;
}

} // namespace venice_keys::codec
