#include "client/answer_error.hpp"

#include "codec/decode_refusal.hpp"

#include <utility>

namespace venice_keys::detail {

namespace {

constexpr std::size_t longest_request_id = 128;
constexpr std::size_t longest_id = 128;

// An id as a text may show it. A server may have put anything there, and a caller may have taken the token for the id.
std::string shown_id(std::string_view id, const secret_list& secrets)
{
    std::string text(id);
    redact(text, secrets);
    make_printable(text, longest_id);
    return text;
}

} // namespace

void make_request_id_fit(std::string& id, const secret_list& secrets)
{
    redact(id, secrets);
    make_printable(id, longest_request_id);
}

void add_headers(error& why, const wire::reply& answer, std::optional<std::chrono::milliseconds> retry_after,
                 const secret_list& secrets)
{
    why.http_status = answer.status;
    why.retry_after = retry_after;
    if (answer.request_id.empty()) // then the id in the body counts, if there is one
        return;
    why.request_id = answer.request_id;
    make_request_id_fit(why.request_id, secrets);
}

bool brings_secret(const policy::operation_rule& asked) noexcept
{
    return asked.creates || asked.which == policy::operation::web3_challenge;
}

error read_refusal(const wire::reply& answer, const policy::operation_rule& asked, std::string_view id,
                   std::optional<std::chrono::milliseconds> retry_after, const secret_list& secrets,
                   const answer_context& with)
{
    // Half a body says little, and redact() would not find half a token in it.
    const std::string_view body = answer.broken == nullptr ? std::string_view(answer.body) : std::string_view();
    error why =
        codec::decode_refusal(answer.status, body, secrets, with.max_json_depth, {!id.empty(), brings_secret(asked)});
    if (why.code == errc::not_found)
        why.detail =
            "the account has no active key with the id '" + shown_id(id, secrets) + "'; list_keys gives the ids";
    add_headers(why, answer, retry_after, secrets);
    if (why.code == errc::error_budget_spent && !why.retry_after)
        why.retry_after = with.error_budget_window; // the answer says so in words, and names no time
    if (answer.broken != nullptr) {
        why.cause = answer.broken->code;
        why.detail = "the rest of the answer could not be read";
        if (!answer.broken->detail.empty())
            why.detail += " (" + answer.broken->detail + ')';
    }
    return why;
}

error wrong_key(std::string_view id, std::string_view asked, const secret_list& secrets)
{
    return {errc::reply_mismatch,
            "the answer is about key " + shown_id(id, secrets) + ", not " + shown_id(asked, secrets)};
}

} // namespace venice_keys::detail
