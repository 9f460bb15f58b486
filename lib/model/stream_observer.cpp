#include <venice_keys/stream_observer.hpp>

#include "model/redact.hpp"
#include "model/timestamp_text.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <ostream>
#include <string_view>
#include <utility>

namespace venice_keys {

namespace {

constexpr std::size_t max_value_bytes = 1'000;

timestamp system_time()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

// Writes one attribute's value behind its name, with `scratch` as memory.
class value_writer {
public:
    value_writer(std::string& line, std::string& scratch) noexcept : line_(line), scratch_(scratch) {}

    void operator()(std::string_view text) const
    {
        scratch_ = text;
        detail::make_printable(scratch_, max_value_bytes);
        if (!scratch_.empty() && scratch_.find_first_of(" \"\\=") == std::string::npos) {
            line_ += scratch_;
            return;
        }
        line_ += '"';
        for (const char c : scratch_) {
            if (c == '"' || c == '\\')
                line_ += '\\';
            line_ += c;
        }
        line_ += '"';
    }

    void operator()(bool value) const { line_ += value ? "true" : "false"; }

    void operator()(std::int64_t value) const
    {
        std::array<char, 24> digits;
        put(digits, std::to_chars(digits.data(), digits.data() + digits.size(), value));
    }

    void operator()(double value) const
    {
        // It has no exponent, which sort(1) and people read badly. A time has at most 10 digits before the point.
        std::array<char, 64> digits;
        char* const end = digits.data() + digits.size();
        auto written = std::to_chars(digits.data(), end, value, std::chars_format::fixed);
        if (written.ec != std::errc{})
            written = std::to_chars(digits.data(), end, value);
        put(digits, written);
    }

private:
    template <class Digits>
    void put(const Digits& digits, std::to_chars_result written) const
    {
        line_.append(digits.data(), static_cast<std::size_t>(written.ptr - digits.data()));
    }

    std::string& line_;
    std::string& scratch_;
};

} // namespace

stream_observer::stream_observer(std::ostream& out, attempts which, std::function<timestamp()> clock)
    : out_(out), attempts_(which), clock_(clock ? std::move(clock) : system_time)
{
}

template <class Event>
void stream_observer::write(const Event& what) noexcept
try {
    const std::lock_guard lock{mutex_};
    line_.clear();
    detail::append_timestamp(line_, clock_());
    line_ += " venice_keys ";
    line_ += Event::name;
    what.for_each_attribute([this](std::string_view name, const attribute_value& value) {
        line_ += ' ';
        line_ += name;
        line_ += '=';
        std::visit(value_writer{line_, value_}, value);
    });
    line_ += '\n';
    out_.write(line_.data(), static_cast<std::streamsize>(line_.size()));
} catch (...) {
    // There is no memory, or the stream throws. What is observed must go on.
}

void stream_observer::attempt_started(const event::attempt_started& what) noexcept
{
    if (attempts_ == attempts::shown)
        write(what);
}

void stream_observer::attempt_ended(const event::attempt_ended& what) noexcept
{
    if (attempts_ == attempts::shown)
        write(what);
}

// The header calls these for the other events.
template void stream_observer::write(const event::connection_opened&) noexcept;
template void stream_observer::write(const event::connection_failed&) noexcept;
template void stream_observer::write(const event::connection_closed&) noexcept;
template void stream_observer::write(const event::retry_scheduled&) noexcept;
template void stream_observer::write(const event::paced&) noexcept;
template void stream_observer::write(const event::error_budget_changed&) noexcept;
template void stream_observer::write(const event::pipelining_judged&) noexcept;

} // namespace venice_keys
