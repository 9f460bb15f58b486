#include "wire/nghttp2_memory.hpp"

#include <venice_keys/secret.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <new>

namespace venice_keys::wire {

nghttp2_memory::~nghttp2_memory()
{
    for (header* each = all_; each != nullptr;) {
        header* const next = each->next;
        cleanse(each + 1, each->size);
        ::operator delete(each);
        each = next;
    }
}

std::size_t nghttp2_memory::kind_for(std::size_t size) noexcept
{
    const std::size_t units = (std::max(size, smallest) - 1) / smallest;
    return static_cast<std::size_t>(std::bit_width(units));
}

void* nghttp2_memory::allocate(std::size_t size) noexcept
{
    const std::size_t kind = kind_for(size);
    if (kind >= kinds)
        return nullptr;
    header* found = free_[kind];
    if (found != nullptr) {
        free_[kind] = found->next_free;
    } else {
        void* const taken = ::operator new(sizeof(header) + (smallest << kind), std::nothrow);
        if (taken == nullptr)
            return nullptr;
        found = ::new (taken) header{0, kind, nullptr, all_};
        all_ = found;
    }
    found->size = std::max<std::size_t>(size, 1);
    return found + 1;
}

void nghttp2_memory::release(void* block) noexcept
{
    if (block == nullptr)
        return;
    header* const whole = static_cast<header*>(block) - 1;
    cleanse(block, whole->size);
    whole->size = 0;
    whole->next_free = free_[whole->kind];
    free_[whole->kind] = whole;
}

void* nghttp2_memory::allocate_zeros(std::size_t count, std::size_t size) noexcept
{
    if (size != 0 && count > std::numeric_limits<std::size_t>::max() / size)
        return nullptr;
    void* const block = allocate(count * size);
    if (block != nullptr)
        std::memset(block, 0, count * size);
    return block;
}

void* nghttp2_memory::resize(void* block, std::size_t size) noexcept
{
    if (block == nullptr)
        return allocate(size);
    header* const whole = static_cast<header*>(block) - 1;
    if (size > whole->size && kind_for(size) == whole->kind) {
        whole->size = size;
        return block;
    }
    void* const other = allocate(size);
    if (other == nullptr)
        return nullptr;
    std::memcpy(other, block, std::min(size, whole->size));
    release(block);
    return other;
}

} // namespace venice_keys::wire
