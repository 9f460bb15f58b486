// Finds the gist of an HTML page, such as a proxy answers with: its title, or its text. It is no parser of HTML.
#pragma once

#include <string>
#include <string_view>

namespace venice_keys::codec {

// Whether the text begins with a tag, a comment or a declaration.
[[nodiscard]] bool looks_like_html(std::string_view text) noexcept;

// The title of the page, or if it has none, the text between its tags without scripts and styles. Each tag becomes a
// space. Character references stay as they are.
[[nodiscard]] std::string text_of_html(std::string_view page);

} // namespace venice_keys::codec
