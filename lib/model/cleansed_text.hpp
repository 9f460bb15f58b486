// Strings through which a secret may pass, where the type must be std::string: nothing stays behind in the memory they
// give back. Where the type may be another, secret_bytes does it by itself.
#pragma once

#include <venice_keys/secret.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace venice_keys::detail {

// Overwrites all that it has memory for, and empties it. The memory stays its own.
inline void cleanse_text(std::string& text) noexcept
{
    text.resize(text.capacity()); // does not allocate; bytes of a longer text before may stand there
    cleanse(text.data(), text.size());
    text.clear();
}

// As std::string::reserve.
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

// As std::string::append.
inline void append_cleansed(std::string& text, std::string_view part)
{
    if (part.size() > text.capacity() - text.size())
        reserve_cleansed(text, std::max(text.size() + part.size(), 2 * text.capacity()));
    text.append(part);
}

} // namespace venice_keys::detail
