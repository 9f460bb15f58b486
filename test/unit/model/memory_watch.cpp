#include "unit/model/memory_watch.hpp"

#include <malloc.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

std::atomic<bool> watching = false;
std::atomic<int> leaks = 0;

void look_into(void* block) noexcept
{
    if (block == nullptr || !watching)
        return;
    const std::string_view bytes(static_cast<const char*>(block), malloc_usable_size(block));
    if (bytes.find(memory_watch::token) != std::string_view::npos)
        ++leaks;
}

} // namespace

// Not inline: g++ 12 would take malloc and free inside new and delete for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size)
{
    if (void* const block = std::malloc(size == 0 ? 1 : size))
        return block;
    throw std::bad_alloc{};
}
[[gnu::noinline]] void* operator new[](std::size_t size)
{
    return operator new(size);
}
[[gnu::noinline]] void operator delete(void* block) noexcept
{
    look_into(block);
    std::free(block);
}
[[gnu::noinline]] void operator delete(void* block, std::size_t /*size*/) noexcept
{
    operator delete(block);
}
[[gnu::noinline]] void operator delete[](void* block) noexcept
{
    operator delete(block);
}
[[gnu::noinline]] void operator delete[](void* block, std::size_t /*size*/) noexcept
{
    operator delete(block);
}

namespace memory_watch {

watch::watch()
{
    leaks = 0;
    watching = true;
}

watch::~watch()
{
    watching = false;
}

int watch::leaked() const
{
    return leaks;
}

} // namespace memory_watch
