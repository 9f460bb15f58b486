// The options in which one call differs from the client's configuration.
#pragma once

#include <venice_keys/detail/whole_milliseconds.hpp>

#include <chrono>
#include <optional>

namespace venice_keys {

/// How one call differs from the client's configuration. A call with a value out of its range ends as
/// errc::invalid_argument and is not sent. It is no aggregate, for the reason given at key_update.
class call_options {
public:
    call_options() = default; ///< no difference

    ///@{
    /// The deadline of the whole call, from its initiation: queue, connect, retries and answer. 1 ms … 24 h; takes
    /// precedence over config::timeout. Rounded down to milliseconds.
    template <class Rep, class Period>
    call_options& timeout(std::chrono::duration<Rep, Period> limit) & noexcept
    {
        timeout_ = detail::whole_milliseconds(limit);
        return *this;
    }
    template <class Rep, class Period>
    call_options&& timeout(std::chrono::duration<Rep, Period> limit) && noexcept
    {
        timeout_ = detail::whole_milliseconds(limit);
        return static_cast<call_options&&>(*this);
    }
    ///@}

    ///@{
    /// For update_key and delete_key: when the call fails although the server may have acted, the key is read back, and
    /// error::confirmation says what was found. This takes place within the deadline: the change itself ends `reserve`
    /// before it, but has at least half of the time. 1 ms … 24 h, rounded down to milliseconds. Other
    /// operations ignore it.
    template <class Rep = std::chrono::seconds::rep, class Period = std::chrono::seconds::period>
    call_options& confirm(std::chrono::duration<Rep, Period> reserve = std::chrono::seconds{5}) & noexcept
    {
        confirm_ = detail::whole_milliseconds(reserve);
        return *this;
    }
    template <class Rep = std::chrono::seconds::rep, class Period = std::chrono::seconds::period>
    call_options&& confirm(std::chrono::duration<Rep, Period> reserve = std::chrono::seconds{5}) && noexcept
    {
        confirm_ = detail::whole_milliseconds(reserve);
        return static_cast<call_options&&>(*this);
    }
    ///@}

    /// The deadline; empty when config::timeout holds.
    [[nodiscard]] const std::optional<std::chrono::milliseconds>& timeout() const noexcept { return timeout_; }
    /// The reserve; empty when nothing is to be read back.
    [[nodiscard]] const std::optional<std::chrono::milliseconds>& confirm_reserve() const noexcept { return confirm_; }

private:
    std::optional<std::chrono::milliseconds> timeout_;
    std::optional<std::chrono::milliseconds> confirm_;
};

} // namespace venice_keys
