// HTTP/2 on one connection (RFC 9113): each request is a stream, and answers come in any order. nghttp2 reads and
// writes the frames; this class decides what they mean for requests, and what a peer may do.
#pragma once

#include "wire/conversation.hpp"
#include "wire/frame_watch.hpp"
#include "wire/heartbeat.hpp"
#include "wire/nghttp2_memory.hpp"
#include "wire/stream.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct nghttp2_session;

namespace venice_keys::wire {

class multiplex final : public conversation {
public:
    // `first_stream`: the number of the first request's stream, an odd one. No more are taken when the numbers run out.
    explicit multiplex(const conversation_limits& limits, std::int32_t first_stream = 1);
    ~multiplex() override;

    [[nodiscard]] bool in_order() const noexcept override { return false; }
    [[nodiscard]] std::size_t capacity() const noexcept override
    {
        return ending_ ? 0 : std::min(limits_.streams, peer_streams_);
    }
    [[nodiscard]] std::string_view protocol() const noexcept override { return "h2"; }

    [[nodiscard]] bool wants_write() const noexcept override;
    [[nodiscard]] std::size_t sendable() const noexcept override;
    void gather(detail::secret_bytes& out, time_point now) override;

    // Takes all bytes at once, and returns the steps that they brought one by one.
    [[nodiscard]] step receive(std::string_view bytes, time_point now) override;
    [[nodiscard]] step end_of_stream(bool clean) override;

    [[nodiscard]] broken_refusal take_refused() noexcept override;
    [[nodiscard]] slot_list take_written() override;

    [[nodiscard]] bool ended() const noexcept override { return ending_ && written_.empty(); }
    // GOAWAY names the last stream that the peer took up; 0: it took up none (RFC 9113 section 6.8).
    [[nodiscard]] bool has_accepted() const noexcept override
    {
        return answers_ != 0 || (farewell_ && farewell_->last_stream > 0);
    }
    [[nodiscard]] std::optional<time_point> silent_since() const noexcept override
    {
        return may_stall_ == 0 ? std::nullopt : std::optional(heartbeat_.quiet_since());
    }

    [[nodiscard]] time_point deadline() const noexcept override;
    [[nodiscard]] std::optional<overdue> tick(time_point now) override;

private:
    struct events; // nghttp2's callbacks
    struct close_session {
        void operator()(nghttp2_session* which) const noexcept;
    };

    // Resets of reads that nobody waits for, in tenths: to servers many at once look like an attack (CVE-2023-44487).
    static constexpr std::size_t one_reset = 10;
    static constexpr std::size_t most_resets = 10 * one_reset;

    // What the peer's last GOAWAY said.
    struct farewell {
        std::int32_t last_stream;
        std::string words; // why, for people
        bool error;
    };

    void abandoned(slot& who, time_point now) override;

    // Whether nghttp2 may still be given bytes and asked for some.
    [[nodiscard]] bool usable() const noexcept { return !interrupted_ && !over_ && !failure_; }
    [[nodiscard]] static stream* of(const slot& who) noexcept { return static_cast<stream*>(stream_of(who)); }
    [[nodiscard]] bool submit(slot& who, time_point now);
    void pump(detail::secret_bytes& out);
    void feed(std::string_view bytes);
    [[nodiscard]] bool admit(const frame_head& next);

    // These note what became of a stream. It stays among the written until its step is given.
    void finish(stream& which) noexcept;
    void lose(stream& which, fate how, error why);
    void lose_or_break(stream& which, error why); // an answer if it has the status of a refusal
    void stop_stalling(stream& which) noexcept;
    // Ignores whatever still comes on the stream, and tells the peer so by a reset.
    void reset(stream& which) noexcept;
    void note_reset(std::int32_t id) noexcept;
    [[nodiscard]] bool was_reset(std::int32_t id) const noexcept;

    [[nodiscard]] step next_step(std::size_t consumed);
    [[nodiscard]] step leave(const char* why, std::size_t consumed);
    step give(std::size_t consumed);
    void release_given() noexcept;
    void let_go(stream& which) noexcept;

    // Counts the streams whose answers are late.
    void find_late(time_point now);
    [[nodiscard]] time_point late_at(const stream& which) const noexcept;

    conversation_limits limits_;
    nghttp2_memory memory_; // outlives the session
    std::unique_ptr<nghttp2_session, close_session> session_;
    frame_watch watch_;
    heartbeat heartbeat_;
    stream_pool streams_;

    stream_list finished_; // their steps are to be given
    stream* given_ = nullptr;
    stream* current_ = nullptr;   // the one that events::find found last
    detail::secret_bytes unsent_; // replies to the peer's frames, until the next write

    std::size_t open_ = 0;           // open streams, as nghttp2 counts them
    std::size_t peer_streams_ = 100; // how many the peer allows: 100 until it says
    std::size_t may_stall_ = 0;      // written streams whose silence says something
    std::size_t late_ = 0;
    std::size_t resets_ = most_resets;    // how many we may send, in tenths
    std::vector<std::int32_t> reset_ids_; // the latest that were reset, as a ring
    std::size_t next_reset_id_ = 0;
    std::size_t under_way_ = 0; // bytes that may still come on streams that we reset

    std::optional<error> failure_;
    std::optional<farewell> farewell_;
    time_point now_{};                         // the latest that was passed in
    time_point next_late_ = time_point::max(); // no stream is late before this
    bool over_ = false;                        // the slots have been taken out
    bool interrupted_ = false;                 // memory ran out in the middle of something
};

} // namespace venice_keys::wire
