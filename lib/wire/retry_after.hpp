// Reads times in the head of an answer, as HTTP writes them. The caller passes in the present time.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys::wire {

// Reads a date in one of the three forms of RFC 9110 section 5.6.7. `now` tells the century of a two-digit year.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text,
                                                                      std::chrono::sys_seconds now);

// Reads a Retry-After field (RFC 9110 section 10.2.3): a number of seconds, or a date. A date in the past is zero. It
// also reads what servers write beyond that: a fraction, rounded up to a whole second; units behind the numbers (ms, s,
// m, h, d and their words: `30 seconds`, `1m30s`); and a list of these, of which the longest counts, because a call
// that comes too early is refused again. Anything else is passed over; empty when nothing is left. At most 24 h.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text,
                                                                         std::chrono::sys_seconds now);

// The server's time, as the Date fields of its answers (RFC 9110 section 6.6.1) show it. A machine whose own clock is
// wrong would otherwise wait for a reset that has passed, or send before it.
class server_clock {
public:
    using time = std::chrono::sys_time<std::chrono::milliseconds>;

    // The server's time at `local`, when an answer came whose Date field is `date`; empty for none.
    [[nodiscard]] time read(std::string_view date, time local);

private:
    std::string last_;                    // the same text comes for a whole second
    std::chrono::milliseconds offset_{0}; // added to the local time
};

} // namespace venice_keys::wire
