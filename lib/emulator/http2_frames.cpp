#include "emulator/http2_frames.hpp"

namespace venice_keys::emulation {

namespace {

constexpr unsigned char rst_stream = 0x3;
constexpr unsigned char goaway = 0x7;

void append_big_endian(std::string& out, std::uint32_t number, unsigned bytes)
{
    while (bytes-- > 0)
        out += static_cast<char>(number >> (8 * bytes) & 0xFFU);
}

void append_head(std::string& out, std::size_t size, unsigned char type, std::uint32_t stream)
{
    append_big_endian(out, static_cast<std::uint32_t>(size), 3);
    out += static_cast<char>(type);
    out += '\0'; // no flags
    append_big_endian(out, stream, 4);
}

} // namespace

void append_rst_stream(std::string& out, std::uint32_t stream, std::uint32_t code)
{
    append_head(out, 4, rst_stream, stream);
    append_big_endian(out, code, 4);
}

void append_goaway(std::string& out, std::uint32_t last_stream, std::uint32_t code, std::string_view debug_data)
{
    append_head(out, 8 + debug_data.size(), goaway, 0);
    append_big_endian(out, last_stream, 4);
    append_big_endian(out, code, 4);
    out += debug_data;
}

} // namespace venice_keys::emulation
