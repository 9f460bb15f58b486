// How often the program has asked for memory: every call of malloc, calloc, realloc, aligned_alloc, posix_memalign and
// memalign counts, whoever makes it. With glibc only.
#pragma once

#include <cstdint>

namespace bench {

// False where calls can't be counted.
[[nodiscard]] bool counts_allocations() noexcept;

// Since the program began, on all threads.
[[nodiscard]] std::uint64_t allocations() noexcept;

// Calls of its thread don't count while one lives.
class uncounted {
public:
    uncounted() noexcept;
    uncounted(const uncounted&) = delete;
    uncounted& operator=(const uncounted&) = delete;
    ~uncounted();
};

} // namespace bench
