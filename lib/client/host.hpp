// What an operation needs of the client that it belongs to.
#pragma once

#include "client/handover.hpp"
#include "codec/decode_update.hpp"
#include "model/endpoint.hpp"

#include <venice_keys/config.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_io_executor.hpp>

#include <mutex>
#include <string>
#include <utility>

namespace venice_keys::detail {

class operation;

class operation_host {
public:
    operation_host(const operation_host&) = delete;
    operation_host& operator=(const operation_host&) = delete;

    [[nodiscard]] const config& settings() const noexcept { return settings_; }
    [[nodiscard]] const endpoint& server() const noexcept { return server_; }
    // Within turns alone.
    [[nodiscard]] codec::update_decoder& decoder() noexcept { return decoder_; }

    // The operation has its result: it is delivered at the end of the turn.
    virtual void complete(operation& call) = 0;
    // The pool has no hold on it any more.
    virtual void release(operation& call) = 0;

    // Guards what callers' threads and turns share; no lock with threading::single.
    [[nodiscard]] std::unique_lock<std::mutex> lock()
    {
        return settings_.threading == threading::single ? std::unique_lock<std::mutex>{} : std::unique_lock(mutex_);
    }

    // A turn on a strand keeps other threads from taking theirs, so the caller's code runs outside of it, in parallel.
    // A single-threaded client saves that hop.
    template <class T>
    void hand_over(handover<T>&& to, result<T>&& with)
    {
        if (settings_.threading == threading::single || !to.try_complete_later(user_executor_, std::move(with)))
            to.complete(std::move(with)); // also for want of memory: this is on the same executor
    }

protected:
    // `settings` are valid.
    operation_host(boost::asio::any_io_executor user_executor, config settings, endpoint server)
        : settings_(std::move(settings)),
          server_(std::move(server)),
          user_executor_(std::move(user_executor)),
          home_(user_executor_),
          decoder_(settings_.max_json_depth)
    {
    }
    ~operation_host() = default;

    [[nodiscard]] const boost::asio::any_io_executor& user_executor() const noexcept { return user_executor_; }
    // The same, for handovers.
    [[nodiscard]] const boost::asio::any_completion_executor& home() const noexcept { return home_; }

private:
    config settings_;
    endpoint server_;
    boost::asio::any_io_executor user_executor_;
    boost::asio::any_completion_executor home_;
    codec::update_decoder decoder_;
    std::mutex mutex_;
};

} // namespace venice_keys::detail
