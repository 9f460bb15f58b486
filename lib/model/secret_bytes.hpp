// Bytes on their way to a socket hold a token. So their memory is cleansed when it is given back.
#pragma once

#include <venice_keys/secret.hpp>

#include <string>

namespace venice_keys::detail {

// A short string would live inside the object, which no allocator sees. So reserve more than 15 bytes at once.
using secret_bytes = std::basic_string<char, std::char_traits<char>, cleansing_allocator<char>>;

} // namespace venice_keys::detail
