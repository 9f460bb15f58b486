#include "net/turn_executor.hpp"

#include "support/printing.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <new>
#include <utility>

BOOST_AUTO_TEST_SUITE(unit_net_turn_executor)

namespace {

namespace asio = boost::asio;
using venice_keys::net::turn_executor;
using venice_keys::net::turn_queue;

// Counts what it has given, and gives no more than it may.
template <class T>
struct counting_allocator {
    using value_type = T;

    explicit counting_allocator(int& in_use, bool& poor) : given(&in_use), none(&poor) {}
    template <class U>
    counting_allocator(const counting_allocator<U>& other) : given(other.given), none(other.none)
    {
    }
    T* allocate(std::size_t count)
    {
        if (*none)
            throw std::bad_alloc();
        ++*given;
        return static_cast<T*>(::operator new(count * sizeof(T)));
    }
    void deallocate(T* block, std::size_t /*count*/) noexcept
    {
        --*given;
        ::operator delete(block);
    }
    template <class U>
    bool operator==(const counting_allocator<U>& other) const
    {
        return given == other.given;
    }

    int* given;
    bool* none;
};

template <>
struct counting_allocator<void> {
    using value_type = void;
    template <class U>
    bool operator==(const counting_allocator<U>& other) const
    {
        return given == other.given;
    }
    int* given;
    bool* none;
};

turn_executor with_queue(asio::io_context& io)
{
    return {io.get_executor(), std::make_shared<turn_queue>(io.get_executor())};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_function_that_is_posted_runs_later_in_memory_that_is_free_again_by_then)
{
    asio::io_context io;
    for (const turn_executor& turns : {turn_executor(io.get_executor()), with_queue(io)}) {
        int given = 0;
        bool poor = false;
        int at_run = -1;
        turns.post([&] { at_run = given; }, counting_allocator<void>{&given, &poor});
        BOOST_TEST(given == 1);
        BOOST_TEST(at_run == -1);
        io.run();
        io.restart();
        BOOST_TEST(at_run == 0);
        poor = true;
        BOOST_CHECK_THROW(turns.post([&] { at_run = 7; }, counting_allocator<void>{&given, &poor}), std::bad_alloc);
        io.run();
        io.restart();
        BOOST_TEST(at_run == 0);
        BOOST_TEST(given == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_handler_is_called_once_and_with_a_queue_in_a_turn)
{
    asio::io_context io;
    for (const bool queued : {false, true}) {
        const turn_executor turns = queued ? with_queue(io) : turn_executor(io.get_executor());
        int got = 0;
        auto handler = turns.in_turn<int, std::unique_ptr<int>>([&](int one, std::unique_ptr<int> other) {
            turns.in_turn<>([&] { got += queued ? 0 : 1; })();
            BOOST_TEST(got == (queued ? 0 : 1)); // with a queue a turn does not begin inside of another
            got += one + *other;
        });
        auto moved = std::move(handler);
        moved(10, std::make_unique<int>(100));
        BOOST_TEST(got == (queued ? 110 : 111));
        io.run();
        io.restart();
    }
}

BOOST_AUTO_TEST_CASE(a_handler_that_is_never_called_frees_what_it_holds)
{
    asio::io_context io;
    const auto held = std::make_shared<int>(0);
    {
        const auto handler = with_queue(io).in_turn<>([held] {});
        BOOST_TEST(held.use_count() == 2L);
    }
    BOOST_TEST(held.use_count() == 1L);
}

BOOST_AUTO_TEST_SUITE_END()
