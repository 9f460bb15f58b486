// Times in the head of an answer, as HTTP writes them. Takes the present time from its caller.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys::wire {

// RFC 9110 section 5.6.7: a date in one of its three forms. `now` tells the century of a year with two digits.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text,
                                                                      std::chrono::sys_seconds now);

// RFC 9110 section 10.2.3: a number of seconds, or a date. A date in the past is zero. Also read, because servers write
// it: a fraction, rounded up to a whole second; units behind the numbers (ms, s, m, h, d and their words: `30 seconds`,
// `1m30s`); and a list of these, of which the longest counts, because a call that comes too early is refused again.
// What is none of them is passed over; empty when nothing else is there. At most 24 h.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text,
                                                                         std::chrono::sys_seconds now);

// The server's time, as the Date fields of its answers (RFC 9110 section 6.6.1) show it. A machine whose own
// clock is wrong would otherwise wait for a reset that has passed, or ask before it.
class server_clock {
public:
    using time = std::chrono::sys_time<std::chrono::milliseconds>;

    // `date`: the field of an answer that came at `local`; empty for none.
    [[nodiscard]] time read(std::string_view date, time local);

private:
    std::string last_;                    // a field says the same for a second
    std::chrono::milliseconds offset_{0}; // added to the local time
};

} // namespace venice_keys::wire
