#include <venice_keys/error.hpp>

namespace venice_keys {

namespace {

const char* describe(errc code) noexcept
{
    switch (code) {
    case errc::no_result:
        return "no result";
    case errc::invalid_argument:
        return "invalid argument";
    case errc::closed:
        return "client closed";
    case errc::cancelled:
        return "cancelled";
    case errc::queue_full:
        return "queue full";
    case errc::resolve_failed:
        return "host name not resolved";
    case errc::connect_failed:
        return "connection failed";
    case errc::tls_failed:
        return "TLS failed";
    case errc::deadline_exceeded:
        return "deadline exceeded";
    case errc::connection_lost:
        return "connection lost";
    case errc::protocol_error:
        return "answer is not valid HTTP";
    case errc::reply_mismatch:
        return "answer does not belong to the request";
    case errc::reply_too_large:
        return "answer too large";
    case errc::malformed_reply:
        return "malformed answer";
    case errc::outcome_unknown:
        return "outcome unknown";
    case errc::error_budget_spent:
        return "error budget spent";
    case errc::invalid_request:
        return "invalid request";
    case errc::authentication_failed:
        return "authentication failed";
    case errc::payment_required:
        return "payment required";
    case errc::forbidden:
        return "forbidden";
    case errc::not_found:
        return "not found";
    case errc::rate_limited:
        return "rate limited";
    case errc::server_error:
        return "server error";
    case errc::unavailable:
        return "service unavailable";
    case errc::rejected:
        return "rejected by the service";
    case errc::unexpected_status:
        return "unexpected HTTP status";
    }
    return "unknown error";
}

class category final : public boost::system::error_category {
public:
    // With an id of its own the category compares equal across shared libraries.
    constexpr category() noexcept : error_category(0x6B1D'7C42'90E5'A3F8) {}

    [[nodiscard]] const char* name() const noexcept override { return "venice_keys"; }
    [[nodiscard]] std::string message(int value) const override { return describe(static_cast<errc>(value)); }
    const char* message(int value, char* /*buffer*/, std::size_t /*size*/) const noexcept override
    {
        return describe(static_cast<errc>(value));
    }
};

constexpr category the_category;

} // namespace

const boost::system::error_category& error_category() noexcept
{
    return the_category;
}

std::string_view name_of(errc code) noexcept
{
    switch (code) {
    case errc::no_result:
        return "no_result";
    case errc::invalid_argument:
        return "invalid_argument";
    case errc::closed:
        return "closed";
    case errc::cancelled:
        return "cancelled";
    case errc::queue_full:
        return "queue_full";
    case errc::resolve_failed:
        return "resolve_failed";
    case errc::connect_failed:
        return "connect_failed";
    case errc::tls_failed:
        return "tls_failed";
    case errc::deadline_exceeded:
        return "deadline_exceeded";
    case errc::connection_lost:
        return "connection_lost";
    case errc::protocol_error:
        return "protocol_error";
    case errc::reply_mismatch:
        return "reply_mismatch";
    case errc::reply_too_large:
        return "reply_too_large";
    case errc::malformed_reply:
        return "malformed_reply";
    case errc::outcome_unknown:
        return "outcome_unknown";
    case errc::error_budget_spent:
        return "error_budget_spent";
    case errc::invalid_request:
        return "invalid_request";
    case errc::authentication_failed:
        return "authentication_failed";
    case errc::payment_required:
        return "payment_required";
    case errc::forbidden:
        return "forbidden";
    case errc::not_found:
        return "not_found";
    case errc::rate_limited:
        return "rate_limited";
    case errc::server_error:
        return "server_error";
    case errc::unavailable:
        return "unavailable";
    case errc::rejected:
        return "rejected";
    case errc::unexpected_status:
        return "unexpected_status";
    }
    return "unknown";
}

} // namespace venice_keys
