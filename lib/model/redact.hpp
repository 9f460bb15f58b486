// Makes text from elsewhere fit to be shown: no token in it, one line, bounded. Not for text that is parsed later.
#pragma once

#include <venice_keys/secret.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace venice_keys::detail {

// A view of the secrets that a text must not hold: an old and a new token, a wallet's challenge and its signature. It
// owns none of them. Cheap to copy.
class secret_list {
public:
    secret_list(const secret& one) noexcept : secrets_(&one, 1) {}
    secret_list(std::span<const secret> several) noexcept : secrets_(several) {}

    [[nodiscard]] auto begin() const noexcept { return secrets_.begin(); }
    [[nodiscard]] auto end() const noexcept { return secrets_.end(); }

private:
    std::span<const secret> secrets_;
};

// Puts `[redacted]` in the place of each occurrence of a secret, also of one that is written with escapes for some
// of its characters: JSON (\u002B, \/), percent (%2B) or HTML (&#43; &#x2b;). Overlapping occurrences count as one,
// also those of different secrets. An empty secret is nowhere. The bytes that were replaced are cleansed.
// What begins like a key of the service (VENICE_INFERENCE_KEY_…, VENICE_ADMIN_KEY_…) is replaced as well, whoever's it
// is, up to the first character that no token has.
// Returns the number of characters that were compared, by which tests hold the cost to the text's size.
std::size_t redact(std::string& text, secret_list secrets);

// Whether it holds the beginning of a key of the service, and more behind it.
[[nodiscard]] bool looks_like_a_key(std::string_view text) noexcept;

// The most bytes that one character of a secret may take in a text that redact() looks at.
inline constexpr std::size_t longest_escape = 16;

// One line, at most max_bytes of it, cut between code points: a run of white space and control characters becomes one
// space (none at the ends); what is not UTF-8, and what turns the direction of writing, becomes `?`. It puts something
// in the place of all that it takes away, so it can't join the two halves of a token.
void make_printable(std::string& text, std::size_t max_bytes);

} // namespace venice_keys::detail
