// The memory of one nghttp2 session: what it frees is cleansed, for tokens and bodies pass through it, and is used
// again for what it asks for next, so that nothing is taken from the system once a connection has been at work for a
// while.
#pragma once

#include <array>
#include <cstddef>

namespace venice_keys::wire {

// One thread at a time. Never throws: without memory it gives null.
class nghttp2_memory {
public:
    nghttp2_memory() = default;
    nghttp2_memory(const nghttp2_memory&) = delete;
    nghttp2_memory& operator=(const nghttp2_memory&) = delete;
    // Everything must have been released.
    ~nghttp2_memory();

    // As malloc, free, calloc and realloc.
    [[nodiscard]] void* allocate(std::size_t size) noexcept;
    void release(void* block) noexcept;
    [[nodiscard]] void* allocate_zeros(std::size_t count, std::size_t size) noexcept;
    [[nodiscard]] void* resize(void* block, std::size_t size) noexcept;

private:
    struct alignas(std::max_align_t) header {
        std::size_t size; // asked for
        std::size_t kind; // of free_, or past its end
        header* next;     // while it is free
    };

    // Blocks of 64 bytes to 32 KiB, each kind twice as large as the one before. The buffer of a frame, of 16 KiB and a
    // little more, is among them.
    static constexpr std::size_t smallest = 64;
    static constexpr std::size_t kinds = 10;

    [[nodiscard]] static std::size_t kind_for(std::size_t size) noexcept;

    std::array<header*, kinds> free_{};
};

} // namespace venice_keys::wire
