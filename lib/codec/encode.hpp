// The bodies of requests. These functions write JSON straight into a string; they read none, and check nothing.
#pragma once

#include "model/secret_bytes.hpp"

#include <venice_keys/key_update.hpp>
#include <venice_keys/new_key.hpp>

#include <string>

namespace venice_keys::codec {

// Each appends the body to `out`. Precondition: validate() of the first argument has a value. The order of the fields
// is always the same.

// PATCH /api_keys
void encode_update(const key_update& update, std::string& out);

// POST /api_keys
void encode_creation(const new_key& key, std::string& out);

// POST /api_keys/generate_web3_key. The body holds the wallet's challenge and its signature.
void encode_web3_creation(const new_web3_key& key, detail::secret_bytes& out);

} // namespace venice_keys::codec
