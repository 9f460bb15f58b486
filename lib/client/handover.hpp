// How a handler gets its result: on its own executor, with its cancellation slot cleared first.
#pragma once

#include <venice_keys/result.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <utility>

namespace venice_keys::detail {

template <class T>
class handover {
public:
    using handler_type = boost::asio::any_completion_handler<void(result<T>)>;

    handover() = default;

    // Keeps the context of the handler's executor at work until the result is handed over.
    handover(handler_type handler, const boost::asio::any_io_executor& fallback)
        : handler_(std::move(handler)),
          executor_(boost::asio::prefer(boost::asio::get_associated_executor(handler_, fallback),
                                        boost::asio::execution::outstanding_work.tracked))
    {
    }

    handover(handover&&) noexcept = default;
    handover& operator=(handover&& other) noexcept
    {
        handler_type taken(std::move(other.handler_));
        handler_.swap(taken); // in Boost 1.81 a move assignment calls itself without end
        executor_ = std::exchange(other.executor_, {});
        return *this;
    }

    [[nodiscard]] auto cancellation_slot() const noexcept
    {
        return boost::asio::get_associated_cancellation_slot(handler_);
    }

    // In this call, when the handler's executor allows that: only where the caller's state is whole. What is left
    // behind is empty.
    void complete(result<T> with)
    {
        boost::asio::any_completion_executor executor = std::exchange(executor_, {});
        boost::asio::dispatch(executor, [handler = std::move(handler_), with = std::move(with)]() mutable {
            // The slot belongs to the handler's executor; what is in it must not outlive the operation.
            if (auto slot = boost::asio::get_associated_cancellation_slot(handler); slot.is_connected())
                slot.clear();
            std::move(handler)(std::move(with));
        });
    }

    // Not in this call, whatever the handler's executor is: through `executor`. (A post to the handler's own does not
    // compile in Boost 1.81.)
    void complete_later(const boost::asio::any_io_executor& executor, result<T> with)
    {
        boost::asio::post(executor,
                          [to = std::move(*this), with = std::move(with)]() mutable { to.complete(std::move(with)); });
    }

private:
    handler_type handler_;
    boost::asio::any_completion_executor executor_;
};

} // namespace venice_keys::detail
