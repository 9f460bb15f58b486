// Tells an observer what happens to connections and calls. Without an observer it only costs a comparison.
#pragma once

#include "pool/call.hpp"
#include "session/session.hpp"

#include <venice_keys/observer.hpp>

#include <memory>
#include <string>
#include <utility>

namespace venice_keys::detail {

class reporter {
public:
    reporter() = default;
    // `host` and `port` are those of the server.
    reporter(std::shared_ptr<observer> who, std::string host, std::uint16_t port)
        : who_(std::move(who)), host_(std::move(host)), port_(port)
    {
    }

    // Whether anybody listens.
    [[nodiscard]] explicit operator bool() const noexcept { return who_ != nullptr; }

    void opened(const session& which, const net::connection_facts& how, time_point now) const noexcept;
    void failed(const session& which, const error& why, time_point now) const noexcept;
    void closed(const session& which, const error& why, std::size_t unanswered, time_point now) const noexcept;
    void started(const session& on, const call& which) const noexcept;
    // `answer` is null when none came.
    void ended(const session& on, const call& which, const wire::reply* answer, std::optional<errc> why,
               time_point now) const noexcept;
    void retry_scheduled(const call& which, std::chrono::nanoseconds delay, errc why, unsigned status) const noexcept;
    void paced(std::uint64_t token_number, pace_reason reason, std::chrono::nanoseconds wait,
               bool creations_only) const noexcept;
    void pipelining(pipelining_state found) const noexcept;
    void error_budget_changed(const event::error_budget_changed& what) const noexcept;

private:
    [[nodiscard]] event::connection_label label(const session& which) const noexcept;

    std::shared_ptr<observer> who_;
    std::string host_;
    std::uint16_t port_ = 0;
};

} // namespace venice_keys::detail
