// Memory for handlers that wait: what a thread gives back, it gets again.
#include <venice_keys/detail/handler_allocator.hpp>

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <set>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_model_handler_memory)

using venice_keys::detail::allocate_handler;
using venice_keys::detail::deallocate_handler;
using venice_keys::detail::handler_allocator;

BOOST_AUTO_TEST_CASE(a_block_that_was_given_back_is_used_for_the_next_of_its_size)
{
    for (const std::size_t size : {1U, 64U, 65U, 200U, 448U, 512U}) {
        void* const first = allocate_handler(size);
        std::memset(first, 1, size);
        deallocate_handler(first, size);
        void* const second = allocate_handler(size);
        BOOST_TEST(second == first, size);
        deallocate_handler(second, size);
    }
}

BOOST_AUTO_TEST_CASE(blocks_that_are_in_use_are_distinct)
{
    std::set<void*> distinct;
    for (int i = 0; i != 300; ++i) // more than are kept
        distinct.insert(allocate_handler(100));
    BOOST_TEST(distinct.size() == 300U);
    for (void* const each : distinct)
        deallocate_handler(each, 100);
    void* const again = allocate_handler(128); // of the same kind
    BOOST_TEST(distinct.contains(again));
    deallocate_handler(again, 128);
}

BOOST_AUTO_TEST_CASE(large_ones_and_those_with_an_alignment_of_their_own_come_from_the_system)
{
    void* const large = allocate_handler(100'000);
    std::memset(large, 1, 100'000);
    deallocate_handler(large, 100'000);
    struct alignas(256) wide {
        char bytes[256];
    };
    handler_allocator<wide> memory;
    wide* const it = memory.allocate(2);
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(it) % 256 == 0U);
    memory.deallocate(it, 2);
}

BOOST_AUTO_TEST_CASE(a_block_may_be_given_back_by_another_thread)
{
    void* const here = allocate_handler(100);
    void* there = nullptr;
    std::thread([&] {
        deallocate_handler(here, 100);
        there = allocate_handler(100);
        deallocate_handler(there, 100);
    }).join();
    BOOST_TEST(there == here);
}

BOOST_AUTO_TEST_SUITE_END()
