#include "net/prepared_memory.hpp"

#include "support/printing.hpp"

BOOST_AUTO_TEST_SUITE(unit_net_prepared_memory)

using namespace venice_keys::detail;

BOOST_AUTO_TEST_CASE(a_handler_gets_the_block_that_was_taken_for_it_or_one_that_it_fits_in)
{
    for (const std::size_t wanted : {std::size_t{40}, std::size_t{128}, std::size_t{1'000}}) {
        const auto block = prepared_block::of(128);
        BOOST_TEST_REQUIRE(block.has_value());
        allocator_from<char, prepared_block> memory(*block);
        char* const taken = memory.allocate(wanted);
        BOOST_TEST((static_cast<void*>(taken) == block->where) == (wanted <= 128U));
        taken[wanted - 1] = 'x'; // a tool that watches the memory sees whether it is ours
        memory.deallocate(taken, wanted);
    }
}

BOOST_AUTO_TEST_CASE(the_reserve_is_one_block_that_is_used_again)
{
    const turn_reserve reserve;
    allocator_from<int, turn_reserve> memory(reserve);
    allocator_from<char, turn_reserve> copy(memory);
    BOOST_TEST((memory == copy));
    int* const first = memory.allocate(10);
    char* const second = copy.allocate(10);
    BOOST_TEST(static_cast<void*>(first) != static_cast<void*>(second));
    copy.deallocate(second, 10);
    memory.deallocate(first, 10);
    char* const again = copy.allocate(100);
    BOOST_TEST(static_cast<void*>(again) == static_cast<void*>(first));
    char* const large = copy.allocate(1'000);
    large[999] = 'x';
    copy.deallocate(large, 1'000);
    copy.deallocate(again, 100);
}

BOOST_AUTO_TEST_SUITE_END()
