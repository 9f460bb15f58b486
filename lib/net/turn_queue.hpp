// Runs turns one after the other on an executor that has several threads. asio::strand does this too, but allocates
// when it is given a function, and once more to have it run; if the second allocation fails, nothing that is given to
// it later ever runs. Here whoever waits brings its memory along, and the memory to have it run is set aside.
#pragma once

#include "net/prepared_memory.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <mutex>
#include <utility>

namespace venice_keys::net {

class turn_queue : public std::enable_shared_from_this<turn_queue> {
public:
    // A turn that waits. It owns itself.
    class item {
    public:
        item() = default;
        item(const item&) = delete;
        item& operator=(const item&) = delete;
        // Frees the item, and after that does the turn if `run` is true. Throws what the turn throws.
        virtual void end(bool run) = 0;

    protected:
        ~item() = default;

    private:
        friend class turn_queue;
        item* next_ = nullptr;
    };

    explicit turn_queue(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
    turn_queue(const turn_queue&) = delete;
    turn_queue& operator=(const turn_queue&) = delete;
    ~turn_queue() { let_go(); }

    // The turn is done later, and not inside of this call. May be called on any thread. Throws std::bad_alloc if the
    // executor is not that of an io_context or a thread_pool and lacks memory; then the item is still the caller's.
    void post(item& which);
    // The turn is done inside of this call, or later if another one is under way or waits. To be called on the
    // executor, by someone who keeps this object alive meanwhile. Throws what the turn throws.
    void run(item& which);
    // The executor's context has ended: frees what waits, and from now on everything that comes.
    void let_go() noexcept;

private:
    struct round;

    void push(item& which) noexcept;
    [[nodiscard]] item* take_all() noexcept;
    void post_rounds();
    void do_rounds();
    [[nodiscard]] bool end_round(item* rest) noexcept;

    const boost::asio::any_io_executor executor_;
    const detail::turn_reserve reserve_; // for the one round that may be posted
    std::mutex guard_;                   // guards what follows
    bool busy_ = false;                  // a round is under way, or posted
    bool ended_ = false;                 // the context
    item* first_ = nullptr;
    item* last_ = nullptr; // of those behind first_; not used when there is none
};

} // namespace venice_keys::net
