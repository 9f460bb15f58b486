// An observer that writes a line of text for each event: a log for people and for grep. It does not rotate files, and
// filters no more than it says here.
#pragma once

#include <venice_keys/detail/export.hpp>
#include <venice_keys/observer.hpp>
#include <venice_keys/timestamp.hpp>

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <mutex>
#include <string>

namespace venice_keys {

/// Writes a line of text for each event. The lines are logfmt: a time (UTC), `venice_keys`, the event's name and its
/// attributes as `name=value`.
///
///     2026-11-25T07:00:00.123Z venice_keys paced venice_keys.pace.reason=retry_after venice_keys.delay=2.5 …
///
/// A value that is empty, or has a space, a quote, a backslash or `=` in it, is in quotes, with a backslash before each
/// quote and backslash. Each event is one line: a run of control characters in a value becomes a space.
///
/// Several clients may share an observer, on any threads. The stream must outlive it, and nothing else may write to the
/// stream at the same time. It never flushes. A stream that blocks holds up the clients; a line that can't be written
/// is lost.
class VENICE_KEYS_API stream_observer final : public observer {
public:
    /// Whether the two events of each attempt (attempt_started, attempt_ended) have lines.
    enum class attempts : std::uint8_t {
        shown,    ///< all events have lines
        left_out, ///< the events of attempts have none
    };

    /// `clock` gives the time of a line; empty: the system's clock. It is called by one thread at a time, and must not
    /// call the observer.
    explicit stream_observer(std::ostream& out, attempts which = attempts::shown,
                             std::function<timestamp()> clock = {});

    ///@{
    /// Writes one line.
    void connection_opened(const event::connection_opened& what) noexcept override { write(what); }
    void connection_failed(const event::connection_failed& what) noexcept override { write(what); }
    void connection_closed(const event::connection_closed& what) noexcept override { write(what); }
    void attempt_started(const event::attempt_started& what) noexcept override;
    void attempt_ended(const event::attempt_ended& what) noexcept override;
    void retry_scheduled(const event::retry_scheduled& what) noexcept override { write(what); }
    void paced(const event::paced& what) noexcept override { write(what); }
    void error_budget_changed(const event::error_budget_changed& what) noexcept override { write(what); }
    void pipelining_judged(const event::pipelining_judged& what) noexcept override { write(what); }
    ///@}

private:
    template <class Event>
    void write(const Event& what) noexcept;

    std::ostream& out_;
    attempts attempts_;
    std::function<timestamp()> clock_;
    std::mutex mutex_; // guards the members that follow, and the stream
    std::string line_;
    std::string value_;
};

} // namespace venice_keys
