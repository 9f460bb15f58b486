#include "messages/table.hpp"

#include <utility>

namespace messages {

namespace {

std::string replaced(std::string text, std::string_view from, std::string_view to)
{
    for (std::size_t at = 0; !from.empty() && (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

// As code in a cell of a table. A line end becomes a mark.
std::string as_code(const std::string& text)
{
    std::string cell = replaced(replaced(text, "|", "\\|"), "\n", " ⏎ ");
    const bool has_ticks = cell.find('`') != std::string::npos;
    return has_ticks ? "`` " + cell + " ``" : "`" + cell + "`";
}

constexpr std::string_view beginning = R"(# Messages

Every text that the library and its programs can say about a failure, with values as examples: when it is said, the code
that it comes with, the text as it is printed, and what to do. A test provokes the texts and compares them with this page,
so that it shows what the code says. The texts may change with any version; compare codes, not texts.
Those of an error are its `message()`, from some of which the end that says how far the call got is left out.
[Errors](errors.md) says what each code means and which member of `error` has which part of a text.

Texts of OpenSSL, of the system and of the service are quoted in ours and are not in this table: they differ from machine
to machine. No text has a token, a password or a proxy's user in it.
)";

} // namespace

void table::add(std::string when, const venice_keys::error& why, std::string what_to_do)
{
    const auto code = static_cast<venice_keys::errc>(why.code.value());
    add(std::move(when), std::string(venice_keys::name_of(code)), why.message(), std::move(what_to_do));
}

void table::add(std::string when, std::string code, std::string text, std::string what_to_do)
{
    for (const auto& [value, name] : names_) {
        text = replaced(std::move(text), value, name);
        when = replaced(std::move(when), value, name);
    }
    // The emulator's ids of requests are random.
    if (const std::size_t id = text.find("request id "); id != std::string::npos && text.ends_with("-EMU"))
        text.replace(id, std::string::npos, "request id 8c5f9ce8d1f21a01-EMU");
    sections_.back().rows.push_back({std::move(when), std::move(code), std::move(text), std::move(what_to_do)});
}

void table::by_hand(std::string when, venice_keys::errc code, std::string text, std::string what_to_do)
{
    add(std::move(when), std::string(venice_keys::name_of(code)),
        venice_keys::error(code).code.message() + ": " + std::move(text), std::move(what_to_do));
}

std::string table::page() const
{
    std::string text(beginning);
    for (const section& each : sections_) {
        text +=
            "\n## " + each.title + "\n\n" + each.about + "\n\n| when | code | text | what to do |\n|---|---|---|---|\n";
        for (const row& one : each.rows)
            text += "| " + one.when + " | `" + one.code + "` | " + as_code(one.text) + " | " + one.what_to_do + " |\n";
    }
    return text;
}

const table& all_messages()
{
    static const table made = [] {
        table all;
        add_values(all);
        add_settings(all);
        add_calls(all);
        add_answers(all);
        add_connecting(all);
        add_emulator(all);
        add_programs(all);
        add_codes(all);
        return all;
    }();
    return made;
}

} // namespace messages
