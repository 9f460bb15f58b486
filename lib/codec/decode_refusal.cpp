#include "codec/decode_refusal.hpp"

#include "codec/refusal_body.hpp"
#include "model/small_letter.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace venice_keys::codec {

namespace {

// The text in small letters, with single blanks, and without what may stand at the end of a sentence.
std::string plain_words(std::string_view text)
{
    std::string words;
    for (const char each : text) {
        const bool blank = each == ' ' || each == '\t' || each == '\r' || each == '\n';
        if (blank && (words.empty() || words.back() == ' '))
            continue;
        words += blank ? ' ' : detail::small_letter(each);
    }
    words.erase(words.find_last_not_of(" .!") + 1);
    return words;
}

// Whether this is the whole text or its first sentence; both are in plain words. A sentence behind it may say where to
// read more, or what to do.
bool is_first_sentence(std::string_view sentence, std::string_view words) noexcept
{
    if (!words.starts_with(sentence))
        return false;
    words.remove_prefix(sentence.size());
    const std::size_t next = words.find_first_not_of(".!");
    return words.empty() || (next != std::string_view::npos && next != 0 && words[next] == ' ');
}

// Whether the words are about the place where a request has its own key. That is another matter than the key that it
// names.
bool speaks_of_the_request(std::string_view words)
{
    constexpr std::array<std::string_view, 7> parts{"header",    "authorization", "bearer",        "request body",
                                                    "parameter", "query string",  "provide an api"};
    return std::ranges::any_of(parts,
                               [words](std::string_view part) { return words.find(part) != std::string_view::npos; });
}

// Whether a server or a framework speaks of the path, and not of a key.
bool speaks_of_the_path(std::string_view text)
{
    const std::string words = plain_words(text);
    // It is a path itself, or JSON that has no text.
    if (words.find('/') != std::string::npos || words.starts_with('{') || words.starts_with("cannot "))
        return true;
    if (words.find("key") != std::string::npos)
        return false;
    constexpr std::array<std::string_view, 6> whole{
        "", "not found", "404", "404 not found", "404: not found", "resource not found"};
    constexpr std::array<std::string_view, 5> parts{"path", "route", "page", "endpoint", "url"};
    return std::ranges::find(whole, words) != whole.end() ||
           std::ranges::any_of(parts,
                               [&words](std::string_view part) { return words.find(part) != std::string::npos; });
}

// Whether one of the texts of the refusal that are about the whole request says so.
template <class Says>
bool says(const error& why, Says what)
{
    return what(why.server_text) || std::ranges::any_of(why.issues, [&what](const field_issue& issue) {
               return issue.path.empty() && what(issue.text);
           });
}

errc code_of_404(const error& why, const refusal_facts& facts, question asked)
{
    if (!asked.names_key || facts.is_html)
        return errc::unexpected_status;
    if (says(why, says_no_such_key))
        return errc::not_found;
    // A gateway has texts of its own: `Application not found`. A repeated deletion must not take them for success.
    const std::string words = plain_words(why.server_text);
    const bool of_a_key = words.find("key") != std::string::npos && !speaks_of_the_request(words);
    return facts.is_json && of_a_key && !speaks_of_the_path(why.server_text) ? errc::not_found
                                                                             : errc::unexpected_status;
}

} // namespace

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

bool says_no_such_key(std::string_view text) noexcept
{
    std::string_view rest;
    const std::string words = plain_words(text);
    for (const std::string_view subject : {"the api key ", "api key ", "key "}) {
        if (rest.empty() && words.starts_with(subject))
            rest = std::string_view{words}.substr(subject.size());
    }
    constexpr std::array<std::string_view, 6> predicates{"not found or expired", "not found",
                                                         "could not be found",   "was not found",
                                                         "does not exist",       "could not be found or has expired"};
    return std::ranges::any_of(predicates,
                               [rest](std::string_view predicate) { return is_first_sentence(predicate, rest); }) &&
           !speaks_of_the_request(rest);
}

error decode_refusal(unsigned status, std::string_view body, detail::secret_list secrets, std::size_t max_depth,
                     question asked)
{
    error why{code_of_status(status)};
    why.delivery = delivery::answered;
    why.http_status = status;
    const refusal_facts facts = read_refusal_body(body, secrets, max_depth, why,
                                                  asked.brings_secret ? body_of::secret_refusal : body_of::refusal);
    switch (status) {
    case 401:
        why.detail = "the service knows no such token, or its key has expired or was deleted; give another token by "
                     "credentials::replace (VENICE_API_KEY)";
        if (plain_words(why.server_text).find("admin api key required") == std::string::npos)
            break;
        why.code = errc::forbidden;
        // It has the service's words, so that a message does not say them again.
        why.detail = "the service wants an ADMIN key (Admin API key required), and the token is of another kind; give "
                     "one of an ADMIN key by credentials::replace (VENICE_API_KEY)";
        break;
    case 429:
        if (plain_words(why.server_text).find("too many failed attempts") != std::string::npos)
            why.code = errc::error_budget_spent;
        break;
    case 400:
        if (asked.names_key && says(why, says_no_such_key))
            why.code = errc::not_found;
        else if (says(why, [](std::string_view text) {
                     return is_first_sentence("could not verify wallet signature", plain_words(text));
                 }))
            why.code = errc::unavailable;
        break;
    case 402:
        if (facts.wants_payment)
            why.detail = "the service saw no Authorization, and asks for payment instead (x402)";
        break;
    case 404:
        why.code = code_of_404(why, facts, asked);
        if (why.code != errc::not_found)
            why.detail = "the service does not know this path: check config::base_url (VENICE_BASE_URL), "
                         "which should end in /api/v1";
        break;
    default:
        if (status / 100 == 3)
            why.detail =
                "the client follows no redirection: set config::base_url (VENICE_BASE_URL) to where the API is";
        break;
    }
    return why;
}

} // namespace venice_keys::codec
