// Memory for handlers while they wait. Not for users.
#pragma once

#include <venice_keys/detail/export.hpp>

#include <cstddef>
#include <new>

namespace venice_keys::detail {

// Each thread keeps a bounded number of the blocks that it frees, for those that it asks for next.
[[nodiscard]] VENICE_KEYS_API void* allocate_handler(std::size_t bytes);
VENICE_KEYS_API void deallocate_handler(void* block, std::size_t bytes) noexcept;

template <class T>
class handler_allocator {
public:
    using value_type = T;

    handler_allocator() = default;
    template <class U>
    handler_allocator(const handler_allocator<U>& /*other*/) noexcept
    {
    }

    [[nodiscard]] T* allocate(std::size_t count)
    {
        if constexpr (over_aligned)
            return static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t(alignof(T))));
        else
            return static_cast<T*>(allocate_handler(count * sizeof(T)));
    }
    void deallocate(T* block, std::size_t count) noexcept
    {
        if constexpr (over_aligned)
            ::operator delete(block, std::align_val_t(alignof(T)));
        else
            deallocate_handler(block, count * sizeof(T));
    }

    template <class U>
    bool operator==(const handler_allocator<U>& /*other*/) const noexcept
    {
        return true;
    }

private:
    static constexpr bool over_aligned = alignof(T) > __STDCPP_DEFAULT_NEW_ALIGNMENT__;
};

// This one only says where a handler's memory comes from.
template <>
class handler_allocator<void> {
public:
    using value_type = void;

    handler_allocator() = default;
    template <class U>
    handler_allocator(const handler_allocator<U>& /*other*/) noexcept
    {
    }
    template <class U>
    bool operator==(const handler_allocator<U>& /*other*/) const noexcept
    {
        return true;
    }
};

} // namespace venice_keys::detail
