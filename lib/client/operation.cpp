#include "client/operation.hpp"

#include "client/answer_error.hpp"
#include "codec/decode_refusal.hpp"

#include <new>

namespace venice_keys::detail {

namespace {

constexpr std::size_t longest_foreign_id = 128;

} // namespace

void operation::settle(error& why) const noexcept
{
    why.delivery = delivery();
    why.attempts = attempts();
    why.creates = rule().creates;
    if (!rule().creates || why.delivery != delivery::sent_unanswered)
        return;
    if (!why.cause)
        why.cause = why.code;
    try {
        why.detail = why.detail.empty() ? why.code.message() : why.code.message() + ": " + why.detail;
    } catch (const std::bad_alloc&) {
        why.detail.clear(); // the cause says it in short
    }
    why.code = errc::outcome_unknown;
}

std::string operation::path(const operation_host& host, policy::operation what)
{
    const std::string_view text = policy::rule_of(what).url_template;
    return host.server().base_path + std::string(text.substr(0, text.find('{')));
}

error operation::read_refusal(const wire::reply& answer, std::optional<std::chrono::milliseconds> retry_after) const
{
    const policy::operation what = rule().which;
    const codec::question asked{what == policy::operation::update || what == policy::operation::get ||
                                    what == policy::operation::remove,
                                brings_secret()};
    // Half a body says little, and half a token in it would not be found.
    const std::string_view body = answer.broken == nullptr ? std::string_view(answer.body) : std::string_view();
    error why = codec::decode_refusal(answer.status, body, secrets(), host().settings().max_json_depth, asked);
    add_headers(why, answer, retry_after, secrets());
    if (why.code == errc::error_budget_spent && !why.retry_after)
        why.retry_after = host().settings().error_budget.window; // it says so in words alone
    if (answer.broken != nullptr) {
        why.cause = answer.broken->code;
        why.detail = "the rest of the answer could not be read";
        if (!answer.broken->detail.empty())
            why.detail += " (" + answer.broken->detail + ')';
    }
    return why;
}

error operation::foreign_key(std::string id, std::string_view asked) const
{
    redact(id, secrets()); // whatever the server put there, our token perhaps
    make_printable(id, longest_foreign_id);
    return {errc::reply_mismatch, "the answer is about key " + id + ", not " + std::string(asked)};
}

} // namespace venice_keys::detail
