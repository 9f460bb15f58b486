// Sees what a destroyed object left in memory: this program's operator delete looks into each block that is given back.
// It sees neither the stack nor what malloc gave. And takes memory away from what has to do without.
#pragma once

#include <string_view>

namespace memory_watch {

// What is looked for.
inline constexpr std::string_view token = "VENICE-ADMIN-KEY-2Fq7xW9LmT4cR8yB1nZs6Hd3";

// Counts the blocks that are given back during its lifetime with the token in them. One at a time.
class watch {
public:
    watch();
    watch(const watch&) = delete;
    watch& operator=(const watch&) = delete;
    ~watch();

    [[nodiscard]] int leaked() const;
};

// During its lifetime this thread gets no memory: an allocation throws std::bad_alloc.
class no_memory {
public:
    no_memory() noexcept;
    no_memory(const no_memory&) = delete;
    no_memory& operator=(const no_memory&) = delete;
    ~no_memory();
};

} // namespace memory_watch
