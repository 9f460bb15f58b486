// Replaces aligned_alloc, from which Asio takes memory, in a program that watches its memory.
#include "support/operator_new.hpp"

#include <dlfcn.h>

#include <cstddef>
#include <new>

extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept
{
    using function = void* (*)(std::size_t, std::size_t);
    static const auto real = reinterpret_cast<function>(dlsym(RTLD_NEXT, "aligned_alloc"));
    try {
        test::about_to_allocate_aligned();
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
    return real(alignment, size);
}
