// What a program is told that links test_operator_new, or test_aligned_alloc for the second: it defines them.
#pragma once

namespace test {

// Before each allocation. What it throws, which must be std::bad_alloc, the allocation throws.
void about_to_allocate();
// The same for aligned_alloc, with which Asio takes its own memory.
void about_to_allocate_aligned();
// Not for what aligned_alloc gave.
void allocated(void* block) noexcept;
// Null too.
void about_to_free(void* block) noexcept;

} // namespace test
