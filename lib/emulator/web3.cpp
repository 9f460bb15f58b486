#include "emulator/web3.hpp"

#include "emulator/json_text.hpp"
#include "emulator/random_hex.hpp"

#include <algorithm>

namespace venice_keys::emulation {

std::optional<std::string> web3_challenges::issue(timestamp now)
{
    auto token = random_hex(32);
    if (!token)
        return std::nullopt;
    while (!challenges_.empty() && challenges_.front().expires_at <= now)
        challenges_.pop_front();
    if (challenges_.size() >= max_outstanding)
        challenges_.pop_front();
    challenges_.push_back(challenge{*token, now + lifetime});
    return token;
}

bool web3_challenges::outstanding(std::string_view token, timestamp now) const
{
    return std::any_of(challenges_.begin(), challenges_.end(),
                       [&](const challenge& each) { return each.token == token && now < each.expires_at; });
}

void web3_challenges::use(std::string_view token)
{
    std::erase_if(challenges_, [&](const challenge& each) { return each.token == token; });
}

std::string challenge_body(std::string_view token)
{
    std::string body = R"({"data":{"token":)";
    append_string(body, token);
    body += R"(},"success":true})";
    return body;
}

} // namespace venice_keys::emulation
