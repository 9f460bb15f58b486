// One request in a conversation. The layers above derive from it, so that a call needs no second allocation.
#pragma once

#include "wire/request_head.hpp"

#include <boost/intrusive/list.hpp>

#include <cstdint>

namespace venice_keys::wire {

class slot : public boost::intrusive::list_base_hook<> {
public:
    // A slot that a conversation gave back (answered, or taken when the connection was lost) keeps its state until
    // reset().
    enum class state : std::uint8_t {
        waiting,   // in no conversation
        staged,    // in a conversation, not handed to a write: can be withdrawn
        written,   // handed to a socket write: owed an answer
        abandoned, // written, but nobody wants the answer: the slot stays to swallow it
    };

    slot(const slot&) = delete;
    slot& operator=(const slot&) = delete;

    [[nodiscard]] state where() const noexcept { return state_; }
    // Makes a slot that a conversation gave back ready to be staged again.
    void reset() noexcept { state_ = state::waiting; }

protected:
    slot() = default;
    ~slot() = default;

    // Sets what to send. All of it must stay where it is until the slot has left the conversation; the content of
    // `head` is read when the request is written. `stall_exempt`: the server may take as long as the caller waits, so
    // that silence says nothing about the connection.
    void request(const request_head& head, const request_line& what, bool stall_exempt = false) noexcept
    {
        head_ = &head;
        line_ = what;
        stall_exempt_ = stall_exempt;
    }

private:
    friend class conversation;

    const request_head* head_ = nullptr;
    request_line line_;
    void* stream_ = nullptr; // belongs to the conversation that the slot is in
    state state_ = state::waiting;
    bool stall_exempt_ = false;
};

using slot_list = boost::intrusive::list<slot>;

} // namespace venice_keys::wire
