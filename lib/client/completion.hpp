// How a handler gets its result: on its own executor, with its cancellation slot cleared first.
#pragma once

#include "net/known_executor.hpp"
#include "net/prepared_memory.hpp"

#include <venice_keys/detail/erase.hpp>
#include <venice_keys/result.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <concepts>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace venice_keys::detail {

template <class T>
class completion {
public:
    using handler_type = handler_of<T>;
    using executor_type = boost::asio::any_completion_executor;

    completion() = default;

    // `home`: where the handler is called if it has no executor of its own. If it has one, that executor's context is
    // kept at work until the result is handed over.
    completion(handler_type handler, const executor_type& home) : handler_(std::move(handler))
    {
        auto executor = boost::asio::get_associated_executor(handler_, home);
        if (executor != home)
            elsewhere_ = std::make_unique<executor_type>(
                boost::asio::prefer(std::move(executor), boost::asio::execution::outstanding_work.tracked));
    }

    completion(completion&&) noexcept = default;
    completion& operator=(completion&& other) noexcept
    {
        handler_type taken(std::move(other.handler_));
        handler_.swap(taken); // in Boost 1.81, move assignment calls itself without end
        elsewhere_ = std::move(other.elsewhere_);
        return *this;
    }

    [[nodiscard]] auto cancellation_slot() const noexcept
    {
        return boost::asio::get_associated_cancellation_slot(handler_);
    }

    // Calls the handler, inside of this call if its executor allows that, and leaves this object empty. Only to be used
    // at home, and when the caller's state is consistent.
    void complete(result<T>&& with)
    {
        if (!elsewhere_)
            return call(std::move(handler_), std::move(with));
        const auto executor = std::move(elsewhere_);
        boost::asio::dispatch(*executor, [handler = std::move(handler_), with = std::move(with)]() mutable {
            call(std::move(handler), std::move(with));
        });
    }

    // Posts a call of complete() to `home`, whatever the handler's executor is. (A post to the handler's own does not
    // compile in Boost 1.81.) Returns false if there is no memory; then nothing has been moved. If the type of `home`
    // is not known, std::bad_alloc is thrown instead, and the handler is lost.
    [[nodiscard]] bool try_complete_later(const boost::asio::any_io_executor& home, result<T>&& with)
    {
        auto later = [this, &with] {
            return [to = std::move(*this), with = std::move(with)]() mutable {
                to.complete(std::move(with));
            };
        };
        return with_known(home, [&later](const auto& executor) {
            if constexpr (std::same_as<std::remove_cvref_t<decltype(executor)>, boost::asio::any_io_executor>) {
                post_to(executor, later());
            } else {
                const auto memory = prepared_block::of(sizeof(later()) + 128);
                if (!memory)
                    return false;
                boost::asio::post(executor,
                                  boost::asio::bind_allocator(allocator_from<void, prepared_block>(*memory), later()));
            }
            return true;
        });
    }

    // The same, but throws std::bad_alloc instead of returning false.
    void complete_later(const boost::asio::any_io_executor& home, result<T>&& with)
    {
        if (!try_complete_later(home, std::move(with)))
            throw std::bad_alloc();
    }

private:
    // To be called on the handler's executor, which owns the slot. What is in it must not outlive the operation.
    static void call(handler_type&& handler, result<T>&& with)
    {
        if (auto slot = boost::asio::get_associated_cancellation_slot(handler); slot.is_connected())
            slot.clear();
        std::move(handler)(std::move(with));
    }

    handler_type handler_;
    std::unique_ptr<executor_type> elsewhere_; // null when the handler is called at home
};

} // namespace venice_keys::detail
