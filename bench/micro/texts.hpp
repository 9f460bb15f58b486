// What the micro benchmarks send and get: an update of a key, and the service's answer to it.
#pragma once

#include <venice_keys/key_update.hpp>

#include <string>

namespace micro {

inline const char* const id = "e28e82dc-9df2-4b47-b726-d0a222ef2ab5";
inline const char* const token = "VENICE-ADMIN-bench-0123456789abcdef0123456789abcdef";

inline venice_keys::key_update an_update()
{
    return venice_keys::key_update{id}
        .usd(50)
        .diem(venice_keys::clear)
        .limit_period(venice_keys::limit_period::month)
        .description("tenant 42")
        .expires_at(venice_keys::clear);
}

// The object that stands for a key, without its end, so that members may follow.
inline std::string an_open_key()
{
    return std::string{R"({"apiKeyType":"ADMIN","consumptionLimits":{"usd":50,"diem":null,"vcu":null},)"
                       R"("limitPeriod":"MONTH","modelPrivacy":"ALL","createdAt":"2026-10-01T12:00:00.000Z",)"
                       R"("expiresAt":null,"id":")"} +
           id + R"(","last6Chars":"2V2jNW","lastUsedAt":null,"description":"tenant 42")";
}

inline std::string an_updated_key()
{
    return R"({"data":)" + an_open_key() + R"(},"success":true})";
}

} // namespace micro
