// Lets go of the handlers of every client when their execution context is destroyed, as Asio's own I/O objects do.
// Without this, a coroutine that owns its client would be owned by the client in turn, and neither would ever be
// destroyed.
#pragma once

#include <boost/asio/execution_context.hpp>
#include <boost/intrusive/list.hpp>

#include <mutex>

namespace venice_keys::detail {

class context_service;

// An object that has handlers to let go of, known to the service of one context.
class context_guest : public boost::intrusive::list_base_hook<> {
public:
    explicit context_guest(boost::asio::execution_context& context);
    context_guest(const context_guest&) = delete;
    context_guest& operator=(const context_guest&) = delete;

protected:
    ~context_guest();

private:
    friend class context_service;

    // The context is being destroyed: no handler runs any more, and nothing may be posted.
    virtual void context_ended() = 0;

    context_service* service_; // null when the context has ended
};

class context_service final : public boost::asio::execution_context::service {
public:
    using key_type = context_service;
    static boost::asio::execution_context::id id;

    explicit context_service(boost::asio::execution_context& context) : service(context) {}

private:
    friend class context_guest;

    void shutdown() override;

    std::mutex mutex_;
    boost::intrusive::list<context_guest> guests_;
};

} // namespace venice_keys::detail
