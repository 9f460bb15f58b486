// Makes text from elsewhere fit to be shown: on one line, bounded, and without tokens. It is not for text that a
// program reads.
#pragma once

#include <venice_keys/secret.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace venice_keys::detail {

// A view of the secrets that a text must not hold: an old and a new token, a wallet's challenge and its signature. It
// owns none of them, and is cheap to copy.
class secret_list {
public:
    secret_list(const secret& one) noexcept : secrets_(&one, 1) {}
    secret_list(std::span<const secret> several) noexcept : secrets_(several) {}

    [[nodiscard]] auto begin() const noexcept { return secrets_.begin(); }
    [[nodiscard]] auto end() const noexcept { return secrets_.end(); }

private:
    std::span<const secret> secrets_;
};

// Puts `[redacted]` in the place of each occurrence of a secret, even if some of its characters are written with
// escapes: JSON (\u002B, \/), percent (%2B) or HTML (&#43; &#x2b;). Occurrences that overlap count as one, also when
// they are of different secrets. An empty secret occurs nowhere. The bytes that were replaced are cleansed. What begins
// like a key of the service (VENICE_INFERENCE_KEY_…, VENICE_ADMIN_KEY_…) is replaced as well, whosever it is, up to the
// first character that no token has. Returns the number of characters that were compared; tests see by it that the cost
// grows with the text's size.
std::size_t redact(std::string& text, secret_list secrets);

// Whether the text holds the beginning of a key of the service, and at least one more character behind it.
[[nodiscard]] bool looks_like_a_key(std::string_view text) noexcept;

// How many bytes one character of a secret may take in a text for redact() to find it.
inline constexpr std::size_t longest_escape = 16;

// Makes one line of at most max_bytes of it, cut between code points. A run of white space and control characters
// becomes one space (none at the ends); what is not UTF-8, and what turns the direction of writing, becomes `?`.
// Something stands in the place of all that is taken away, so that the two halves of a token are never joined.
void make_printable(std::string& text, std::size_t max_bytes);

} // namespace venice_keys::detail
