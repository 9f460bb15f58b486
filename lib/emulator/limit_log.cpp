#include "emulator/limit_log.hpp"

#include "emulator/json_text.hpp"
#include "emulator/rate_limits.hpp"

#include <string_view>
#include <utility>

namespace venice_keys::emulation {

namespace {

std::string_view text_of(limit_log::limit exceeded)
{
    switch (exceeded) {
    case limit_log::limit::requests_per_minute:
        return "RPM";
    case limit_log::limit::failures:
        return "FAILED_REQUESTS";
    }
    return {};
}

} // namespace

void limit_log::record(limit exceeded, std::string key_id, timestamp now)
{
    entries_.push_back(entry{exceeded, std::move(key_id), now});
    if (entries_.size() > max_entries)
        entries_.pop_front();
}

std::string limit_log::body() const
{
    std::string body = R"({"object":"list","data":[)";
    for (auto each = entries_.rbegin(); each != entries_.rend(); ++each) {
        body += body.back() == '}' ? "," : "";
        body += R"({"apiKeyId":)";
        append_string(body, each->key_id);
        body += R"(,"modelId":)";
        append_string(body, text_model);
        body += R"(,"rateLimitTier":)";
        append_string(body, account_tier);
        body += R"(,"rateLimitType":)";
        append_string(body, text_of(each->exceeded));
        body += R"(,"timestamp":)";
        append_date(body, each->when);
        body += '}';
    }
    body += "]}";
    return body;
}

} // namespace venice_keys::emulation
