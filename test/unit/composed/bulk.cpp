// client::update_keys: what it pulls, what it hands over and how it adds up, with items that are refused before they
// are sent. What becomes of items on a connection is in test/integration.
#include "support/printing.hpp"
#include "unit/support/quiet_client.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <ranges>
#include <stdexcept>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_composed_bulk)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
namespace asio = boost::asio;
using ::test::tracked;
using ::test::tracking_executor;
using end = bulk_summary::end;

namespace {

// One bulk update of `size` items, of which none can be sent.
struct bulk_run {
    explicit bulk_run(std::size_t items) : size(items) {}

    auto range()
    {
        return std::views::iota(std::size_t{0}, size) | std::views::transform([this](std::size_t which) {
                   ++pulled;
                   pulled_on = tracked::current();
                   if (throws_at == which)
                       throw std::runtime_error("the caller's own trouble");
                   return bad_update();
               });
    }
    auto sink()
    {
        return [this](std::size_t index, result<api_key> with) {
            indices.push_back(index);
            most_ahead = std::max(most_ahead, pulled - indices.size());
            handed_on = tracked::current();
            codes.push_back(with ? boost::system::error_code() : with.error().code);
        };
    }
    auto handler()
    {
        return [this](result<bulk_summary> with) {
            ++completions;
            summary = std::move(with);
        };
    }

    std::size_t size;
    std::optional<std::size_t> throws_at;
    std::size_t pulled = 0;
    std::size_t most_ahead = 0;
    int pulled_on = 0;
    int handed_on = 0;
    std::vector<std::size_t> indices;
    std::vector<boost::system::error_code> codes;
    unsigned completions = 0;
    std::optional<result<bulk_summary>> summary;
};

std::vector<std::size_t> counted_to(std::size_t size)
{
    std::vector<std::size_t> numbers;
    while (numbers.size() != size)
        numbers.push_back(numbers.size());
    return numbers;
}

} // namespace

BOOST_AUTO_TEST_CASE(each_item_is_handed_over_once_and_the_account_adds_up)
{
    for (const threading how : both) {
        asio::io_context io;
        client one(io.get_executor(), someone(), settings(how));
        bulk_run all(50);
        one.update_keys(all.range(), bulk_options().max_in_flight(8), all.sink(), all.handler());
        BOOST_TEST(all.pulled == 0u); // not inside the call that starts it
        io.run();
        BOOST_TEST(all.completions == 1u);
        BOOST_TEST(all.indices == counted_to(50), boost::test_tools::per_element());
        BOOST_TEST(all.codes == std::vector<boost::system::error_code>(50, errc::invalid_argument),
                   boost::test_tools::per_element());
        BOOST_TEST_REQUIRE(*all.summary);
        const bulk_summary& sum = **all.summary;
        BOOST_TEST(sum.how == end::finished);
        BOOST_TEST(sum.refused == 50u);
        BOOST_TEST(sum.pulled() == 50u);
        BOOST_TEST_REQUIRE(sum.first_error.has_value());
        BOOST_TEST(sum.first_error->code == errc::invalid_argument);
    }
}

BOOST_AUTO_TEST_CASE(no_more_is_pulled_than_may_be_under_way)
{
    asio::io_context io;
    client one(io.get_executor(), someone(), settings());
    bulk_run all(100);
    one.update_keys(all.range(), bulk_options().max_in_flight(8), all.sink(), all.handler());
    io.run();
    BOOST_TEST(all.pulled == 100u);
    BOOST_TEST(all.most_ahead < 8u); // the one at the sink is no longer among them
}

BOOST_AUTO_TEST_CASE(an_empty_range_finishes)
{
    asio::io_context io;
    client one(io.get_executor(), someone(), settings());
    bulk_run all(0);
    one.update_keys(all.range(), {}, all.sink(), all.handler());
    io.run();
    BOOST_TEST(all.completions == 1u);
    BOOST_TEST_REQUIRE(*all.summary);
    BOOST_TEST((*all.summary)->how == end::finished);
    BOOST_TEST((*all.summary)->pulled() == 0u);
}

BOOST_AUTO_TEST_CASE(after_a_failure_no_more_is_pulled_if_that_was_asked_for)
{
    asio::io_context io;
    client one(io.get_executor(), someone(), settings());
    bulk_run all(100);
    one.update_keys(all.range(), bulk_options().max_in_flight(4).stop_on_error(), all.sink(), all.handler());
    io.run();
    BOOST_TEST(all.pulled == 4u);
    BOOST_TEST(all.indices == counted_to(4), boost::test_tools::per_element());
    BOOST_TEST_REQUIRE(*all.summary);
    BOOST_TEST((*all.summary)->how == end::stopped);
    BOOST_TEST((*all.summary)->pulled() == 4u);
}

BOOST_AUTO_TEST_CASE(a_range_that_throws_is_asked_for_no_more)
{
    asio::io_context io;
    client one(io.get_executor(), someone(), settings());
    bulk_run all(100);
    all.throws_at = 2;
    one.update_keys(all.range(), {}, all.sink(), all.handler());
    BOOST_CHECK_THROW(io.run(), std::runtime_error);
    io.run();
    BOOST_TEST(all.pulled == 3u);
    BOOST_TEST(all.indices == counted_to(2), boost::test_tools::per_element());
    BOOST_TEST_REQUIRE(*all.summary);
    BOOST_TEST((*all.summary)->how == end::stopped);
}

BOOST_AUTO_TEST_CASE(a_cancelled_one_pulls_no_more_and_leaves_an_account)
{
    asio::io_context io;
    client one(io.get_executor(), someone(), settings());
    bulk_run all(100);
    asio::cancellation_signal signal;
    one.update_keys(all.range(), bulk_options().max_in_flight(4), all.sink(),
                    asio::bind_cancellation_slot(signal.slot(), all.handler()));
    signal.emit(asio::cancellation_type::terminal);
    io.run();
    BOOST_TEST(all.completions == 1u);
    BOOST_TEST(all.pulled <= 4u);
    BOOST_TEST_REQUIRE(*all.summary);
    BOOST_TEST((*all.summary)->how == end::cancelled);
    BOOST_TEST((*all.summary)->pulled() == all.pulled);
    BOOST_TEST(all.indices.size() == all.pulled);
}

BOOST_AUTO_TEST_CASE(the_end_of_the_client_ends_it_as_closed)
{
    for (const threading how : both) {
        asio::io_context io;
        std::optional<client> one(std::in_place, io.get_executor(), someone(), settings(how));
        bulk_run all(100);
        one->update_keys(all.range(), bulk_options().max_in_flight(4), all.sink(), all.handler());
        one.reset();
        io.run();
        BOOST_TEST(all.completions == 1u);
        BOOST_TEST(all.pulled == 4u);
        BOOST_TEST(all.codes == std::vector<boost::system::error_code>(4, errc::closed),
                   boost::test_tools::per_element());
        BOOST_TEST_REQUIRE(*all.summary);
        BOOST_TEST((*all.summary)->how == end::closed);
        BOOST_TEST((*all.summary)->not_sent == 4u);
    }
}

BOOST_AUTO_TEST_CASE(range_and_sink_are_used_on_the_executor_of_the_handler)
{
    asio::io_context ours;
    asio::io_context theirs;
    client one(tracking_executor(ours.get_executor(), 1), someone(), settings());
    bulk_run all(3);
    one.update_keys(all.range(), {}, all.sink(),
                    asio::bind_executor(tracking_executor(theirs.get_executor(), 2), all.handler()));
    while (ours.poll() + theirs.poll() != 0) {
    }
    BOOST_TEST(all.completions == 1u);
    BOOST_TEST(all.pulled_on == 2);
    BOOST_TEST(all.handed_on == 2);
}

BOOST_AUTO_TEST_CASE(options_out_of_range_and_an_empty_sink_are_refused_by_name)
{
    asio::io_context io;
    client one(io.get_executor(), someone(), settings());
    bulk_run all(3);
    const auto refusal = [&](const bulk_options& options, detail::bulk_sink sink) {
        one.update_keys(all.range(), options, std::move(sink), all.handler());
        BOOST_TEST(!all.summary.has_value()); // not inside the call that starts it
        io.restart();
        io.run();
        BOOST_TEST_REQUIRE(!all.summary->has_value());
        BOOST_TEST(all.summary->error().code == errc::invalid_argument);
        const std::string words = all.summary->error().detail;
        all.summary.reset();
        return words;
    };
    BOOST_TEST(refusal(bulk_options().max_in_flight(0), all.sink()).find("bulk_options::max_in_flight") == 0u);
    BOOST_TEST(refusal(bulk_options().max_in_flight(100'001), all.sink()).find("bulk_options::max_in_flight") == 0u);
    BOOST_TEST(refusal({}, {}).find("sink") != std::string::npos);
    BOOST_TEST(all.completions == 3u);
    BOOST_TEST(all.pulled == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
