#include "counted_allocations.hpp"

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>

namespace {

std::atomic<std::uint64_t> made{0};
thread_local constinit unsigned pauses = 0;

} // namespace

#ifdef __GLIBC__

// The allocator itself, under the names that glibc keeps for those who put something in front of it.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace {

void count() noexcept
{
    if (pauses == 0)
        made.fetch_add(1, std::memory_order_relaxed);
}

} // namespace

extern "C" {

void* malloc(std::size_t size)
{
    count();
    return __libc_malloc(size);
}

void* calloc(std::size_t number, std::size_t size)
{
    count();
    return __libc_calloc(number, size);
}

void* realloc(void* block, std::size_t size)
{
    count();
    return __libc_realloc(block, size);
}

void* memalign(std::size_t alignment, std::size_t size)
{
    count();
    return __libc_memalign(alignment, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size)
{
    count();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void** block, std::size_t alignment, std::size_t size)
{
    count();
    void* const got = __libc_memalign(alignment, size);
    if (got == nullptr)
        return ENOMEM;
    *block = got;
    return 0;
}

} // extern "C"

#endif

namespace bench {

bool counts_allocations() noexcept
{
#ifdef __GLIBC__
    return true;
#else
    return false;
#endif
}

std::uint64_t allocations() noexcept
{
    return made.load(std::memory_order_relaxed);
}

uncounted::uncounted() noexcept
{
    ++pauses;
}

uncounted::~uncounted()
{
    --pauses;
}

} // namespace bench
