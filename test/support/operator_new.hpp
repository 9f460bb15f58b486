// Functions of a program that links test_operator_new, or test_aligned_alloc for the second: the program defines them.
#pragma once

namespace test {

// Called before each allocation. If it throws, which must be std::bad_alloc, the allocation throws that.
void about_to_allocate();
// The same for aligned_alloc, with which Asio allocates its own memory.
void about_to_allocate_aligned();
// Called after each allocation, but not for what aligned_alloc gave.
void allocated(void* block) noexcept;
// Called before each block is freed, and for null too.
void about_to_free(void* block) noexcept;

} // namespace test
