#include "emulator/fault_access.hpp"

#include <utility>

namespace venice_keys {

fault fault::retry_after(std::string value) &&
{
    // A line break would end the field. Whoever wants to break an answer so badly uses raw().
    std::erase_if(value, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; });
    return set(&properties::retry_after, std::move(value));
}

bool fault_access::concerns_http1() const noexcept
{
    switch (properties_.kind) {
    case fault::kind::rst:
    case fault::kind::goaway:
    case fault::kind::streams:
    case fault::kind::window:
        return false;
    case fault::kind::close:
    case fault::kind::reset:
    case fault::kind::stall:
    case fault::kind::delay:
    case fault::kind::answer:
    case fault::kind::cut:
    case fault::kind::swap:
    case fault::kind::malformed:
    case fault::kind::raw:
    case fault::kind::overread:
    case fault::kind::silent:
        return true;
    }
    return true;
}

bool fault_access::answers() const noexcept
{
    const fault::last last = properties_.last;
    switch (properties_.kind) {
    case fault::kind::delay:
    case fault::kind::swap:
    case fault::kind::cut:
    case fault::kind::malformed:
    case fault::kind::overread:
    case fault::kind::streams:
    case fault::kind::window:
        return true;
    case fault::kind::silent:
        return properties_.time.count() != 0;
    case fault::kind::rst:
        return properties_.part != fault::part::none;
    case fault::kind::goaway:
        return (last == fault::last::at || last == fault::last::all) && properties_.ending == fault::ending::finish;
    case fault::kind::close:
    case fault::kind::reset:
    case fault::kind::stall:
    case fault::kind::answer:
    case fault::kind::raw:
        return false;
    }
    return false;
}

std::string fault_access::complaint() const
{
    const auto time = properties_.time;
    const unsigned status = properties_.status;
    if (time < std::chrono::milliseconds{0} || time > std::chrono::hours{24})
        return "fault: a time of " + std::to_string(time.count()) + " ms is not in 0 ms … 24 h";
    if (properties_.kind == fault::kind::answer && (status < 200 || status > 599))
        return "fault: the status " + std::to_string(status) + " of an answer is not in 200 … 599";
    if (!(properties_.probability >= 0 && properties_.probability <= 1))
        return "fault: a probability of " + std::to_string(properties_.probability) + " is not in 0 … 1";
    if (properties_.number > 0x7FFF'FFFF)
        return "fault: " + std::to_string(properties_.number) + " streams or bytes are not in 0 … 2147483647";
    return {};
}

} // namespace venice_keys
