// call_options::confirm: a change whose answer was lost for good, and then the key read back, within the one deadline.
#include "support/world.hpp"

#include <venice_keys/confirmation.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <optional>

namespace integration_promise_05_confirm {

using namespace test;
using namespace std::chrono_literals;
using vk::errc;
using vk::fault;
using verdict = vk::confirmation::verdict;

using clock_type = std::chrono::steady_clock;

// What the service answers with for a key that is not there.
vk::emulator_options answering(unsigned unknown_key_status)
{
    vk::emulator_options options;
    options.initial_keys = 2;
    options.unknown_key_status = unknown_key_status;
    return options;
}

struct fixture : client_world {
    explicit fixture(unsigned unknown_key_status = 400) : client_world(answering(unknown_key_status)) {}

    [[nodiscard]] vk::key_update change() const { return vk::key_update(ids[0]).usd(50).description("changed"); }

    updated_key update(vk::key_update what, vk::call_options options = vk::call_options().confirm())
    {
        updated_key got;
        run(io, [&]() -> asio::awaitable<void> { got = co_await started().update_key(std::move(what), options); });
        BOOST_TEST_MESSAGE(text_of(got));
        return got;
    }
    vk::result<void> remove(vk::call_options options = vk::call_options().confirm())
    {
        vk::result<void> got;
        run(io, [&]() -> asio::awaitable<void> { got = co_await started().delete_key(ids[0], options); });
        BOOST_TEST_MESSAGE(text_of(got));
        return got;
    }
    // Every change is lost, before or after it is made.
    void lose(std::string method, fault::apply when)
    {
        server->add_fault(fault::reset().applied(when).only_method(std::move(method)).times(0));
    }
};

// As the published specification has it.
struct with_404 : fixture {
    with_404() : fixture(404) {}
};

// What was found; the failure itself stays what it was.
template <class T>
const vk::confirmation& found(const vk::result<T>& got, errc code = errc::connection_lost)
{
    BOOST_REQUIRE(!got.has_value());
    BOOST_TEST(code_of(got) == code);
    BOOST_TEST(got.error().maybe_applied());
    BOOST_TEST_REQUIRE(got.error().confirmation != nullptr);
    return *got.error().confirmation;
}

} // namespace integration_promise_05_confirm

BOOST_FIXTURE_TEST_SUITE(integration_promise_05_confirm, fixture)

BOOST_AUTO_TEST_CASE(an_update_that_was_made_is_in_effect)
{
    lose("PATCH", fault::apply::before);
    const updated_key got = update(change());
    const vk::confirmation& what = found(got);
    BOOST_TEST(what.what == verdict::in_effect);
    BOOST_REQUIRE(what.key.has_value());
    BOOST_TEST(what.key->id == ids[0]);
    BOOST_TEST(what.key->limits.usd.value() == 50.0);
    BOOST_TEST(what.key->description == "changed");
    BOOST_TEST(what.why.empty());
    BOOST_TEST(got.error().attempts == 3U); // of the update alone
    BOOST_TEST(got.error().delivery == vk::delivery::sent_unanswered);
    BOOST_TEST(server->stats().requests == 4U);
}

BOOST_AUTO_TEST_CASE(an_update_that_was_not_made_differs)
{
    lose("PATCH", fault::apply::never);
    const updated_key got = update(change());
    const vk::confirmation& what = found(got);
    BOOST_TEST(what.what == verdict::differs);
    BOOST_REQUIRE(what.key.has_value());
    BOOST_TEST(what.key->id == ids[0]);
    BOOST_TEST(!what.key->limits.usd.has_value());
}

BOOST_AUTO_TEST_CASE(an_update_of_a_key_that_is_gone_differs)
{
    lose("PATCH", fault::apply::never);
    const updated_key got = update(vk::key_update("no-such-key").usd(1));
    const vk::confirmation& what = found(got);
    BOOST_TEST(what.what == verdict::differs);
    BOOST_TEST(!what.key.has_value());
}

BOOST_FIXTURE_TEST_CASE(an_update_of_a_key_that_is_gone_by_404_differs, with_404)
{
    lose("PATCH", fault::apply::never);
    const updated_key got = update(vk::key_update("no-such-key").usd(1));
    const vk::confirmation& what = found(got);
    BOOST_TEST(what.what == verdict::differs);
    BOOST_TEST(!what.key.has_value());
}

BOOST_AUTO_TEST_CASE(a_404_that_says_nothing_of_a_key_is_no_word_about_it)
{
    lose("DELETE", fault::apply::never);
    server->add_fault(fault::answer(404).body(R"({"message":"Application not found"})").only_method("GET").times(0));
    const vk::result<void> got = remove();
    const vk::confirmation& what = found(got);
    BOOST_TEST(what.what == verdict::unreadable);
    BOOST_TEST(what.why.find("404") != std::string::npos, what.why);
}

BOOST_AUTO_TEST_CASE(a_key_that_can_not_be_read_is_unreadable)
{
    lose("PATCH", fault::apply::before);
    server->add_fault(fault::answer(503).only_method("GET").times(0));
    const updated_key got = update(change());
    const vk::confirmation& what = found(got);
    BOOST_TEST(what.what == verdict::unreadable);
    BOOST_TEST(!what.key.has_value());
    BOOST_TEST(what.why.find("503") != std::string::npos, what.why);
}

BOOST_AUTO_TEST_CASE(a_failure_that_leaves_it_open_is_confirmed_too)
{
    server->add_fault(fault::answer(500).applied(fault::apply::before).only_method("PATCH").times(0));
    const updated_key got = update(change());
    BOOST_TEST(found(got, errc::server_error).what == verdict::in_effect);
    BOOST_TEST(got.error().http_status == 500U);
}

BOOST_AUTO_TEST_CASE(a_deletion_that_was_made_is_in_effect)
{
    lose("DELETE", fault::apply::before);
    const vk::result<void> got = remove();
    const vk::confirmation& what = found(got);
    BOOST_TEST(what.what == verdict::in_effect);
    BOOST_TEST(!what.key.has_value());
    BOOST_TEST(server.ids().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_deletion_that_was_made_is_in_effect_by_404, with_404)
{
    lose("DELETE", fault::apply::before);
    const vk::result<void> got = remove();
    BOOST_TEST(found(got).what == verdict::in_effect);
    BOOST_TEST(server.ids().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_deletion_that_was_not_made_differs)
{
    lose("DELETE", fault::apply::never);
    const vk::result<void> got = remove();
    const vk::confirmation& what = found(got);
    BOOST_TEST(what.what == verdict::differs);
    BOOST_REQUIRE(what.key.has_value());
    BOOST_TEST(what.key->id == ids[0]);
}

BOOST_AUTO_TEST_CASE(nothing_is_read_back_without_the_option)
{
    lose("PATCH", fault::apply::before);
    const updated_key got = update(change(), {});
    BOOST_TEST(code_of(got) == errc::connection_lost);
    BOOST_TEST(got.error().confirmation == nullptr);
    BOOST_TEST(server->stats().requests == 3U);
}

BOOST_AUTO_TEST_CASE(nothing_is_read_back_when_the_outcome_is_certain)
{
    updated_key got = update(change());
    BOOST_TEST(got.has_value(), text_of(got));
    got = update(vk::key_update("no-such-key").usd(1));
    BOOST_TEST(code_of(got) == errc::not_found);
    BOOST_TEST(got.error().confirmation == nullptr);
    server->add_fault(fault::answer(400));
    got = update(change());
    BOOST_TEST(code_of(got) == errc::invalid_request);
    BOOST_TEST(got.error().confirmation == nullptr);
    got = update(vk::key_update(ids[0]));
    BOOST_TEST(code_of(got) == errc::invalid_argument);
    BOOST_TEST(got.error().confirmation == nullptr);
    got = update(change(), vk::call_options().confirm(0ms));
    BOOST_TEST(code_of(got) == errc::invalid_argument);
    BOOST_TEST(server->stats().requests == 3U);
}

BOOST_AUTO_TEST_CASE(a_call_that_never_left_is_not_confirmed)
{
    settings.max_connections = settings.max_streams = 1;
    server->add_fault(fault::stall().times(0));
    started().update_key(vk::key_update(ids[1]).usd(1), [](updated_key) {});
    BOOST_REQUIRE(run_until(io, [&] { return server->stats().faults == 1; }));
    const updated_key got = update(change(), vk::call_options().timeout(200ms).confirm(50ms));
    BOOST_TEST(code_of(got) == errc::deadline_exceeded);
    BOOST_TEST(got.error().delivery == vk::delivery::not_sent);
    BOOST_TEST(got.error().confirmation == nullptr);
    BOOST_TEST(server->stats().requests == 1U);
}

BOOST_AUTO_TEST_CASE(the_deadline_holds_for_both_together)
{
    server->add_fault(fault::stall().times(0));
    const auto begin = clock_type::now();
    const updated_key got = update(change(), vk::call_options().timeout(600ms).confirm(200ms));
    const auto took = clock_type::now() - begin;
    BOOST_TEST(took >= 590ms);
    BOOST_TEST(took < 1'500ms);
    const vk::confirmation& what = found(got, errc::deadline_exceeded);
    BOOST_TEST(what.what == verdict::unreadable);
    BOOST_TEST(!what.why.empty());
    BOOST_TEST(server->stats().requests == 2U);
}

BOOST_AUTO_TEST_CASE(the_reserve_is_there_for_reading_back)
{
    // The answer to the change would come after 400 ms; those 200 ms before the end are for reading.
    server->add_fault(fault::stall().applied(fault::apply::before).only_method("PATCH").times(0));
    server->add_fault(fault::delay(100ms).only_method("GET"));
    const updated_key got = update(change(), vk::call_options().timeout(2s).confirm(1'800ms)); // of it, at most half
    BOOST_TEST(found(got, errc::deadline_exceeded).what == verdict::in_effect);
    BOOST_TEST(got.error().message().find("the answer") != std::string::npos, got.error().message());
}

BOOST_AUTO_TEST_CASE(what_is_cancelled_is_not_read_back)
{
    server->add_fault(fault::stall());
    asio::cancellation_signal signal;
    std::optional<updated_key> got;
    started().update_key(change(), vk::call_options().confirm(),
                         asio::bind_cancellation_slot(signal.slot(), [&](updated_key key) { got = std::move(key); }));
    BOOST_REQUIRE(run_until(io, [&] { return server->stats().faults == 1; }));
    signal.emit(asio::cancellation_type::terminal);
    BOOST_REQUIRE(run_until(io, [&] { return got.has_value(); }));
    BOOST_TEST(code_of(*got) == errc::cancelled);
    BOOST_TEST(got->error().maybe_applied());
    BOOST_TEST(got->error().confirmation == nullptr);
    BOOST_TEST(server->stats().requests == 1U);
}

BOOST_AUTO_TEST_CASE(a_cancellation_ends_the_reading_back_and_the_failure_stays)
{
    lose("PATCH", fault::apply::before);
    server->add_fault(fault::stall().only_method("GET"));
    asio::cancellation_signal signal;
    std::optional<updated_key> got;
    started().update_key(change(), vk::call_options().confirm(),
                         asio::bind_cancellation_slot(signal.slot(), [&](updated_key key) { got = std::move(key); }));
    BOOST_REQUIRE(run_until(io, [&] { return server->stats().faults == 4; }));
    BOOST_TEST(!got.has_value());
    signal.emit(asio::cancellation_type::terminal);
    BOOST_REQUIRE(run_until(
        io, [&] { return got.has_value(); }, 3s));
    const vk::confirmation& what = found(*got);
    BOOST_TEST(what.what == verdict::unreadable);
    BOOST_TEST(what.why.find("cancelled") != std::string::npos, what.why);
}

BOOST_AUTO_TEST_CASE(a_signal_in_the_handler_or_later_reaches_nobody)
{
    lose("PATCH", fault::apply::before);
    asio::cancellation_signal signal;
    outcomes results(2);
    started().update_key(change(), vk::call_options().confirm(),
                         asio::bind_cancellation_slot(signal.slot(), [&](updated_key key) {
                             server->clear_faults();
                             signal.emit(asio::cancellation_type::all);
                             results.handler(0)(std::move(key));
                             started().update_key(change(), results.handler(1));
                             signal.emit(asio::cancellation_type::all);
                         }));
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    BOOST_TEST(found(results[0]).what == verdict::in_effect);
    BOOST_TEST(text_of(results[1]) == "success");
    BOOST_TEST(results.each_once());
}

BOOST_AUTO_TEST_CASE(the_end_of_the_client_ends_the_reading_back)
{
    lose("PATCH", fault::apply::before);
    server->add_fault(fault::stall().only_method("GET"));
    std::optional<updated_key> got;
    started().update_key(change(), vk::call_options().confirm(), [&](updated_key key) { got = std::move(key); });
    BOOST_REQUIRE(run_until(io, [&] { return server->stats().faults == 4; }));
    client.reset();
    BOOST_REQUIRE(run_until(io, [&] { return got.has_value(); }));
    BOOST_TEST(found(*got).what == verdict::unreadable);
    BOOST_TEST(run_out(io));
}

BOOST_AUTO_TEST_CASE(other_operations_ignore_the_option)
{
    server->add_fault(fault::reset().times(3));
    run(io, [&]() -> asio::awaitable<void> {
        vk::result<vk::key_details> key = co_await started().get_key(ids[0], vk::call_options().confirm());
        BOOST_TEST(code_of(key) == errc::connection_lost);
        BOOST_TEST(key.error().confirmation == nullptr);
    });
    BOOST_TEST(server->stats().requests == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
