// Memory for posted functions. It is taken before anything is moved into it, so that nothing is lost if there is none.
#pragma once

#include <venice_keys/detail/handler_allocator.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <utility>

namespace venice_keys::detail {

// An allocator that takes its memory from a `Source`.
template <class T, class Source>
class allocator_from {
public:
    using value_type = T;

    explicit allocator_from(Source from) noexcept : from_(std::move(from)) {}
    template <class U>
    allocator_from(const allocator_from<U, Source>& other) noexcept : from_(other.from())
    {
    }

    [[nodiscard]] T* allocate(std::size_t count)
    {
        static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
        return static_cast<T*>(from_.take(count * sizeof(T)));
    }
    void deallocate(T* where, std::size_t count) noexcept { from_.give_back(where, count * sizeof(T)); }

    [[nodiscard]] const Source& from() const noexcept { return from_; }
    template <class U>
    bool operator==(const allocator_from<U, Source>& other) const noexcept
    {
        return from_ == other.from();
    }

private:
    Source from_;
};

// A block for one handler, whose allocator takes it and gives it back.
struct prepared_block {
    void* where;
    std::size_t bytes;

    // Returns nothing if there is no memory.
    [[nodiscard]] static std::optional<prepared_block> of(std::size_t bytes) noexcept
    {
        try {
            return prepared_block{allocate_handler(bytes), bytes};
        } catch (const std::bad_alloc&) {
            return std::nullopt;
        }
    }

    // Hands the block out, once. A handler that does not fit into it gets another one.
    [[nodiscard]] void* take(std::size_t wanted) const
    {
        if (wanted <= bytes)
            return where;
        deallocate_handler(where, bytes);
        return allocate_handler(wanted);
    }
    void give_back(void* taken, std::size_t wanted) const noexcept
    {
        deallocate_handler(taken, std::max(wanted, bytes));
    }
    bool operator==(const prepared_block&) const = default;
};

// One block, used again and again, for a turn that must come although there is no memory. It outlives the client for as
// long as an executor keeps what was posted in it.
class turn_reserve {
public:
    [[nodiscard]] void* take(std::size_t wanted) const
    {
        return wanted <= size && !block_->taken.exchange(true) ? block_->bytes.data() : ::operator new(wanted);
    }
    void give_back(void* taken, std::size_t /*wanted*/) const noexcept
    {
        if (taken == block_->bytes.data())
            block_->taken = false;
        else
            ::operator delete(taken);
    }
    bool operator==(const turn_reserve&) const = default;

private:
    static constexpr std::size_t size = 256; // a handler that holds two pointers is much smaller

    struct block {
        alignas(std::max_align_t) std::array<std::byte, size> bytes{};
        std::atomic<bool> taken = false;
    };

    std::shared_ptr<block> block_ = std::make_shared<block>();
};

} // namespace venice_keys::detail
