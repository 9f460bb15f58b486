// A mutex that does nothing in a client that only one thread uses (config::threading).
#pragma once

#include <mutex>

namespace venice_keys::detail {

class maybe_mutex {
public:
    explicit maybe_mutex(bool needed) noexcept : needed_(needed) {}

    void lock()
    {
        if (needed_)
            mutex_.lock();
    }
    void unlock() noexcept
    {
        if (needed_)
            mutex_.unlock();
    }

private:
    const bool needed_;
    std::mutex mutex_;
};

} // namespace venice_keys::detail
