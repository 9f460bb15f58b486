// Receives what happens in a client: config::observer. It only watches, and has no influence on what the client does.
#pragma once

#include <venice_keys/events.hpp>

namespace venice_keys {

// Derive from it, override what is of interest, and put it into config::observer.
//
// A client calls these in its own turns, one at a time, on its executor's threads. An observer that several clients
// share may be called by several threads at once. A call must not block: everything of the client waits for it. It may
// start calls (and cancel or close); it must not destroy the client.
class observer {
public:
    virtual ~observer() = default;

    virtual void connection_opened(const event::connection_opened& /*what*/) noexcept {}
    virtual void connection_failed(const event::connection_failed& /*what*/) noexcept {}
    virtual void connection_closed(const event::connection_closed& /*what*/) noexcept {}
    virtual void attempt_started(const event::attempt_started& /*what*/) noexcept {}
    virtual void attempt_ended(const event::attempt_ended& /*what*/) noexcept {}
    virtual void retry_scheduled(const event::retry_scheduled& /*what*/) noexcept {}
    virtual void paced(const event::paced& /*what*/) noexcept {}
    virtual void error_budget_changed(const event::error_budget_changed& /*what*/) noexcept {}
    virtual void pipelining_judged(const event::pipelining_judged& /*what*/) noexcept {}

protected:
    observer() = default;
    observer(const observer&) = default;
    observer& operator=(const observer&) = default;
};

} // namespace venice_keys
