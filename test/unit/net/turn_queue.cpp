#include "net/turn_queue.hpp"

#include "support/printing.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

BOOST_AUTO_TEST_SUITE(unit_net_turn_queue)

namespace {

namespace asio = boost::asio;
using venice_keys::net::turn_queue;

class turn final : public turn_queue::item {
public:
    explicit turn(std::function<void()> what) : what_(std::move(what)) {}

    void end(bool run) override
    {
        const auto what = std::move(what_);
        delete this;
        if (run)
            what();
    }

private:
    std::function<void()> what_;
};

// Takes the item back if the queue has not taken it.
void post(turn_queue& queue, std::function<void()> what)
{
    auto one = std::make_unique<turn>(std::move(what));
    queue.post(*one);
    (void)one.release();
}

void run(turn_queue& queue, std::function<void()> what)
{
    queue.run(*new turn(std::move(what)));
}

// An executor of a type that the library does not know, which lacks memory when it is told so.
template <class Executor>
class poor_executor {
public:
    poor_executor(Executor inner, bool* poor) noexcept : inner_(std::move(inner)), poor_(poor) {}

    template <class Function>
    void execute(Function&& function) const
    {
        if (*poor_)
            throw std::bad_alloc();
        inner_.execute(std::forward<Function>(function));
    }
    template <class Property>
        requires asio::can_query_v<const Executor&, Property>
    [[nodiscard]] decltype(auto) query(const Property& property) const { return asio::query(inner_, property); }
    template <class Property>
        requires asio::can_require_v<const Executor&, Property>
    [[nodiscard]] auto require(const Property& property) const { return with(asio::require(inner_, property)); }
    bool operator==(const poor_executor&) const = default;

private:
    template <class Other>
    [[nodiscard]] poor_executor<std::remove_cvref_t<Other>> with(Other&& other) const
    {
        return {std::forward<Other>(other), poor_};
    }

    Executor inner_;
    bool* poor_;
};

} // namespace

BOOST_AUTO_TEST_CASE(turns_that_are_posted_run_in_order_and_not_inside_the_call)
{
    asio::io_context io;
    const auto queue = std::make_shared<turn_queue>(io.get_executor());
    std::string seen;
    for (const char each : {'a', 'b', 'c'})
        post(*queue, [&seen, each] { seen += each; });
    BOOST_TEST(seen.empty());
    io.run();
    BOOST_TEST(seen == "abc");
}

BOOST_AUTO_TEST_CASE(on_the_executor_a_turn_runs_at_once_unless_others_are_under_way_or_wait)
{
    asio::io_context io;
    const auto queue = std::make_shared<turn_queue>(io.get_executor());
    std::string seen;
    run(*queue, [&] {
        run(*queue, [&] { seen += 'b'; });
        seen += 'a';
    });
    BOOST_TEST(seen == "a");
    run(*queue, [&] { seen += 'c'; }); // not before the one that waits
    BOOST_TEST(seen == "a");
    io.run();
    BOOST_TEST(seen == "abc");
    run(*queue, [&] { seen += 'd'; });
    BOOST_TEST(seen == "abcd");
}

BOOST_AUTO_TEST_CASE(other_work_of_the_executor_is_done_between_turns_that_post_turns)
{
    asio::io_context io;
    const auto queue = std::make_shared<turn_queue>(io.get_executor());
    std::string seen;
    post(*queue, [&] {
        post(*queue, [&] { seen += 'c'; });
        seen += 'a';
    });
    asio::post(io, [&] { seen += 'b'; });
    io.run();
    BOOST_TEST(seen == "abc");
}

BOOST_AUTO_TEST_CASE(behind_a_turn_that_throws_the_others_run)
{
    asio::io_context io;
    const auto queue = std::make_shared<turn_queue>(io.get_executor());
    std::string seen;
    post(*queue, [] { throw std::runtime_error("a handler's"); });
    post(*queue, [&] { seen += 'a'; });
    post(*queue, [&] { seen += 'b'; });
    BOOST_CHECK_THROW(io.run(), std::runtime_error);
    BOOST_TEST(seen.empty());
    post(*queue, [&] { seen += 'c'; });
    io.restart();
    io.run();
    BOOST_TEST(seen == "abc");
}

BOOST_AUTO_TEST_CASE(a_post_that_fails_changes_nothing)
{
    asio::io_context io;
    bool poor = true;
    const auto queue = std::make_shared<turn_queue>(poor_executor(io.get_executor(), &poor));
    std::string seen;
    BOOST_CHECK_THROW(post(*queue, [&] { seen += 'x'; }), std::bad_alloc);
    poor = false;
    io.restart(); // it has stopped, because it was out of work
    post(*queue, [&] { seen += 'a'; });
    io.run();
    BOOST_TEST(seen == "a");
}

BOOST_AUTO_TEST_CASE(turns_that_wait_run_even_if_the_executor_has_no_memory_to_be_told_of_them)
{
    asio::io_context io;
    bool poor = false;
    const auto queue = std::make_shared<turn_queue>(poor_executor(io.get_executor(), &poor));
    std::string seen;
    run(*queue, [&] {
        post(*queue, [&] {
            post(*queue, [&] { seen += 'c'; });
            seen += 'b';
        });
        poor = true;
        seen += 'a';
    });
    BOOST_TEST(seen == "abc");
    // The same behind an exception, with the next turn that comes.
    BOOST_CHECK_THROW(run(*queue,
                          [&] {
                              post(*queue, [&] { seen += 'd'; });
                              throw std::runtime_error("a handler's");
                          }),
                      std::runtime_error);
    run(*queue, [&] { seen += 'e'; });
    BOOST_TEST(seen == "abcde");
}

BOOST_AUTO_TEST_CASE(what_waits_when_the_context_ends_is_freed_and_not_run_and_so_is_what_comes_later)
{
    asio::io_context io;
    const auto queue = std::make_shared<turn_queue>(io.get_executor());
    const auto held = std::make_shared<int>(0);
    const auto touch = [held] {
        ++*held;
    };
    post(*queue, touch);
    post(*queue, touch);
    BOOST_TEST(held.use_count() == 4L);
    queue->let_go();
    BOOST_TEST(held.use_count() == 2L);
    post(*queue, touch);
    run(*queue, touch);
    BOOST_TEST(held.use_count() == 2L);
    io.run();
    BOOST_TEST(*held == 0);
}

BOOST_AUTO_TEST_CASE(turns_of_several_threads_never_overlap_and_none_is_lost)
{
    constexpr int each = 2'000;
    asio::thread_pool threads(4);
    const auto queue = std::make_shared<turn_queue>(threads.get_executor());
    int done = 0; // not atomic: turns see each other's work
    std::atomic<int> inside{0};
    std::atomic<bool> overlapped{false};
    const auto what = [&] {
        if (inside++ != 0)
            overlapped = true;
        ++done;
        --inside;
    };
    for (int thread = 0; thread != 4; ++thread)
        asio::post(threads, [&] {
            for (int i = 0; i != each; ++i)
                i % 2 == 0 ? post(*queue, what) : run(*queue, what);
        });
    threads.join();
    BOOST_TEST(!overlapped);
    BOOST_TEST(done == 4 * each);
}

BOOST_AUTO_TEST_SUITE_END()
