// Receives what happens in a client: config::observer. It only watches, and does not influence what the client does.
#pragma once

#include <venice_keys/detail/export.hpp>
#include <venice_keys/events.hpp>

namespace venice_keys {

/// Receives what happens in a client. Derive from this class, override what is of interest, and put an object into
/// config::observer.
///
/// A client calls these in its own turns, one at a time, on its executor's threads. Several threads may call an
/// observer that several clients share. A call must not block, because the whole client waits for it. It may start
/// calls (and cancel or close), but it must not destroy the client.
class VENICE_KEYS_API observer {
public:
    virtual ~observer() = default;

    ///@{
    /// Called for each event of this type; see there. Does nothing here.
    virtual void connection_opened(const event::connection_opened& /*what*/) noexcept {}
    virtual void connection_failed(const event::connection_failed& /*what*/) noexcept {}
    virtual void connection_closed(const event::connection_closed& /*what*/) noexcept {}
    virtual void attempt_started(const event::attempt_started& /*what*/) noexcept {}
    virtual void attempt_ended(const event::attempt_ended& /*what*/) noexcept {}
    virtual void retry_scheduled(const event::retry_scheduled& /*what*/) noexcept {}
    virtual void paced(const event::paced& /*what*/) noexcept {}
    virtual void error_budget_changed(const event::error_budget_changed& /*what*/) noexcept {}
    virtual void pipelining_judged(const event::pipelining_judged& /*what*/) noexcept {}
    ///@}

protected:
    /// @cond
    observer() = default;
    observer(const observer&) = default;
    observer& operator=(const observer&) = default;
    /// @endcond
};

} // namespace venice_keys
