// What an operation reports to the client that it belongs to: an interface, so that an operation needs no client.
#pragma once

namespace venice_keys::detail {

class operation;

class operation_host {
public:
    // The pool does not refer to the call any more. The call has its result by now: from this answer or failure, or
    // from before, when it was cancelled or ran out of time.
    virtual void left_pool(operation& call) noexcept = 0;

protected:
    ~operation_host() = default;
};

} // namespace venice_keys::detail
