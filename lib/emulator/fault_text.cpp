#include "emulator/fault_text.hpp"

#include <cstdint>

namespace venice_keys::fault_text {

namespace {

template <class Number>
std::optional<Number> read_hexadecimal(std::string_view text)
{
    Number value{};
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    return failure == std::errc{} && end == text.data() + text.size() ? std::optional{value} : std::nullopt;
}

} // namespace

std::vector<term> take_apart(std::string_view text)
{
    std::vector<term> found(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        term& last = found.back();
        std::string& target = last.value ? *last.value : last.name;
        char c = text[i];
        if (c == '\\' && i + 1 < text.size()) {
            c = text[++i];
            const auto byte = c == 'x' ? read_hexadecimal<unsigned char>(text.substr(i + 1, 2)) : std::nullopt;
            if (byte && i + 2 < text.size()) {
                target += static_cast<char>(*byte);
                i += 2;
            } else {
                target += c == 'r' ? '\r' : c == 'n' ? '\n' : c;
            }
        } else if (c == ',') {
            found.emplace_back();
        } else if (c == '=' && !last.value) {
            last.value.emplace();
        } else {
            target += c;
        }
    }
    return found;
}

std::optional<std::chrono::milliseconds> read_time(std::string_view text)
{
    constexpr std::uint64_t most = 24ULL * 60 * 60 * 1000;
    std::uint64_t unit = 0;
    if (text.ends_with("ms")) {
        unit = 1;
        text.remove_suffix(2);
    } else if (text.ends_with('s')) {
        unit = 1000;
        text.remove_suffix(1);
    }
    const auto count = read_number<std::uint64_t>(text);
    if (unit == 0 || !count || *count > most / unit)
        return std::nullopt;
    return std::chrono::milliseconds{*count * unit};
}

std::optional<fault::code> read_code(std::string_view text)
{
    if (const auto named = read_name<fault::code>(text))
        return named;
    const auto number =
        text.starts_with("0x") ? read_hexadecimal<std::uint32_t>(text.substr(2)) : read_number<std::uint32_t>(text);
    return number ? std::optional{static_cast<fault::code>(*number)} : std::nullopt;
}

error wrong(const std::string& what)
{
    return error{errc::invalid_argument, "fault: " + what};
}

error bad_value(const term& of, std::string_view wanted)
{
    if (!of.value)
        return wrong("'" + of.name + "' needs a value: " + std::string{wanted});
    return wrong("'" + of.name + "' wants " + std::string{wanted} + ", not '" + *of.value + "'");
}

} // namespace venice_keys::fault_text
