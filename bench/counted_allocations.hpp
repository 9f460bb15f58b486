// How often the program has asked for memory, and for whom. Every call of malloc, calloc, realloc, aligned_alloc,
// posix_memalign and memalign counts. It works with glibc only.
#pragma once

#include <cstdint>

namespace bench {

enum class owner : std::uint8_t {
    library, // all that is not said to be for another owner
    caller,  // while a made_for lives on the thread
    openssl, // made inside of OpenSSL, after count_openssl_apart()
};

// Whether calls can be counted here.
[[nodiscard]] bool counts_allocations() noexcept;

// Call this before OpenSSL is used.
void count_openssl_apart();

// How many there were since the program began, on all threads.
[[nodiscard]] std::uint64_t allocations(owner whose) noexcept;
// How many there were on this thread.
[[nodiscard]] std::uint64_t allocations_here(owner whose) noexcept;

// While it lives, what its thread allocates is counted for the given owner.
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
