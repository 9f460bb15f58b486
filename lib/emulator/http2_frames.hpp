// Frames of HTTP/2 as bytes (RFC 9113 section 6), which a well-behaved session would not send.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace venice_keys::emulation {

void append_rst_stream(std::string& out, std::uint32_t stream, std::uint32_t code);
void append_goaway(std::string& out, std::uint32_t last_stream, std::uint32_t code, std::string_view debug_data);

} // namespace venice_keys::emulation
