// The table of all texts that the library and the programs can say, as a page of the guide.
#pragma once

#include <venice_keys/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace messages {

struct row {
    std::string when;
    std::string code; // the name of the errc, or what else the text comes with: an exception, an exit code
    std::string text;
    std::string what_to_do;
};

struct section {
    std::string title;
    std::string about;
    std::vector<row> rows;
};

class table {
public:
    void begin(std::string title, std::string about) { sections_.push_back({std::move(title), std::move(about), {}}); }

    // The error's message() is what a caller prints.
    void add(std::string when, const venice_keys::error& why, std::string what_to_do);
    void add(std::string when, std::string code, std::string text, std::string what_to_do);
    // A text that this program can't provoke, because it needs a lack of memory, a broken OpenSSL or bytes that the
    // emulator does not send. Another test does; the scanner of literals holds its words.
    void by_hand(std::string when, venice_keys::errc code, std::string text, std::string what_to_do);

    // What differs from run to run is shown as a word: `name` in place of `value`.
    void call(std::string value, std::string name) { names_.emplace_back(std::move(value), std::move(name)); }

    [[nodiscard]] std::string page() const;
    [[nodiscard]] const std::vector<section>& sections() const noexcept { return sections_; }

private:
    std::vector<section> sections_;
    std::vector<std::pair<std::string, std::string>> names_;
};

// Each fills in its sections.
void add_values(table& all);
void add_settings(table& all);
void add_calls(table& all);
void add_answers(table& all);
void add_connecting(table& all);
void add_emulator(table& all);
void add_programs(table& all);
void add_codes(table& all);

[[nodiscard]] const table& all_messages();

} // namespace messages
