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
    for (header* each : free_)
        while (each != nullptr) {
            header* const next = each->next;
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
    header* found = nullptr;
    if (kind < kinds && free_[kind] != nullptr) {
        found = free_[kind];
        free_[kind] = found->next;
    } else {
        if (size > std::numeric_limits<std::size_t>::max() - sizeof(header))
            return nullptr;
        const std::size_t room = kind < kinds ? smallest << kind : size;
        void* const taken = ::operator new(sizeof(header) + room, std::nothrow);
        if (taken == nullptr)
            return nullptr;
        found = ::new (taken) header;
    }
    *found = {size, kind, nullptr};
    return found + 1;
}

void nghttp2_memory::release(void* block) noexcept
{
    if (block == nullptr)
        return;
    header* const whole = static_cast<header*>(block) - 1;
    cleanse(block, whole->size);
    if (whole->kind >= kinds)
        return ::operator delete(whole);
    whole->next = free_[whole->kind];
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
    if (size > whole->size && whole->kind < kinds && kind_for(size) == whole->kind) {
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
