// The bodies of POST /api_keys and of POST /api_keys/generate_web3_key. Writes JSON straight into a string; reads none,
// and checks nothing.
#pragma once

#include "model/secret_bytes.hpp"

#include <venice_keys/new_key.hpp>

#include <string>

namespace venice_keys::codec {

// Appends the body to `out`. Precondition: key.validate() has a value. The order of the fields is always the same.
void encode_creation(const new_key& key, std::string& out);

// The same for a wallet. The body holds its challenge and its signature.
void encode_web3_creation(const new_web3_key& key, detail::secret_bytes& out);

} // namespace venice_keys::codec
