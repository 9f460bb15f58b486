// Replaces operator new and delete in a program that watches its memory.
#include "support/operator_new.hpp"

#include <cstdlib>
#include <new>

// They are not inline: g++ 12 would take malloc and free inside of new and delete for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size)
{
    test::about_to_allocate();
    void* const block = std::malloc(size == 0 ? 1 : size);
    if (block == nullptr)
        throw std::bad_alloc{};
    test::allocated(block);
    return block;
}
[[gnu::noinline]] void* operator new[](std::size_t size)
{
    return operator new(size);
}
[[gnu::noinline]] void operator delete(void* block) noexcept
{
    test::about_to_free(block);
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
