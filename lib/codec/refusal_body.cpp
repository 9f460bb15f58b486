#include "codec/refusal_body.hpp"

#include "codec/html_text.hpp"
#include "codec/mended_json.hpp"
#include "codec/refusal_reader.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace venice_keys::codec {

namespace {

constexpr std::size_t longest_server_text = 512;
constexpr std::size_t longest_issue_text = 256;
constexpr std::size_t longest_path = 128;
constexpr std::size_t longest_code = 128;
constexpr std::size_t most_issues = 32;
constexpr std::size_t most_entries = 256;        // that are looked at, also when they say nothing new
constexpr std::size_t most_compared = 20;        // characters for each byte of the body; further issues are left out
constexpr std::size_t longest_json = 256 * 1024; // no refusal is as long
constexpr std::size_t longest_plain = 32 * 1024; // of a plain text or a page, whose white space is not shown

// Makes texts of the body fit to be shown.
class cleaner {
public:
    explicit cleaner(detail::secret_list secrets) : secrets_(secrets) {}

    [[nodiscard]] std::string shown(std::string text, std::size_t most)
    {
        compared_ += detail::redact(text, secrets_);
        detail::make_printable(text, most);
        return text;
    }
    [[nodiscard]] std::size_t compared() const noexcept { return compared_; }

private:
    detail::secret_list secrets_;
    std::size_t compared_ = 0;
};

// Where a text may be cut: behind the last byte that can be shown, and behind the longest secret that may begin there.
// So a secret is seen whole, or not at all.
std::size_t with_a_secret_behind(std::size_t shown, detail::secret_list secrets) noexcept
{
    std::size_t longest = 128; // as long as a key of the service
    for (const secret& one : secrets)
        longest = std::max(longest, one.expose().size());
    return shown + longest * detail::longest_escape;
}

void add_issues(const refusal_texts& texts, std::size_t most_work, cleaner& clean, std::vector<field_issue>& issues)
{
    for (const raw_issue& raw : texts.issues) {
        if (issues.size() == most_issues || clean.compared() > most_work)
            return;
        field_issue issue{clean.shown(std::string{raw.path}, longest_path),
                          clean.shown(std::string{raw.text}, longest_issue_text)};
        const bool known = std::find(issues.begin(), issues.end(), issue) != issues.end();
        if (!known && !(issue.path.empty() && issue.text.empty()))
            issues.push_back(std::move(issue));
    }
}

bool looks_like_json(std::string_view body) noexcept
{
    const std::size_t first = body.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && std::string_view{"{[\""}.find(body[first]) != std::string_view::npos;
}

// Whether something in it may be a new secret.
bool may_hold_a_secret(std::string_view body, const refusal_texts& texts) noexcept
{
    if (detail::looks_like_a_key(body))
        return true;
    // A body that can't be taken apart is searched for the name of the member alone.
    return texts.is_json ? texts.has_secret_member : body.find("apiKey") != std::string_view::npos;
}

} // namespace

refusal_facts read_refusal_body(std::string_view body, detail::secret_list secrets, std::size_t max_depth, error& why,
                                body_of from)
{
    body = without_bom(body);
    const bool brings_secret = from == body_of::secret_refusal || from == body_of::secret_success;
    const bool is_success = from == body_of::success || from == body_of::secret_success;
    const refusal_bounds bounds{with_a_secret_behind(longest_server_text, secrets),
                                with_a_secret_behind(longest_path, secrets), most_entries};
    refusal_texts texts;
    if (body.size() <= longest_json)
        texts = read_refusal_texts(body, max_depth, bounds);

    cleaner clean{secrets};
    refusal_facts facts;
    facts.is_json = texts.is_json;
    facts.is_html = !texts.is_json && looks_like_html(body);
    facts.wants_payment = texts.wants_payment;
    why.server_code = clean.shown(std::string{texts.code}, longest_code);
    why.request_id = clean.shown(std::string{texts.request_id}, longest_code);
    if (brings_secret && may_hold_a_secret(body, texts))
        return facts;

    // A body that is a text alone may be the secret itself.
    if (!texts.is_string || !brings_secret)
        why.server_text = clean.shown(std::string{texts.text}, longest_server_text);
    add_issues(texts, most_compared * body.size() + 64 * 1024, clean, why.issues);
    const bool as_it_stands = !is_success && !(brings_secret && looks_like_json(body));
    if (texts.text.empty() && why.issues.empty() && as_it_stands) {
        const std::size_t most = with_a_secret_behind(longest_plain, secrets);
        std::string text = facts.is_html ? text_of_html(body) : std::string{body.substr(0, most)};
        text.resize(std::min(text.size(), most));
        why.server_text = clean.shown(std::move(text), longest_server_text);
    }
    facts.compared = clean.compared();
    return facts;
}

} // namespace venice_keys::codec
