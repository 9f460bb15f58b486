#include "codec/refusal_body.hpp"

#include "codec/html_text.hpp"
#include "model/redact.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace venice_keys::codec {

namespace {

namespace json = boost::json;

constexpr std::size_t longest_server_text = 512;
constexpr std::size_t longest_issue_text = 256;
constexpr std::size_t longest_path = 128;
constexpr std::size_t most_issues = 32;
constexpr std::size_t most_entries = 256;        // looked at, those that say nothing new included
constexpr std::size_t longest_json = 256 * 1024; // a tree takes a dozen times as much

const json::string* string_at(const json::object& object, std::string_view name)
{
    const json::value* const value = object.if_contains(name);
    return value == nullptr ? nullptr : value->if_string();
}

// The issues of one body, each once.
class issue_list {
public:
    issue_list(secret_list secrets, std::vector<field_issue>& issues) : secrets_(secrets), issues_(issues) {}

    void add(std::string_view path, std::string_view text)
    {
        if (entries_ == most_entries || issues_.size() == most_issues)
            return;
        ++entries_;
        field_issue issue{std::string{path}, std::string{text}};
        redact(issue.path, secrets_);
        redact(issue.text, secrets_);
        make_printable(issue.path, longest_path);
        make_printable(issue.text, longest_issue_text);
        const bool known = std::find(issues_.begin(), issues_.end(), issue) != issues_.end();
        if (!known && !(issue.path.empty() && issue.text.empty()))
            issues_.push_back(std::move(issue));
    }

    // Of any depth: the parser has bounded it. `path` comes back as it was.
    void add_details(const json::value& tree, std::string& path)
    {
        if (const json::string* const text = tree.if_string()) {
            add(path, *text);
        } else if (const json::array* const array = tree.if_array()) {
            for (const json::value& element : *array)
                add_details(element, path);
        } else if (const json::object* const object = tree.if_object()) {
            for (const json::key_value_pair& member : *object) {
                const std::size_t outer = path.size();
                if (member.key() != "_errors")
                    extend(path, member.key());
                add_details(member.value(), path);
                path.resize(outer);
            }
        }
    }

    void add_issues(const json::value& issues)
    {
        const json::array* const array = issues.if_array();
        if (array == nullptr)
            return;
        for (const json::value& element : *array) {
            if (const json::string* const whole = element.if_string()) {
                add({}, *whole);
            } else if (const json::object* const object = element.if_object()) {
                const json::string* const text = string_at(*object, "message");
                const json::value* const path = object->if_contains("path");
                add(path == nullptr ? std::string{} : path_of(*path),
                    text == nullptr ? std::string_view{} : std::string_view{*text});
            }
        }
    }

private:
    static void extend(std::string& path, std::string_view part)
    {
        if (!path.empty())
            path += '.';
        path += part;
    }

    // A text as it stands, or an array of names and indices.
    static std::string path_of(const json::value& path)
    {
        if (const json::string* const text = path.if_string())
            return std::string{std::string_view{*text}};
        std::string whole;
        if (const json::array* const parts = path.if_array()) {
            for (const json::value& part : *parts) {
                if (const json::string* const text = part.if_string())
                    extend(whole, *text);
                else if (const std::int64_t* const index = part.if_int64())
                    extend(whole, std::to_string(*index));
            }
        }
        return whole;
    }

    secret_list secrets_;
    std::vector<field_issue>& issues_;
    std::size_t entries_ = 0;
};

// The text of `error`; empty when there is none. An object's `param` names the field.
std::string_view text_of_error(const json::object& body, issue_list& issues)
{
    const json::value* const problem = body.if_contains("error");
    if (problem != nullptr) {
        if (const json::string* const text = problem->if_string())
            return *text;
        if (const json::object* const object = problem->if_object()) {
            const json::string* text = nullptr;
            for (const char* const name : {"message", "code", "type"}) {
                if (text == nullptr || text->empty())
                    text = string_at(*object, name);
            }
            if (text == nullptr)
                return {};
            if (const json::string* const param = string_at(*object, "param"))
                issues.add(*param, *text);
            return *text;
        }
    }
    const json::string* const text = string_at(body, "message");
    return text == nullptr ? std::string_view{} : std::string_view{*text};
}

// What a JSON body says; empty when it is none, or says nothing that is known here.
std::string text_of_json(std::string_view body, std::size_t max_depth, issue_list& issues)
{
    if (body.size() > longest_json)
        return {};
    json::parse_options options;
    options.max_depth = max_depth;
    boost::system::error_code ec;
    const json::value parsed = json::parse(body, ec, {}, options);
    if (ec)
        return {};
    if (const json::string* const text = parsed.if_string())
        return std::string{std::string_view{*text}};
    const json::object* const object = parsed.if_object();
    if (object == nullptr)
        return {};
    std::string text{text_of_error(*object, issues)};
    std::string path;
    if (const json::value* const details = object->if_contains("details"))
        issues.add_details(*details, path);
    if (const json::value* const entries = object->if_contains("issues"))
        issues.add_issues(*entries);
    return text;
}

} // namespace

void read_refusal_body(std::string_view body, secret_list secrets, std::size_t max_depth, error& why)
{
    issue_list issues{secrets, why.issues};
    std::string text = text_of_json(body, max_depth, issues);
    if (text.empty() && why.issues.empty())
        text = looks_like_html(body) ? text_of_html(body) : std::string{body};
    redact(text, secrets);
    make_printable(text, longest_server_text);
    why.server_text = std::move(text);
}

} // namespace venice_keys::codec
