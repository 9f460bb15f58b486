#include "client/completion.hpp"

#include "support/printing.hpp"
#include "support/tracking_executor.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include <memory>
#include <optional>

BOOST_AUTO_TEST_SUITE(unit_client_completion)

using namespace venice_keys;
namespace asio = boost::asio;
using ::test::tracked;
using ::test::tracking_executor;
using completion = detail::completion<int>;

namespace {

struct seen {
    std::optional<int> value;
    std::optional<errc> why;
    unsigned times = 0;
    int mark = 0;

    auto handler()
    {
        return [this](result<int> with) {
            ++times;
            mark = tracked::current();
            if (with)
                value = *with;
            else
                why = with.error().why();
        };
    }
};

auto marked(asio::io_context& io, int mark)
{
    return tracking_executor(io.get_executor(), mark);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_handler_with_an_executor_runs_on_it)
{
    asio::io_context ours;
    asio::io_context theirs;
    seen it;
    completion to(asio::bind_executor(marked(theirs, 7), it.handler()), marked(ours, 1));
    to.complete(42);
    ours.run();
    BOOST_TEST(it.times == 0u);
    theirs.run();
    BOOST_TEST(it.times == 1u);
    BOOST_TEST(it.mark == 7);
    BOOST_TEST(it.value == 42);
}

BOOST_AUTO_TEST_CASE(a_handler_without_one_runs_where_it_is_completed_and_at_once)
{
    asio::io_context io;
    seen it;
    bool at_once = false;
    asio::post(marked(io, 3), [&] {
        completion to(it.handler(), marked(io, 3));
        to.complete(error(errc::closed));
        at_once = it.times == 1;
    });
    io.run();
    BOOST_TEST(at_once);
    BOOST_TEST(it.mark == 3);
    BOOST_TEST(it.why == errc::closed);
}

BOOST_AUTO_TEST_CASE(on_the_clients_context_under_another_executor_it_runs_on_that)
{
    asio::io_context io;
    seen it;
    asio::post(marked(io, 3), [&] {
        completion to(asio::bind_executor(marked(io, 4), it.handler()), marked(io, 3));
        to.complete(1);
    });
    io.run();
    BOOST_TEST(it.times == 1u);
    BOOST_TEST(it.mark == 4);
}

BOOST_AUTO_TEST_CASE(an_erased_handler_of_the_clients_executor_needs_no_other)
{
    asio::io_context io;
    asio::io_context theirs;
    const asio::any_io_executor home = io.get_executor();
    seen it;
    const auto executor_of = [](const auto& handler) {
        return asio::get_associated_executor(handler, asio::any_completion_executor());
    };
    BOOST_TEST(!executor_of(detail::erase<int>(home, it.handler())));
    BOOST_TEST(!executor_of(detail::erase<int>(home, asio::bind_executor(io.get_executor(), it.handler()))));
    BOOST_TEST(!executor_of(detail::erase<int>(home, asio::bind_executor(home, it.handler()))));
    BOOST_TEST(!!executor_of(detail::erase<int>(home, asio::bind_executor(theirs.get_executor(), it.handler()))));
    BOOST_TEST(!!executor_of(detail::erase<int>(home, asio::bind_executor(asio::make_strand(home), it.handler()))));
    BOOST_TEST(!!executor_of(detail::erase<int>(home, asio::bind_executor(marked(io, 1), it.handler()))));
}

BOOST_AUTO_TEST_CASE(later_is_never_inside_the_call_also_on_its_own_executor)
{
    asio::io_context io;
    seen it;
    bool inside = false;
    asio::post(io, [&] {
        completion to(it.handler(), marked(io, 3));
        to.complete_later(marked(io, 3), 5);
        inside = it.times != 0;
    });
    io.run();
    BOOST_TEST(!inside);
    BOOST_TEST(it.times == 1u);
    BOOST_TEST(it.mark == 3);
}

BOOST_AUTO_TEST_CASE(later_ends_on_the_handlers_executor)
{
    asio::io_context ours;
    asio::io_context theirs;
    seen it;
    completion to(asio::bind_executor(marked(theirs, 7), it.handler()), marked(ours, 1));
    to.complete_later(ours.get_executor(), error(errc::queue_full));
    BOOST_TEST(theirs.poll() == 0u);
    BOOST_TEST(!theirs.stopped()); // it knows that something comes
    ours.run();
    BOOST_TEST(it.times == 0u);
    theirs.run();
    BOOST_TEST(it.mark == 7);
    BOOST_TEST(it.why == errc::queue_full);
}

// The client's own has work as long as the client has.
BOOST_AUTO_TEST_CASE(it_keeps_another_executors_context_at_work_until_it_is_done)
{
    for (const bool completes : {true, false}) {
        asio::io_context ours;
        asio::io_context io;
        seen it;
        std::optional<completion> to(std::in_place, asio::bind_executor(io.get_executor(), it.handler()),
                                     ours.get_executor());
        io.poll();
        BOOST_TEST(!io.stopped());
        if (completes)
            to->complete(1);
        else
            to.reset();
        io.restart();
        io.poll();
        BOOST_TEST(io.stopped());
        BOOST_TEST(it.times == (completes ? 1u : 0u));
    }
}

// The type-erased handler puts a slot of its own between: whether it is empty shows only when the signal is given.
BOOST_AUTO_TEST_CASE(the_cancellation_slot_is_empty_when_the_handler_runs_and_not_before)
{
    asio::io_context io;
    asio::io_context ours;
    asio::cancellation_signal signal;
    unsigned cancelled = 0;
    unsigned done = 0;
    const auto handler = [&](result<int>) {
        ++done;
        signal.emit(asio::cancellation_type::terminal);
    };
    completion to(asio::bind_cancellation_slot(signal.slot(), asio::bind_executor(io.get_executor(), handler)),
                  ours.get_executor());
    BOOST_TEST_REQUIRE(to.cancellation_slot().is_connected());
    to.cancellation_slot().assign([&cancelled](asio::cancellation_type) { ++cancelled; });
    signal.emit(asio::cancellation_type::terminal);
    BOOST_TEST(cancelled == 1u);
    to.complete(1); // posted: the slot is left to the handler's executor
    signal.emit(asio::cancellation_type::terminal);
    BOOST_TEST(cancelled == 2u);
    io.run();
    BOOST_TEST(done == 1u);
    BOOST_TEST(cancelled == 2u);
}

BOOST_AUTO_TEST_CASE(a_handler_without_a_slot_has_none)
{
    asio::io_context io;
    seen it;
    const completion to(it.handler(), io.get_executor());
    BOOST_TEST(!to.cancellation_slot().is_connected());
}

BOOST_AUTO_TEST_CASE(it_moves_with_its_handler)
{
    asio::io_context io;
    seen first;
    seen second;
    completion one(first.handler(), marked(io, 1));
    completion other(second.handler(), marked(io, 2));
    completion moved(std::move(one));
    one = std::move(other);
    moved.complete_later(marked(io, 1), 1);
    one.complete_later(marked(io, 2), 2);
    io.run();
    BOOST_TEST(first.value == 1);
    BOOST_TEST(first.mark == 1);
    BOOST_TEST(second.value == 2);
    BOOST_TEST(second.mark == 2);
}

BOOST_AUTO_TEST_CASE(an_assignment_lets_go_of_what_was_there)
{
    asio::io_context io;
    const auto held = std::make_shared<int>(0);
    completion to([held](result<int>) {}, io.get_executor());
    BOOST_TEST(held.use_count() == 2);
    to = {};
    BOOST_TEST(held.use_count() == 1);
    io.poll();
    BOOST_TEST(io.stopped());
}

BOOST_AUTO_TEST_CASE(a_handler_that_only_moves_is_taken)
{
    asio::io_context io;
    int got = 0;
    completion to([&got, mine = std::make_unique<int>(1)](result<int> with) { got = *with + *mine; },
                  io.get_executor());
    to.complete(41);
    io.run();
    BOOST_TEST(got == 42);
}

BOOST_AUTO_TEST_SUITE_END()
