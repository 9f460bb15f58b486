// One request's place in a pipeline. The layers above derive from it, so that a call needs no second allocation.
#pragma once

#include "wire/request_head.hpp"

#include <boost/intrusive/list.hpp>

#include <cstdint>
#include <string_view>

namespace venice_keys::wire {

class slot : public boost::intrusive::list_base_hook<> {
public:
    // A slot that a pipeline gave back (answered, or taken when the connection was lost) keeps its state until reset().
    enum class state : std::uint8_t {
        waiting,   // in no pipeline
        staged,    // in a pipeline, not handed to a write: can be withdrawn
        written,   // handed to a socket write: owed an answer
        abandoned, // written, and nobody wants the answer: it stays to swallow it
    };

    slot(const slot&) = delete;
    slot& operator=(const slot&) = delete;

    [[nodiscard]] state where() const noexcept { return state_; }
    // After a pipeline gave it back: ready to be staged again.
    void reset() noexcept { state_ = state::waiting; }

protected:
    slot() = default;
    ~slot() = default;

    // What to send. Must stay as it is until the slot is out of the pipeline.
    void request(const request_head& head, std::string_view body) noexcept
    {
        head_ = &head;
        body_ = body;
    }

private:
    friend class pipeline;

    const request_head* head_ = nullptr;
    std::string_view body_;
    state state_ = state::waiting;
};

using slot_list = boost::intrusive::list<slot>;

} // namespace venice_keys::wire
