// The memory of one nghttp2 session. What nghttp2 frees is cleansed, because tokens and bodies pass through it, and
// kept for what it asks for next, so that a connection that has been at work for a while takes nothing from the system.
#pragma once

#include <array>
#include <cstddef>

namespace venice_keys::wire {

// For one thread at a time. It never throws: when memory is lacking it returns null.
class nghttp2_memory {
public:
    nghttp2_memory() = default;
    nghttp2_memory(const nghttp2_memory&) = delete;
    nghttp2_memory& operator=(const nghttp2_memory&) = delete;
    // Also frees the blocks that were not released.
    ~nghttp2_memory();

    // These work as malloc, free, calloc and realloc do.
    [[nodiscard]] void* allocate(std::size_t size) noexcept;
    void release(void* block) noexcept;
    [[nodiscard]] void* allocate_zeros(std::size_t count, std::size_t size) noexcept;
    [[nodiscard]] void* resize(void* block, std::size_t size) noexcept;

private:
    struct alignas(std::max_align_t) header {
        std::size_t size; // as it was asked for; 0 while the block is free
        std::size_t kind;
        header* next_free;
        header* next; // of all blocks
    };

    // Blocks have 64 bytes to 1 MiB, each kind twice as many as the one before. nghttp2 asks for nothing larger: the
    // buffer of a frame takes 16 KiB and a little more, and no field may have more than 64 KiB.
    static constexpr std::size_t smallest = 64;
    static constexpr std::size_t kinds = 15;

    [[nodiscard]] static std::size_t kind_for(std::size_t size) noexcept;

    std::array<header*, kinds> free_{};
    header* all_ = nullptr;
};

} // namespace venice_keys::wire
