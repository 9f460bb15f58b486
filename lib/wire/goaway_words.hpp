// Says why a server ends a connection, in its own words as far as they may be shown.
#pragma once

#include "model/redact.hpp"

#include <string>
#include <string_view>

namespace venice_keys::wire {

// The token in `Bearer TOKEN`; empty when the text is not of that form.
[[nodiscard]] std::string_view token_of(std::string_view authorization) noexcept;

// `code` is the name of GOAWAY's error code, `said` its debug data. The tokens are redacted in it, and so is every word
// that is long enough to be the token of a request that was answered before.
[[nodiscard]] std::string goaway_words(std::string_view code, std::string_view said, detail::secret_list tokens);

} // namespace venice_keys::wire
