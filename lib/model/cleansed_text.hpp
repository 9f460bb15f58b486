// Handles strings through which a secret may pass, where the type must be std::string: no secret stays in the memory
// that they give back. Where the type may be another, secret_bytes does it by itself.
#pragma once

#include <venice_keys/secret.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace venice_keys::detail {

// Overwrites all the memory that the text has, and empties it. The text keeps its memory.
inline void cleanse_text(std::string& text) noexcept
{
    text.resize(text.capacity()); // this does not allocate; bytes of a longer text may stand behind the end
    cleanse(text.data(), text.size());
    text.clear();
}

// Does what std::string::reserve does.
inline void reserve_cleansed(std::string& text, std::size_t capacity)
{
    if (capacity <= text.capacity())
        return;
    std::string larger;
    larger.reserve(capacity);
    larger = text;
    cleanse_text(text);
    text.swap(larger);
}

// Does what std::string::append does.
inline void append_cleansed(std::string& text, std::string_view part)
{
    if (part.size() > text.capacity() - text.size())
        reserve_cleansed(text, std::max(text.size() + part.size(), 2 * text.capacity()));
    text.append(part);
}

} // namespace venice_keys::detail
