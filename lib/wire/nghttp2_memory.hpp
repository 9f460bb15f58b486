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
    // Also gives back what was not released.
    ~nghttp2_memory();

    // As malloc, free, calloc and realloc.
    [[nodiscard]] void* allocate(std::size_t size) noexcept;
    void release(void* block) noexcept;
    [[nodiscard]] void* allocate_zeros(std::size_t count, std::size_t size) noexcept;
    [[nodiscard]] void* resize(void* block, std::size_t size) noexcept;

private:
    struct alignas(std::max_align_t) header {
        std::size_t size; // asked for; none while it is free
        std::size_t kind;
        header* next_free;
        header* next; // of all
    };

    // Blocks of 64 bytes to 1 MiB, each kind twice as large as the one before. nghttp2 asks for nothing larger: the
    // buffer of a frame takes 16 KiB and a little more, and no field may have more than 64 KiB.
    static constexpr std::size_t smallest = 64;
    static constexpr std::size_t kinds = 15;

    [[nodiscard]] static std::size_t kind_for(std::size_t size) noexcept;

    std::array<header*, kinds> free_{};
    header* all_ = nullptr;
};

} // namespace venice_keys::wire
