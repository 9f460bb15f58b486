#include "net/known_executor.hpp"

#include "net/prepared_memory.hpp"
#include "support/printing.hpp"

#include <boost/asio/strand.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>

BOOST_AUTO_TEST_SUITE(unit_net_known_executor)

namespace asio = boost::asio;
using namespace venice_keys::detail;

namespace {

std::string_view known_as(const asio::any_io_executor& executor)
{
    return with_known(executor, []<class Executor>(const Executor&) -> std::string_view {
        if constexpr (std::same_as<Executor, asio::io_context::executor_type>)
            return "io_context";
        else if constexpr (std::same_as<Executor, asio::thread_pool::executor_type>)
            return "thread_pool";
        else
            return "unknown";
    });
}

} // namespace

BOOST_AUTO_TEST_CASE(the_executors_of_an_io_context_and_of_a_thread_pool_are_known)
{
    asio::io_context io;
    asio::thread_pool threads(1);
    BOOST_TEST(known_as(io.get_executor()) == "io_context");
    BOOST_TEST(known_as(threads.get_executor()) == "thread_pool");
    BOOST_TEST(known_as(asio::make_strand(io)) == "unknown");
}

BOOST_AUTO_TEST_CASE(a_function_that_is_posted_to_a_known_executor_lies_in_the_memory_that_is_given)
{
    asio::io_context io;
    const turn_reserve reserve;
    allocator_from<char, turn_reserve> memory(reserve);
    char* const block = memory.allocate(1);
    memory.deallocate(block, 1);
    bool taken = false;
    bool free_again = false;
    const allocator_from<void, turn_reserve> for_it(reserve);
    post_to(
        io.get_executor(),
        [&] {
            char* const now = memory.allocate(1);
            free_again = now == block;
            memory.deallocate(now, 1);
        },
        for_it);
    char* const meanwhile = memory.allocate(1);
    taken = meanwhile != block;
    memory.deallocate(meanwhile, 1);
    io.run();
    BOOST_TEST(taken);
    BOOST_TEST(free_again);
}

BOOST_AUTO_TEST_SUITE_END()
