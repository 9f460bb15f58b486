// Promise 5, creations through the public client: made once or not at all, and where nobody can tell, outcome_unknown.
#include "support/world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>

#include <algorithm>
#include <optional>

namespace integration_promise_05_creations {

using namespace test;
using namespace std::chrono_literals;
using vk::errc;
using vk::fault;

using made_key = vk::result<vk::created_key>;

vk::new_key wish(std::string description = "a new one")
{
    return {vk::key_type::inference, std::move(description)};
}

struct fixture : client_world {
    fixture() : client_world(1) {}
    std::optional<made_key> got;

    auto handler()
    {
        return [this](made_key key) {
            BOOST_TEST(!got.has_value());
            got = std::move(key);
        };
    }
    // Runs one creation to its end.
    const made_key& create(vk::call_options options = {})
    {
        got.reset();
        started().create_key(wish(), options, handler());
        return wait();
    }
    const made_key& wait()
    {
        BOOST_REQUIRE(run_until(io, [&] { return got.has_value(); }));
        BOOST_TEST_MESSAGE(text_of(*got));
        return *got;
    }
    // A creation that was sent, and is not answered.
    void create_and_stall(vk::call_options options, asio::cancellation_slot slot = {})
    {
        server->add_fault(fault::stall().only_method("POST"));
        started().create_key(wish(), options, asio::bind_cancellation_slot(slot, handler()));
        BOOST_REQUIRE(run_until(io, [&] { return server->stats().faults == 1; }));
        BOOST_TEST(!got.has_value());
    }
    void check_unknown(boost::system::error_code cause)
    {
        BOOST_REQUIRE(!got->has_value());
        const vk::error& why = got->error();
        BOOST_TEST(code_of(*got) == errc::outcome_unknown);
        BOOST_TEST(why.cause == cause, why.cause.message());
        BOOST_TEST(why.delivery == vk::delivery::sent_unanswered);
        BOOST_TEST(why.attempts == 1U);
        BOOST_TEST(why.maybe_applied());
        BOOST_TEST(!why.retryable());
        BOOST_TEST(posts() == 1U);
    }
    // Creations that reached the server.
    [[nodiscard]] std::uint64_t posts() { return server->stats().requests; }
    [[nodiscard]] std::size_t made() const { return const_cast<hosted_emulator&>(server)->keys().size() - 1; }
};

} // namespace integration_promise_05_creations

BOOST_FIXTURE_TEST_SUITE(integration_promise_05_creations, fixture)

BOOST_AUTO_TEST_CASE(a_lost_answer_leaves_the_outcome_unknown)
{
    for (const bool applied : {true, false}) {
        server->add_fault(fault::reset().applied(applied ? fault::apply::before : fault::apply::never));
        const auto before = posts();
        create();
        BOOST_TEST(code_of(*got) == errc::outcome_unknown);
        BOOST_TEST(got->error().delivery == vk::delivery::sent_unanswered);
        BOOST_TEST(got->error().attempts == 1U);
        BOOST_TEST(got->error().maybe_applied());
        BOOST_TEST(posts() - before == 1U);
    }
    BOOST_TEST(made() == 1U);
    BOOST_TEST(create()); // the client is as good as before
}

BOOST_AUTO_TEST_CASE(a_close_in_good_order_leaves_it_unknown_too)
{
    server->add_fault(fault::close().applied(fault::apply::before));
    create();
    check_unknown(asio::error::eof);
    BOOST_TEST(made() == 1U);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_cut_leaves_it_unknown)
{
    server->add_fault(fault::cut(100));
    create();
    BOOST_TEST(code_of(*got) == errc::outcome_unknown);
    BOOST_TEST(posts() == 1U);
    BOOST_TEST(made() == 1U);
}

BOOST_AUTO_TEST_CASE(a_success_that_can_not_be_read_leaves_it_unknown)
{
    server->add_fault(fault::malformed());
    create();
    check_unknown(errc::malformed_reply);
    BOOST_TEST(made() == 1U);
}

BOOST_AUTO_TEST_CASE(cancelled_after_it_was_written_it_is_unknown)
{
    asio::cancellation_signal signal;
    create_and_stall({}, signal.slot());
    signal.emit(asio::cancellation_type::total); // leaves it running
    BOOST_TEST(!run_until(
        io, [&] { return got.has_value(); }, 100ms));
    signal.emit(asio::cancellation_type::terminal);
    wait();
    check_unknown(errc::cancelled);
}

BOOST_AUTO_TEST_CASE(out_of_time_after_it_was_written_it_is_unknown)
{
    create_and_stall(vk::call_options().timeout(500ms));
    wait();
    check_unknown(errc::deadline_exceeded);
    BOOST_TEST(got->error().message().find("the answer") != std::string::npos, got->error().message());
}

BOOST_AUTO_TEST_CASE(it_outlasts_the_stall_timeout_of_its_connection)
{
    settings.stall_timeout = 100ms;
    server->add_fault(fault::delay(600ms).only_method("POST"));
    BOOST_TEST(create());
    BOOST_TEST(server->stats().connections == 1U);
}

BOOST_AUTO_TEST_CASE(the_client_is_destroyed_while_it_is_under_way)
{
    create_and_stall({});
    client.reset();
    wait();
    check_unknown(errc::closed);
}

BOOST_AUTO_TEST_CASE(the_client_is_closed_while_it_is_under_way)
{
    create_and_stall({});
    std::optional<vk::result<void>> closed;
    started().close(50ms, [&](vk::result<void> how) { closed = std::move(how); });
    wait();
    check_unknown(errc::closed);
    BOOST_REQUIRE(run_until(io, [&] { return closed.has_value(); }));
    BOOST_TEST(!closed->has_value());
}

BOOST_AUTO_TEST_CASE(before_it_was_written_its_end_is_certain)
{
    settings.max_connections = 1;
    server->add_fault(fault::stall().only_method("PATCH").times(0));
    outcomes first(1);
    started().update_key(vk::key_update(server.ids().front()).usd(1), first.handler(0));
    BOOST_REQUIRE(run_until(io, [&] { return server->stats().faults == 1; }));
    create(vk::call_options().timeout(200ms));
    BOOST_TEST(code_of(*got) == errc::deadline_exceeded);
    BOOST_TEST(got->error().delivery == vk::delivery::not_sent);
    BOOST_TEST(!got->error().maybe_applied());

    got.reset();
    asio::cancellation_signal signal;
    started().create_key(wish(), asio::bind_cancellation_slot(signal.slot(), handler()));
    signal.emit(asio::cancellation_type::total);
    wait();
    BOOST_TEST(code_of(*got) == errc::cancelled);

    got.reset();
    started().create_key(wish(), handler());
    client.reset();
    wait();
    BOOST_TEST(code_of(*got) == errc::closed);
    BOOST_TEST(got->error().delivery == vk::delivery::not_sent);
    BOOST_TEST(made() == 0U);
}

BOOST_AUTO_TEST_CASE(refused_with_a_failure_it_is_not_asked_again)
{
    for (const unsigned status : {408U, 500U, 502U, 503U, 504U}) {
        const auto before = posts();
        server->add_fault(fault::answer(status));
        create();
        BOOST_TEST(!got->has_value());
        BOOST_TEST(got->error().http_status == status);
        BOOST_TEST(got->error().delivery == vk::delivery::answered);
        BOOST_TEST(got->error().maybe_applied());
        BOOST_TEST(!got->error().retryable()); // a repeat may make a second key
        BOOST_TEST(posts() - before == 1U);
    }
    BOOST_TEST(made() == 0U);
}

BOOST_AUTO_TEST_CASE(put_off_with_429_it_is_asked_again)
{
    server->add_fault(fault::answer(429).times(2));
    BOOST_TEST(create());
    BOOST_TEST(posts() == 3U);
    BOOST_TEST(made() == 1U);
}

BOOST_AUTO_TEST_CASE(put_off_with_429_and_lost_then_it_is_unknown)
{
    server->add_fault(fault::answer(429));
    server->add_fault(fault::close().applied(fault::apply::before));
    create();
    BOOST_TEST(code_of(*got) == errc::outcome_unknown);
    BOOST_TEST(got->error().attempts == 2U);
    BOOST_TEST(made() == 1U);
}

BOOST_AUTO_TEST_CASE(a_creation_for_a_wallet_is_no_other)
{
    server->add_fault(fault::close().applied(fault::apply::before).only_method("POST"));
    std::optional<vk::secret> challenge;
    started().web3_challenge([&](vk::result<vk::wallet_challenge> text) { challenge = std::move(text).value(); });
    BOOST_REQUIRE(run_until(io, [&] { return challenge.has_value(); }));
    started().create_web3_key(vk::new_web3_key(vk::key_type::inference, "0x" + std::string(40, 'a'), *challenge,
                                               vk::secret("0x" + std::string(130, 'b'))),
                              handler());
    wait();
    BOOST_TEST(code_of(*got) == errc::outcome_unknown);
    BOOST_TEST(posts() == 2U); // the challenge, too
    BOOST_TEST(made() == 1U);
}

struct nothing {};

BOOST_FIXTURE_TEST_CASE(creations_amid_many_updates_come_through_once_each, nothing)
{
    constexpr std::size_t updates = 400;
    constexpr std::size_t creations = 20;
    hosted_emulator server(updates);
    server->add_fault(fault::close().only_method("PATCH").after(50).every(60).times(5));
    asio::io_context io;
    vk::config settings = server.config();
    settings.max_connections = 2;
    vk::client client(io.get_executor(), server.credentials(), settings);
    const auto ids = server.ids();
    outcomes results(updates);
    std::size_t ended = 0;
    for (std::size_t i = 0; i != updates; ++i) {
        client.update_key(vk::key_update(ids[i]).usd(1), results.handler(i));
        if (i % (updates / creations) == 0)
            client.create_key(wish("no. " + std::to_string(i)), [&](made_key key) {
                BOOST_TEST(key.has_value(), text_of(key));
                ++ended;
            });
    }
    BOOST_REQUIRE(run_until(io, [&] { return results.all() && ended == creations; }));
    BOOST_TEST(results.succeeded() == updates, results.summary());
    BOOST_TEST(server->keys().size() == updates + creations);
    const auto journal = server->journal();
    BOOST_TEST(std::ranges::count_if(journal, [](const vk::journal_entry& each) {
                   return each.what == vk::journal_entry::change::created;
               }) == static_cast<std::ptrdiff_t>(creations));
}

BOOST_AUTO_TEST_SUITE_END()
