// The body of PATCH /api_keys. Writes JSON straight into a string; reads none, and checks nothing.
#pragma once

#include <venice_keys/key_update.hpp>

#include <string>

namespace venice_keys::codec {

// Appends the body to `out`. Precondition: update.validate() has a value. The order of the fields is always the same.
void encode_update(const key_update& update, std::string& out);

} // namespace venice_keys::codec
