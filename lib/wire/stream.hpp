// One request on an HTTP/2 connection, and what has come of its answer.
#pragma once

#include "model/cleansed_text.hpp"

#include "wire/conversation.hpp"

#include <boost/intrusive/list.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>

namespace venice_keys::wire {

struct stream : boost::intrusive::list_base_hook<> {
    stream() = default;
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;
    ~stream() { detail::cleanse_text(answer.body); } // may hold the secret of a new key

    slot* who = nullptr; // null when the slot has left the conversation
    std::int32_t id = 0;
    reply answer;
    std::size_t sent = 0;                // bytes of the request's body
    std::size_t head_bytes = 0;          // bytes of the answer's head, as RFC 9113 section 6.5.2 counts them
    std::size_t fields = 0;              // fields of the answer's head and its trailers
    std::optional<std::uint64_t> length; // of the body, as the answer's head states it
    unsigned interim = 0;
    bool head_whole = false;
    bool unsent = false; // its head could not be framed
    bool reset_by_peer = false;
    int malformed = 0;      // nghttp2's code for what is wrong with the answer
    time_point since{};     // when it was written, or abandoned
    bool may_stall = false; // counts in multiplex::may_stall_
    bool late = false;      // counts in multiplex::late_
    std::array<char, std::numeric_limits<std::size_t>::digits10 + 1> digits{}; // the text of content-length

    // How the stream has ended.
    conversation::action outcome = conversation::action::read; // read: it has not ended
    conversation::fate how = conversation::fate::unanswered;
    error why; // why it is lost, or why the answer is broken

    [[nodiscard]] bool finished() const noexcept { return outcome != conversation::action::read; }
    // Whether the answer's status says what became of the request, whatever else comes.
    [[nodiscard]] bool refusal() const noexcept { return answer.status >= 300; }
};

using stream_list = boost::intrusive::list<stream>;

// Keeps streams, with their memory, to be used again.
class stream_pool {
public:
    [[nodiscard]] stream& take()
    {
        if (free_.empty())
            return all_.emplace_back();
        stream& found = free_.front();
        free_.pop_front();
        return found;
    }

    void give_back(stream& which) noexcept
    {
        if (which.answer.body.capacity() > most_kept) {
            detail::cleanse_text(which.answer.body);
            which.answer.body.shrink_to_fit();
        }
        if (which.outcome == conversation::action::lost || which.answer.broken != nullptr)
            which.why = error();
        which.answer.clear();
        which.who = nullptr;
        which.id = 0;
        which.sent = which.head_bytes = which.fields = 0;
        which.length.reset();
        which.interim = 0;
        which.head_whole = which.unsent = which.reset_by_peer = which.may_stall = which.late = false;
        which.malformed = 0;
        which.outcome = conversation::action::read;
        which.how = conversation::fate::unanswered;
        free_.push_front(which);
    }

private:
    // Without this limit a hundred lists of keys at a time would stay in memory as long as the connection.
    static constexpr std::size_t most_kept = 64 * 1024;

    std::deque<stream> all_;
    stream_list free_; // declared after all_, to let go of the streams first
};

} // namespace venice_keys::wire
