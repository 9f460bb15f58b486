#include "pool/waiting_for.hpp"

#include <chrono>
#include <string>

namespace venice_keys::detail {

namespace {

std::string in_seconds(std::chrono::steady_clock::duration time)
{
    const auto tenths = std::chrono::ceil<std::chrono::duration<std::int64_t, std::deci>>(time).count();
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

} // namespace

std::string_view words_of(policy::hold why) noexcept
{
    switch (why) {
    case policy::hold::none:
        break;
    case policy::hold::error_budget:
        return "room in the error budget of its token";
    case policy::hold::rate_limit:
        return "the service to accept more requests";
    case policy::hold::refused_token:
        return "another call to find out whether the service still refuses the token";
    }
    return {};
}

error held_error(policy::hold why, policy::time_point until, policy::time_point now)
{
    error made;
    switch (why) {
    case policy::hold::none:
        return made;
    case policy::hold::error_budget:
        made = error(
            errc::error_budget_spent,
            "too many recent requests with this token have failed, and after more of them the service would refuse "
            "everything with it for a while");
        break;
    case policy::hold::rate_limit:
        made = error(errc::rate_limited, "the service accepts no more requests for now");
        break;
    case policy::hold::refused_token:
        return {errc::authentication_failed,
                "the service refused this token when an earlier call used it; give another token by "
                "credentials::replace (VENICE_API_KEY)"};
    }
    if (until != policy::time_point::max() && until > now) {
        made.detail += "; the next may be sent in " + in_seconds(until - now);
        made.retry_after = std::chrono::ceil<std::chrono::milliseconds>(until - now);
    }
    return made;
}

} // namespace venice_keys::detail
