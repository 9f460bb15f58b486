// Memory for one handler, taken before the handler is moved anywhere: where there is none, the handler is still there.
#pragma once

#include <venice_keys/detail/handler_allocator.hpp>

#include <cstddef>
#include <new>
#include <optional>

namespace venice_keys::detail {

// For one handler, whose allocator it goes to: the block is given back when the handler is.
struct prepared_block {
    void* where;
    std::size_t bytes;

    // Empty: there is no memory.
    [[nodiscard]] static std::optional<prepared_block> of(std::size_t bytes) noexcept
    {
        try {
            return prepared_block{allocate_handler(bytes), bytes};
        } catch (const std::bad_alloc&) {
            return std::nullopt;
        }
    }
};

// Gives the block for what is allocated, which is one object, once. What does not fit in it comes from elsewhere.
template <class T>
class prepared_allocator {
public:
    using value_type = T;

    explicit prepared_allocator(const prepared_block& from) noexcept : from_(from) {}
    template <class U>
    prepared_allocator(const prepared_allocator<U>& other) noexcept : from_(other.from())
    {
    }

    [[nodiscard]] T* allocate(std::size_t count)
    {
        if (fits(count))
            return static_cast<T*>(from_.where);
        deallocate_handler(from_.where, from_.bytes);
        return handler_allocator<T>().allocate(count);
    }
    void deallocate(T* where, std::size_t count) noexcept
    {
        if (fits(count))
            deallocate_handler(from_.where, from_.bytes);
        else
            handler_allocator<T>().deallocate(where, count);
    }

    [[nodiscard]] const prepared_block& from() const noexcept { return from_; }
    template <class U>
    bool operator==(const prepared_allocator<U>& other) const noexcept
    {
        return from_.where == other.from().where;
    }

private:
    [[nodiscard]] bool fits(std::size_t count) const noexcept
    {
        return count * sizeof(T) <= from_.bytes && alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__;
    }

    prepared_block from_;
};

} // namespace venice_keys::detail
