// How often the program has asked for memory, and for whom: every call of malloc, calloc, realloc, aligned_alloc,
// posix_memalign and memalign counts. With glibc only.
#pragma once

#include <cstdint>

namespace bench {

enum class owner : std::uint8_t {
    library, // whoever has not said otherwise
    caller,  // within a made_for of its thread
    openssl, // made inside of it, after count_openssl_apart()
};

// False where calls can't be counted.
[[nodiscard]] bool counts_allocations() noexcept;

// To be called before OpenSSL is used.
void count_openssl_apart();

// Since the program began, on all threads.
[[nodiscard]] std::uint64_t allocations(owner whose) noexcept;
// The same, on this thread.
[[nodiscard]] std::uint64_t allocations_here(owner whose) noexcept;

// What its thread allocates while it lives is counted for that one.
class made_for {
public:
    explicit made_for(owner whose) noexcept;
    made_for(const made_for&) = delete;
    made_for& operator=(const made_for&) = delete;
    ~made_for();

private:
    owner before_;
};

} // namespace bench
