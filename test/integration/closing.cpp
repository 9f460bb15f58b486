// warm_up() and close() as operations: what they refuse, what they end with, and that they can be given up.
#include "support/certificates.hpp"
#include "support/world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/this_coro.hpp>

#include <cstdio>
#include <memory>
#include <optional>

#include <openssl/evp.h>
#include <openssl/pem.h>

namespace integration_closing {

using namespace test;
using namespace std::chrono_literals;
using vk::errc;

struct fixture : client_world {
    fixture() : client_world(4) {}
    std::optional<vk::result<void>> done;

    auto note()
    {
        return [this](vk::result<void> with) {
            done = std::move(with);
        };
    }
};

} // namespace integration_closing

BOOST_FIXTURE_TEST_SUITE(integration_closing, fixture)

BOOST_AUTO_TEST_CASE(warm_up_after_close_ends_at_once_and_lets_the_context_run_out)
{
    settings.base_url = "https://127.0.0.1:1/api/v1"; // nobody listens there, so that a back-off is under way
    start();
    updated_key failed;
    client->update_key(vk::key_update("a").usd(1), vk::call_options().timeout(100ms),
                       [&failed](updated_key with) { failed = std::move(with); });
    BOOST_TEST(run_out(io));
    BOOST_TEST(code_of(failed) == errc::deadline_exceeded);
    client->close(0ms, [](const vk::result<void>&) {});
    client->warm_up(1, note());
    BOOST_TEST(run_out(io, 5s));
    BOOST_REQUIRE(done.has_value());
    BOOST_TEST(code_of(*done) == errc::closed);
}

BOOST_AUTO_TEST_CASE(a_call_that_starts_after_close_is_refused_although_no_turn_came_between)
{
    start();
    const std::string id = server.ids().front();
    updated_key before;
    updated_key after;
    client->update_key(vk::key_update(id).usd(1), [&before](updated_key with) { before = std::move(with); });
    client->close(5s, note());
    client->update_key(vk::key_update(id).usd(2), [&after](updated_key with) { after = std::move(with); });
    BOOST_TEST(run_out(io));
    BOOST_TEST(before.has_value(), text_of(before));
    BOOST_TEST(code_of(after) == errc::closed);
    BOOST_REQUIRE(done.has_value());
    BOOST_TEST(done->has_value(), text_of(*done));
    BOOST_TEST(server->journal().size() == 1U);
}

BOOST_AUTO_TEST_CASE(warm_up_can_be_cancelled)
{
    start();
    asio::cancellation_signal stop;
    client->warm_up(1, asio::bind_cancellation_slot(stop.slot(), note()));
    stop.emit(asio::cancellation_type::terminal); // long before a handshake can be over
    BOOST_REQUIRE(run_until(io, [this] { return done.has_value(); }));
    BOOST_TEST(code_of(*done) == errc::cancelled);
}

BOOST_AUTO_TEST_CASE(close_can_be_waited_for_no_longer)
{
    server->add_fault(vk::fault::stall());
    settings.stall_timeout = 10s;
    settings.timeout = 20s;
    start();
    updated_key pending;
    client->update_key(vk::key_update(server.ids().front()).usd(1),
                       [&pending](updated_key with) { pending = std::move(with); });
    asio::cancellation_signal stop;
    client->close(20s, asio::bind_cancellation_slot(stop.slot(), note()));
    BOOST_REQUIRE(run_until(io, [this] { return client->stats().requests_written == 1; }));
    stop.emit(asio::cancellation_type::total);
    BOOST_REQUIRE(run_until(
        io, [this] { return done.has_value(); }, 5s));
    BOOST_TEST(code_of(*done) == errc::cancelled);
    BOOST_TEST(text_of(*done).find("goes on") != std::string::npos);
    client.reset();
    BOOST_TEST(run_out(io, 5s));
    BOOST_TEST(code_of(pending) == errc::closed);
}

BOOST_AUTO_TEST_CASE(the_closing_goes_on_when_nobody_waits_for_it_any_more)
{
    for (const bool drains : {true, false}) {
        server->clear_faults();
        server->add_fault(drains ? vk::fault::delay(100ms) : vk::fault::stall());
        start();
        done.reset();
        updated_key pending;
        client->update_key(vk::key_update(server.ids().front()).usd(1),
                           [&pending](updated_key with) { pending = std::move(with); });
        BOOST_REQUIRE(run_until(io, [this] { return client->stats().requests_written == 1; }));
        asio::cancellation_signal stop;
        client->close(drains ? 10s : 300ms, asio::bind_cancellation_slot(stop.slot(), note()));
        stop.emit(asio::cancellation_type::terminal);
        BOOST_TEST(run_out(io, 8s)); // nothing is open any more
        BOOST_REQUIRE(done.has_value());
        BOOST_TEST(code_of(*done) == errc::cancelled);
        BOOST_TEST(code_of(pending) == (drains ? errc{} : errc::closed), text_of(pending));
        BOOST_TEST(client->stats().open_connections == 0U);
        client->close(0ms, note());
        BOOST_TEST(run_out(io, 5s));
        BOOST_TEST(text_of(*done) == "success");
    }
}

BOOST_AUTO_TEST_CASE(close_tells_how_many_calls_it_cut_off_and_how_far_the_worst_got)
{
    settings.max_connections = 1;
    settings.pipeline_depth = 3;
    start();
    teach_pipelining(io, *client, server.ids()); // so that others may be written behind one another
    server->add_fault(vk::fault::stall().times(0));
    outcomes results(4);
    for (std::size_t i = 0; i != results.size(); ++i)
        client->update_key(vk::key_update(server.ids()[i]).usd(2), results.handler(i));
    BOOST_REQUIRE(run_until(io, [this] { return client->stats().requests_written == lessons + 3; }));
    client->close(0ms, note());
    BOOST_REQUIRE(run_until(io, [&] { return results.all() && done.has_value(); }));
    BOOST_TEST(code_of(*done) == errc::closed);
    BOOST_TEST(done->error().delivery == vk::delivery::sent_unanswered);
    BOOST_TEST(done->error().maybe_applied());
    BOOST_TEST(text_of(*done).find("4 calls were cut off, 3 of them sent and not answered") != std::string::npos,
               text_of(*done));

    settings.base_url = "https://127.0.0.1:1/api/v1";
    start();
    done.reset();
    outcomes waiting(1);
    client->update_key(vk::key_update("a").usd(2), waiting.handler(0));
    client->close(0ms, note());
    BOOST_REQUIRE(run_until(io, [&] { return waiting.all() && done.has_value(); }));
    BOOST_TEST(done->error().delivery == vk::delivery::not_sent);
    BOOST_TEST(text_of(*done).find("1 call was cut off, 0 of them") != std::string::npos, text_of(*done));
}

BOOST_AUTO_TEST_CASE(a_client_that_was_moved_from_refuses_calls)
{
    start();
    const vk::client taken = std::move(*client);
    updated_key got;
    client->update_key(vk::key_update("a").usd(1), [&got](updated_key with) { got = std::move(with); });
    BOOST_REQUIRE(run_until(io, [&got] { return code_of(got) != errc::no_result; }));
    BOOST_TEST(code_of(got) == errc::closed);
}

BOOST_AUTO_TEST_CASE(an_encrypted_private_key_is_refused_and_nobody_is_asked_for_its_phrase)
{
    const identity mine = authority().issue();
    const temporary_file certificate(mine.certificate_pem);
    const temporary_file private_key("");
    const key_ptr key(EVP_EC_gen("P-256"));
    const std::string phrase = "phrase";
    {
        const std::unique_ptr<std::FILE, decltype(&std::fclose)> out(std::fopen(private_key.path().c_str(), "we"),
                                                                     &std::fclose);
        BOOST_TEST_REQUIRE(out != nullptr);
        BOOST_TEST_REQUIRE(PEM_write_PrivateKey(out.get(), key.get(), EVP_aes_128_cbc(),
                                                reinterpret_cast<const unsigned char*>(phrase.data()),
                                                static_cast<int>(phrase.size()), nullptr, nullptr) == 1);
    }
    settings.tls.certificate_file = certificate.path();
    settings.tls.private_key_file = private_key.path();
    BOOST_CHECK_EXCEPTION(start(), vk::request_failed, [](const vk::request_failed& why) {
        return why.error().detail.starts_with("tls.private_key_file");
    });
}

BOOST_AUTO_TEST_CASE(a_coroutine_that_owns_its_client_dies_with_its_context)
{
    for (const auto how : {vk::threading::multi, vk::threading::single}) {
        server->clear_faults();
        server->add_fault(vk::fault::stall().times(0));
        settings.threading = how;
        auto flag = std::make_shared<int>();
        const std::weak_ptr<int> witness = flag;
        {
            asio::io_context short_lived;
            bool written = false;
            asio::co_spawn(
                short_lived,
                [&, held = std::move(flag)]() -> asio::awaitable<void> {
                    const std::shared_ptr<int> here = held;
                    vk::client own(co_await asio::this_coro::executor, server.credentials(), settings);
                    own.warm_up(1, [&written](const vk::result<void>&) { written = true; });
                    static_cast<void>(co_await own.update_key(vk::key_update(server.ids().front()).usd(1)));
                },
                [](std::exception_ptr) {});
            BOOST_REQUIRE(run_until(short_lived, [&written] { return written; }));
            BOOST_TEST(!witness.expired());
        }
        BOOST_TEST(witness.expired());
    }
}

BOOST_AUTO_TEST_SUITE_END()
