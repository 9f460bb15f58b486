#include "emulator/web3.hpp"

#include "emulator/dates.hpp"
#include "emulator/encoding.hpp"
#include "emulator/json_text.hpp"

#include <algorithm>
#include <utility>

namespace venice_keys::emulation {

namespace {

std::string seconds_text(timestamp when)
{
    return std::to_string(std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count());
}

} // namespace

std::optional<web3_challenge> web3_challenges::issue_token(timestamp now)
{
    const auto nonce = random_hex(16);
    const auto signature = random_hex(32); // it only has to be unknown to others
    if (!nonce || !signature)
        return std::nullopt;
    const timestamp end = now + lifetime;
    const std::string claims =
        R"({"nonce":")" + *nonce + R"(","iat":)" + seconds_text(now) + R"(,"exp":)" + seconds_text(end) + '}';
    return keep({base64url(R"({"alg":"HS256","typ":"JWT"})") + '.' + base64url(claims) + '.' + base64url(*signature),
                 *nonce,
                 {},
                 end},
                now);
}

std::optional<web3_challenge> web3_challenges::issue_message(std::string_view address, timestamp now)
{
    const auto nonce = random_hex(16);
    if (!nonce)
        return std::nullopt;
    const timestamp end = now + lifetime;
    std::string text = "api.venice.ai wants you to sign in with your Ethereum account:\n";
    text += address;
    text += "\n\nCreate a Venice API key.\n\nURI: https://api.venice.ai\nVersion: 1\nChain ID: 8453\nNonce: ";
    text += *nonce;
    text += "\nIssued At: " + write_date(now) + "\nExpiration Time: " + write_date(end);
    return keep({std::move(text), *nonce, std::string{address}, end}, now);
}

web3_challenge& web3_challenges::keep(web3_challenge made, timestamp now)
{
    while (!challenges_.empty() && challenges_.front().expires_at <= now)
        challenges_.pop_front();
    if (challenges_.size() >= max_outstanding)
        challenges_.pop_front();
    return challenges_.emplace_back(std::move(made));
}

const web3_challenge* web3_challenges::find(std::string_view text, timestamp now) const
{
    const auto found = std::find_if(challenges_.begin(), challenges_.end(), [&](const web3_challenge& each) {
        return each.text == text && now < each.expires_at;
    });
    return found == challenges_.end() ? nullptr : &*found;
}

void web3_challenges::use(std::string_view text)
{
    std::erase_if(challenges_, [&](const web3_challenge& each) { return each.text == text; });
}

std::string challenge_body(const web3_challenge& challenge, wallet_form form)
{
    std::string body = R"({"data":{)";
    switch (form) {
    case wallet_form::token:
        append_member(body, "token", append_string, challenge.text);
        break;
    case wallet_form::message:
        append_member(body, "message", append_string, challenge.text);
        append_member(body, "nonce", append_string, challenge.nonce);
        append_member(body, "expiresAt", append_date, challenge.expires_at);
        break;
    }
    body += R"(},"success":true})";
    return body;
}

} // namespace venice_keys::emulation
