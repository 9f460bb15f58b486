// Pieces of JSON written by hand: numbers look as the service's do (50, not 5E1), and fields keep its order.
#pragma once

#include <venice_keys/timestamp.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys::emulation {

// UTF-8, with what JSON does not allow in a string escaped.
void append_string(std::string& out, std::string_view text);

// Magnitudes up to 9999999999. Nothing: null.
void append_number(std::string& out, std::optional<double> number);

// A decimal text.
void append_amount(std::string& out, std::uint64_t ten_thousandths);

// Nothing: null.
void append_date(std::string& out, const std::optional<timestamp>& when);

} // namespace venice_keys::emulation
