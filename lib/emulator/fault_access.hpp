// Reads what a fault says. The public class can only be built, not read.
#pragma once

#include <venice_keys/emulator_fault.hpp>

#include <optional>
#include <string>

namespace venice_keys {

class fault_access {
public:
    explicit fault_access(const fault& rule) noexcept : rule_(rule) {}

    [[nodiscard]] fault::kind kind() const noexcept { return rule_.kind_; }
    [[nodiscard]] std::uint64_t after() const noexcept { return rule_.after_; }
    [[nodiscard]] std::uint64_t times() const noexcept { return rule_.times_; }
    [[nodiscard]] std::uint64_t every() const noexcept { return rule_.every_; }
    [[nodiscard]] double probability() const noexcept { return rule_.probability_; }
    [[nodiscard]] const std::string& only_for() const noexcept { return rule_.only_for_; }
    [[nodiscard]] const std::string& only_method() const noexcept { return rule_.only_method_; }
    [[nodiscard]] std::chrono::milliseconds time() const noexcept { return rule_.time_; }
    [[nodiscard]] unsigned status() const noexcept { return rule_.status_; }
    [[nodiscard]] const std::string& retry_after() const noexcept { return rule_.retry_after_; }
    [[nodiscard]] const std::string& text() const noexcept { return rule_.text_; }
    [[nodiscard]] const std::string& body() const noexcept { return rule_.body_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return rule_.bytes_; }
    [[nodiscard]] fault::behind behind() const noexcept { return rule_.behind_; }
    [[nodiscard]] const std::string& raw() const noexcept { return rule_.raw_; }

    [[nodiscard]] fault::code code() const noexcept { return rule_.code_; }
    [[nodiscard]] fault::part part() const noexcept { return rule_.part_; }
    [[nodiscard]] fault::last last() const noexcept { return rule_.last_; }
    [[nodiscard]] fault::ending ending() const noexcept { return rule_.ending_; }
    [[nodiscard]] std::uint32_t number() const noexcept { return rule_.number_; }

    // Whether it means anything to a request that came over this protocol.
    [[nodiscard]] bool concerns_http2() const noexcept { return kind() != fault::kind::overread; }
    [[nodiscard]] bool concerns_http1() const noexcept
    {
        switch (kind()) {
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

    // Says what is out of its range. Empty: nothing is.
    [[nodiscard]] std::string complaint() const
    {
        if (time() < std::chrono::milliseconds{0} || time() > std::chrono::hours{24})
            return "fault: a time of " + std::to_string(time().count()) + " ms is not in 0 ms … 24 h";
        if (kind() == fault::kind::answer && (status() < 200 || status() > 599))
            return "fault: the status " + std::to_string(status()) + " of an answer is not in 200 … 599";
        if (!(probability() >= 0 && probability() <= 1))
            return "fault: a probability of " + std::to_string(probability()) + " is not in 0 … 1";
        if (number() > 0x7FFF'FFFF)
            return "fault: " + std::to_string(number()) + " streams or bytes are not in 0 … 2147483647";
        return {};
    }

    // Of rst, goaway and silent: whether the answer, or a part of it, is sent sooner or later.
    [[nodiscard]] bool answers() const noexcept
    {
        const bool left_alone = last() == fault::last::none || last() == fault::last::below;
        return kind() == fault::kind::rst      ? part() != fault::part::none
               : kind() == fault::kind::goaway ? !left_alone && ending() == fault::ending::finish
                                               : kind() == fault::kind::silent && time().count() != 0;
    }

    // The effect that was set, or else the kind's default.
    [[nodiscard]] fault::apply applied() const noexcept
    {
        if (rule_.apply_)
            return *rule_.apply_;
        switch (rule_.kind_) {
        case fault::kind::delay:
        case fault::kind::swap:
        case fault::kind::cut:
        case fault::kind::malformed:
        case fault::kind::overread:
        case fault::kind::streams:
        case fault::kind::window:
            return fault::apply::before;
        case fault::kind::silent:
        case fault::kind::rst:
        case fault::kind::goaway:
            return answers() ? fault::apply::before : fault::apply::never;
        case fault::kind::close:
        case fault::kind::reset:
        case fault::kind::stall:
        case fault::kind::answer:
        case fault::kind::raw:
            return fault::apply::never;
        }
        return fault::apply::never;
    }

private:
    const fault& rule_;
};

} // namespace venice_keys
