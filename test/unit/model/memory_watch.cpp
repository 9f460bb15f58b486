#include "unit/model/memory_watch.hpp"

#include "support/operator_new.hpp"

#include <malloc.h>

#include <atomic>
#include <cstddef>
#include <new>

namespace {

std::atomic<bool> watching = false;
std::atomic<int> leaks = 0;
thread_local bool none_left = false;

void look_into(void* block) noexcept
{
    if (block == nullptr || !watching)
        return;
    const std::string_view bytes(static_cast<const char*>(block), malloc_usable_size(block));
    if (bytes.find(memory_watch::token) != std::string_view::npos)
        ++leaks;
}

} // namespace

void test::about_to_allocate()
{
    if (none_left)
        throw std::bad_alloc{};
}
void test::allocated(void* /*block*/) noexcept
{
}
void test::about_to_free(void* block) noexcept
{
    look_into(block);
}

namespace memory_watch {

watch::watch()
{
    leaks = 0;
    watching = true;
}

watch::~watch()
{
    watching = false;
}

int watch::leaked() const
{
    return leaks;
}

no_memory::no_memory() noexcept
{
    none_left = true;
}

no_memory::~no_memory()
{
    none_left = false;
}

} // namespace memory_watch
