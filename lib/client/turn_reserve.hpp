// Memory for a turn that must come although there is none: one block, taken when the client is made. It outlives the
// client for as long as an executor keeps what was posted in it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace venice_keys::detail {

class turn_reserve {
public:
    template <class T>
    class allocator {
    public:
        using value_type = T;

        explicit allocator(std::shared_ptr<turn_reserve> from) noexcept : from_(std::move(from)) {}
        template <class U>
        allocator(const allocator<U>& other) noexcept : from_(other.from_)
        {
        }

        [[nodiscard]] T* allocate(std::size_t count)
        {
            static_assert(alignof(T) <= alignof(std::max_align_t));
            if (count * sizeof(T) <= size && !from_->taken_.exchange(true))
                return static_cast<T*>(static_cast<void*>(from_->block_.data()));
            return static_cast<T*>(::operator new(count * sizeof(T)));
        }
        void deallocate(T* where, std::size_t /*count*/) noexcept
        {
            if (static_cast<void*>(where) == from_->block_.data())
                from_->taken_ = false;
            else
                ::operator delete(where);
        }

        template <class U>
        bool operator==(const allocator<U>& other) const noexcept
        {
            return from_ == other.from_;
        }

    private:
        template <class>
        friend class allocator;

        std::shared_ptr<turn_reserve> from_;
    };

private:
    static constexpr std::size_t size = 256; // a handler that holds two pointers is much smaller

    alignas(std::max_align_t) std::array<std::byte, size> block_{};
    std::atomic<bool> taken_ = false;
};

} // namespace venice_keys::detail
