// call_options::confirm, with changes that are never sent: there is nothing to read back then. What is read back from a
// server, and when, is in test/integration.
#include "support/printing.hpp"
#include "unit/support/quiet_client.hpp"

#include <venice_keys/confirmation.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <utility>

BOOST_AUTO_TEST_SUITE(unit_composed_confirm)

using namespace venice_keys;
using namespace venice_keys::test;
namespace asio = boost::asio;
using namespace std::chrono_literals;
using ::test::tracked;
using ::test::tracking_executor;

namespace {

// How the change has ended.
template <class T>
struct change_end {
    auto handler()
    {
        return [this](result<T> with) {
            ++count;
            mark = tracked::current();
            outcome = std::move(with);
        };
    }

    unsigned count = 0;
    int mark = 0;
    result<T> outcome;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_change_that_was_refused_is_not_read_back)
{
    for (const threading how : both) {
        asio::io_context io;
        client one(io.get_executor(), someone(), settings(how));
        change_end<api_key> update;
        change_end<void> removal;
        one.update_key(bad_update(), call_options().confirm(), update.handler());
        one.delete_key("", call_options().confirm(), removal.handler());
        BOOST_TEST(update.count + removal.count == 0u); // not inside the calls that start them
        io.run();
        BOOST_TEST(update.count == 1u);
        BOOST_TEST(removal.count == 1u);
        BOOST_TEST(update.outcome.error().code == errc::invalid_argument);
        BOOST_TEST(removal.outcome.error().code == errc::invalid_argument);
        BOOST_TEST(!update.outcome.error().confirmation);
        BOOST_TEST(!removal.outcome.error().confirmation);
    }
}

BOOST_AUTO_TEST_CASE(times_out_of_range_are_refused_by_name)
{
    asio::io_context io;
    client one(io.get_executor(), someone(), settings());
    const auto refusal = [&](const call_options& options) {
        change_end<api_key> update;
        one.update_key(key_update("id").usd(1), options, update.handler());
        io.restart();
        io.run();
        BOOST_TEST(update.outcome.error().code == errc::invalid_argument);
        return update.outcome.error().detail;
    };
    BOOST_TEST(refusal(call_options().confirm(0ms)).find("call_options::confirm") == 0u);
    BOOST_TEST(refusal(call_options().confirm(25h)).find("call_options::confirm") == 0u);
    BOOST_TEST(refusal(call_options().timeout(0ms).confirm()).find("call_options::timeout") == 0u);
}

BOOST_AUTO_TEST_CASE(the_end_of_the_client_leaves_nothing_to_read)
{
    for (const threading how : both) {
        asio::io_context io;
        std::optional<client> one(std::in_place, io.get_executor(), someone(), settings(how));
        auto late = one->delete_key("id", call_options().confirm());
        change_end<api_key> update;
        change_end<void> removal;
        one->update_key(key_update("id").usd(1), call_options().confirm(), update.handler());
        one.reset();
        std::move(late)(removal.handler());
        io.run();
        BOOST_TEST(update.outcome.error().code == errc::closed);
        BOOST_TEST(removal.outcome.error().code == errc::closed);
        BOOST_TEST(!update.outcome.error().confirmation);
        BOOST_TEST(!removal.outcome.error().confirmation);
    }
}

BOOST_AUTO_TEST_CASE(it_completes_on_the_executor_of_its_handler)
{
    asio::io_context ours;
    asio::io_context theirs;
    client one(tracking_executor(ours.get_executor(), 1), someone(), settings());
    change_end<api_key> update;
    one.update_key(bad_update(), call_options().confirm(),
                   asio::bind_executor(tracking_executor(theirs.get_executor(), 2), update.handler()));
    ours.run();
    BOOST_TEST(update.count == 0u);
    theirs.run();
    BOOST_TEST(update.count == 1u);
    BOOST_TEST(update.mark == 2);
}

BOOST_AUTO_TEST_CASE(a_cancellation_reaches_the_change)
{
    asio::io_context io;
    client one(io.get_executor(), someone(), settings());
    change_end<api_key> update;
    asio::cancellation_signal signal;
    one.update_key(key_update("id").usd(1), call_options().confirm(),
                   asio::bind_cancellation_slot(signal.slot(), update.handler()));
    signal.emit(asio::cancellation_type::total);
    io.run();
    BOOST_TEST(update.count == 1u);
    BOOST_TEST(update.outcome.error().code == errc::cancelled);
    BOOST_TEST(!update.outcome.error().confirmation);
}

BOOST_AUTO_TEST_SUITE_END()
