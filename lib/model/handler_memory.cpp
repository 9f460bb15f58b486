#include <venice_keys/detail/handler_allocator.hpp>

#include <array>
#include <utility>

namespace venice_keys::detail {

namespace {

constexpr std::size_t size_step = 64;  // sizes are rounded up to its multiples
constexpr std::size_t sizes = 8;       // the seventh is that of an update's result on its way to another turn
constexpr std::size_t most_kept = 128; // blocks of one size

struct block {
    block* next;
};

// It has no destructor, so that a handler may die after everything else of its thread.
struct kept_blocks {
    std::array<block*, sizes> first{};
    std::array<std::size_t, sizes> count{};
    bool thread_ends = false;
};

constinit thread_local kept_blocks kept_here;

struct at_thread_end {
    at_thread_end() = default;
    at_thread_end(const at_thread_end&) = delete;
    at_thread_end& operator=(const at_thread_end&) = delete;
    ~at_thread_end()
    {
        kept_here.thread_ends = true;
        for (block*& each : kept_here.first)
            while (each != nullptr)
                ::operator delete(std::exchange(each, each->next));
    }
};

constexpr std::size_t size_of(std::size_t bytes) noexcept
{
    return (bytes - 1) / size_step;
}

} // namespace

void* allocate_handler(std::size_t bytes)
{
    const std::size_t size = size_of(bytes);
    if (size >= sizes)
        return ::operator new(bytes);
    block* const first = kept_here.first[size];
    if (first == nullptr)
        return ::operator new((size + 1) * size_step);
    kept_here.first[size] = first->next;
    --kept_here.count[size];
    return first;
}

void deallocate_handler(void* where, std::size_t bytes) noexcept
{
    const std::size_t size = size_of(bytes);
    if (size >= sizes || kept_here.count[size] == most_kept || kept_here.thread_ends)
        return ::operator delete(where);
    static thread_local const at_thread_end cleaner;
    kept_here.first[size] = new (where) block{kept_here.first[size]};
    ++kept_here.count[size];
}

} // namespace venice_keys::detail
