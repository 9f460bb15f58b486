// HTTP/1.1 on one connection (RFC 9112): requests go one behind the other, and answers come in the same order.
#pragma once

#include "wire/conversation.hpp"
#include "wire/reply_parser.hpp"

#include <limits>

namespace venice_keys::wire {

class pipeline final : public conversation {
public:
    explicit pipeline(const conversation_limits& limits) : parser_(limits.reply), times_(limits.times) {}

    [[nodiscard]] bool in_order() const noexcept override { return true; }
    [[nodiscard]] std::size_t capacity() const noexcept override { return std::numeric_limits<std::size_t>::max(); }
    [[nodiscard]] std::string_view protocol() const noexcept override { return "http/1.1"; }

    [[nodiscard]] bool wants_write() const noexcept override { return !staged_.empty(); }
    [[nodiscard]] std::size_t sendable() const noexcept override { return staged_.size(); }
    void gather(detail::secret_bytes& out, time_point now) override;

    [[nodiscard]] step receive(std::string_view bytes, time_point now) override;
    [[nodiscard]] step end_of_stream(bool clean) override;

    [[nodiscard]] broken_refusal take_refused() noexcept override;

    // The last answer said `close`, or the stream has ended.
    [[nodiscard]] bool ended() const noexcept override { return ending_; }
    [[nodiscard]] std::optional<time_point> silent_since() const noexcept override;

    [[nodiscard]] time_point deadline() const noexcept override;
    [[nodiscard]] std::optional<overdue> tick(time_point now) override;

private:
    struct lateness_at {
        time_point at;
        lateness why;
    };

    void abandoned(slot& who, time_point now) override;
    [[nodiscard]] std::optional<lateness_at> late() const noexcept;
    step fail(errc why, std::string detail, std::size_t consumed);
    step answered(std::size_t consumed);

    reply_parser parser_;
    answer_times times_;
    time_point last_progress_{};
    time_point first_since_{}; // when the first of written_ became the first, or was abandoned
};

} // namespace venice_keys::wire
