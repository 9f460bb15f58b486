#include "counted_allocations.hpp"

#include <openssl/crypto.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <utility>

namespace {

constexpr std::size_t owners = 3;

constinit std::array<std::atomic<std::uint64_t>, owners> made{};
constinit thread_local std::array<std::uint64_t, owners> made_here{};
constinit thread_local bench::owner now_for = bench::owner::library;

} // namespace

#ifdef __GLIBC__

// The allocator itself, under the names that glibc keeps for programs that put something in front of it.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace {

void count() noexcept
{
    const auto whose = static_cast<std::size_t>(now_for);
    made[whose].fetch_add(1, std::memory_order_relaxed);
    ++made_here[whose];
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

void count_openssl_apart()
{
    CRYPTO_set_mem_functions(
        [](std::size_t size, const char*, int) -> void* {
            const made_for openssl(owner::openssl);
            return std::malloc(size);
        },
        [](void* block, std::size_t size, const char*, int) -> void* {
            const made_for openssl(owner::openssl);
            return std::realloc(block, size);
        },
        [](void* block, const char*, int) { std::free(block); });
}

std::uint64_t allocations(owner whose) noexcept
{
    return made[static_cast<std::size_t>(whose)].load(std::memory_order_relaxed);
}

std::uint64_t allocations_here(owner whose) noexcept
{
    return made_here[static_cast<std::size_t>(whose)];
}

made_for::made_for(owner whose) noexcept : before_(std::exchange(now_for, whose))
{
}

made_for::~made_for()
{
    now_for = before_;
}

} // namespace bench
