// All nine operations through the public client: what they send, what they complete with, and how they are refused.
#include "support/printing_values.hpp"
#include "support/scripted_world.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <future>
#include <thread>

namespace integration_operations {

using namespace test;
using namespace std::chrono_literals;
using vk::errc;

struct fixture : client_world {
    fixture() : client_world(3) { start(); }
};

// What a get of this key is answered with.
std::string details(std::string_view id)
{
    return reply(200, R"({"data":{"id":")" + std::string(id) +
                          R"(","description":"","apiKeyType":"INFERENCE","consumptionLimits":{}}})");
}

std::string created(std::string_view secret)
{
    return reply(200, R"({"data":{"apiKey":")" + std::string(secret) +
                          R"(","id":"new-key","description":"d","apiKeyType":"INFERENCE",)"
                          R"("consumptionLimit":{"usd":null,"diem":null}},"success":true})");
}

std::string first_line(const seen_request& request)
{
    return request.head.substr(0, request.head.find("\r\n"));
}

template <class T>
void check_invalid(const vk::result<T>& refused, std::string_view field)
{
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(code_of(refused) == errc::invalid_argument);
    BOOST_TEST(refused.error().detail.find(field) != std::string::npos, refused.error().detail);
    BOOST_TEST(refused.error().delivery == vk::delivery::not_sent);
    BOOST_TEST(refused.error().attempts == 0U);
}

} // namespace integration_operations

BOOST_FIXTURE_TEST_SUITE(integration_operations, fixture)

BOOST_AUTO_TEST_CASE(list_keys_gives_every_key_with_what_it_used)
{
    run(io, [&]() -> asio::awaitable<void> {
        updated_key changed = co_await client->update_key(vk::key_update(ids[1]).usd(7).description("the second"));
        BOOST_REQUIRE_MESSAGE(changed, text_of(changed));
        vk::result<std::vector<vk::key_details>> all = co_await client->list_keys();
        BOOST_REQUIRE_MESSAGE(all, text_of(all));
        BOOST_TEST_REQUIRE(all->size() == 3U);
        for (std::size_t i = 0; i != 3; ++i) {
            BOOST_TEST((*all)[i].id == ids[2 - i]); // the newest first
            BOOST_TEST((*all)[i].trailing_seven_days.has_value());
            BOOST_TEST((*all)[i].current_period.has_value() == (i == 1));
        }
        BOOST_TEST((*all)[1].limits.usd.value() == 7.0);
        BOOST_TEST((*all)[1].description == "the second");
        BOOST_TEST((*all)[0].created_at == server->keys()[2].created_at);
    });
}

BOOST_AUTO_TEST_CASE(get_key_gives_one)
{
    run(io, [&]() -> asio::awaitable<void> {
        vk::result<vk::key_details> key = co_await client->get_key(ids[2]);
        BOOST_REQUIRE_MESSAGE(key, text_of(key));
        const vk::api_key& same = *key;
        BOOST_TEST(same == server->keys()[2]);
        BOOST_TEST(key->trailing_seven_days.has_value());
    });
}

BOOST_AUTO_TEST_CASE(create_key_makes_a_key_and_shows_its_secret_in_one_place)
{
    run(io, [&]() -> asio::awaitable<void> {
        vk::result<vk::created_key> made = co_await client->create_key(vk::new_key(vk::key_type::inference, "tenant 42")
                                                                           .usd(12.5)
                                                                           .limit_period(vk::limit_period::month)
                                                                           .expires_at("2031-02-03"));
        BOOST_REQUIRE_MESSAGE(made, text_of(made));
        const vk::api_key there = server->keys().back();
        BOOST_TEST(server->keys().size() == 4U);
        BOOST_TEST(made->id == there.id);
        BOOST_TEST(made->description == "tenant 42");
        BOOST_TEST(made->limits.usd.value() == 12.5);
        BOOST_TEST(made->limit_period == vk::limit_period::month);
        BOOST_TEST(made->expires_at == vk::parse_timestamp("2031-02-03"));
        const std::string secret(made->secret.expose());
        BOOST_TEST(secret.size() > 10U);
        BOOST_TEST(secret.ends_with(there.last6_chars));
        for (const std::string& text : {made->id, made->description, made->last6_chars})
            BOOST_TEST(text.find(secret) == std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(delete_key_takes_one_away)
{
    run(io, [&]() -> asio::awaitable<void> {
        vk::result<void> done = co_await client->delete_key(ids[0]);
        BOOST_REQUIRE_MESSAGE(done, text_of(done));
        BOOST_TEST(server.ids() == (std::vector<std::string>{ids[1], ids[2]}), boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(rate_limits_and_their_log_are_read)
{
    run(io, [&]() -> asio::awaitable<void> {
        vk::result<vk::account_limits> limits = co_await client->rate_limits();
        BOOST_REQUIRE_MESSAGE(limits, text_of(limits));
        BOOST_TEST(limits->access_permitted);
        BOOST_TEST(limits->tier_is_charged);
        BOOST_TEST(limits->usd_balance.value() == 50.23);
        BOOST_TEST(limits->next_epoch_begins.has_value());
        BOOST_REQUIRE(!limits->models.empty());
        BOOST_TEST(!limits->models.front().limits.empty());
        vk::result<std::vector<vk::rate_limit_event>> log = co_await client->rate_limit_log();
        BOOST_REQUIRE_MESSAGE(log, text_of(log));
        BOOST_TEST(log->empty());
    });
}

BOOST_AUTO_TEST_CASE(the_log_of_exceeded_limits_is_told)
{
    const authority trusted;
    scripted_server told(trusted.issue(), always(reply(200, R"({"data":[{"apiKeyId":"k","modelId":"m",)"
                                                            R"("rateLimitTier":"paid","rateLimitType":"RPM",)"
                                                            R"("timestamp":"2024-10-01T12:34:56.789Z"}]})")));
    vk::client other(io.get_executor(), server.credentials(), quick_config(told.base_url(), trusted.pem()));
    run(io, [&]() -> asio::awaitable<void> {
        vk::result<std::vector<vk::rate_limit_event>> log = co_await other.rate_limit_log();
        BOOST_REQUIRE_MESSAGE(log, text_of(log));
        BOOST_TEST_REQUIRE(log->size() == 1U);
        BOOST_TEST(log->front().key_id == "k");
        BOOST_TEST(log->front().type == "RPM");
        BOOST_TEST(log->front().when == vk::parse_timestamp("2024-10-01T12:34:56.789Z"));
    });
    BOOST_TEST(first_line(told.requests().front()) == "GET /api/v1/api_keys/rate_limits/log HTTP/1.1");
}

BOOST_AUTO_TEST_CASE(a_wallet_makes_a_key_with_a_challenge_and_makes_it_once)
{
    run(io, [&]() -> asio::awaitable<void> {
        vk::result<vk::wallet_challenge> challenge = co_await client->web3_challenge();
        BOOST_REQUIRE_MESSAGE(challenge, text_of(challenge));
        BOOST_TEST(!challenge->expose().empty());
        const std::string address = "0x" + std::string(40, 'a');
        const std::string signature = "0x" + std::string(130, 'b');
        const auto wish = [&] {
            return vk::new_web3_key(vk::key_type::inference, address, *challenge, vk::secret(signature));
        };
        vk::result<vk::created_key> made = co_await client->create_web3_key(wish().description("of a wallet").diem(3));
        BOOST_REQUIRE_MESSAGE(made, text_of(made));
        BOOST_TEST(made->description == "of a wallet");
        BOOST_TEST(made->limits.diem.value() == 3.0);
        BOOST_TEST(std::string(made->secret.expose()).ends_with(server->keys().back().last6_chars));
        vk::result<vk::created_key> again = co_await client->create_web3_key(wish());
        BOOST_TEST(code_of(again) == errc::invalid_request);
        // It is not the token that was refused.
        BOOST_TEST(co_await client->get_key(ids[0]));
    });
}

BOOST_AUTO_TEST_CASE(a_wallet_makes_a_key_with_a_message_and_makes_it_once)
{
    vk::emulator_options options;
    options.wallets = vk::wallet_form::message;
    hosted_emulator announced(options);
    vk::client other(io.get_executor(), announced.credentials(), announced.config());
    const std::string address = "0x" + std::string(40, 'a');
    run(io, [&]() -> asio::awaitable<void> {
        BOOST_TEST(code_of(co_await other.web3_challenge()) == errc::invalid_request); // whose?
        vk::result<vk::wallet_challenge> challenge = co_await other.web3_challenge(address);
        BOOST_REQUIRE_MESSAGE(challenge, text_of(challenge));
        BOOST_TEST(challenge->kind() == vk::wallet_challenge::form::message);
        BOOST_TEST(challenge->expose().find(address) != std::string_view::npos);
        BOOST_TEST(challenge->expose().find(challenge->nonce()) != std::string_view::npos);
        BOOST_TEST(challenge->expires_at().has_value());
        const auto wish = [&](const std::string& whose) {
            return vk::new_web3_key(vk::key_type::inference, whose, *challenge,
                                    vk::secret("0x" + std::string(130, 'b')));
        };
        BOOST_TEST(code_of(co_await other.create_web3_key(wish("0x" + std::string(40, 'c')))) == errc::invalid_request);
        vk::result<vk::created_key> made = co_await other.create_web3_key(wish(address).description("of a wallet"));
        BOOST_REQUIRE_MESSAGE(made, text_of(made));
        BOOST_TEST(std::string(made->secret.expose()).ends_with(announced->keys().back().last6_chars));
        BOOST_TEST(code_of(co_await other.create_web3_key(wish(address))) == errc::invalid_request); // used
    });
}

BOOST_AUTO_TEST_CASE(every_operation_takes_callbacks_and_options)
{
    std::vector<std::string> ended;
    const auto note = [&ended](std::string name) {
        return [&ended, name](const auto& with) {
            ended.push_back(name + ": " + text_of(with));
        };
    };
    const vk::call_options options = vk::call_options().timeout(10s);
    client->update_key(vk::key_update(ids[0]).usd(1), options, note("update"));
    client->list_keys(options, note("list"));
    client->get_key(ids[0], options, note("get"));
    client->create_key(vk::new_key(vk::key_type::inference, "x"), options, note("create"));
    client->delete_key(ids[1], options, note("delete"));
    client->rate_limits(options, note("limits"));
    client->rate_limit_log(options, note("log"));
    client->web3_challenge(options, note("challenge"));
    BOOST_TEST(ended.empty());
    BOOST_REQUIRE(run_until(io, [&] { return ended.size() == 8; }));
    for (const std::string& each : ended)
        BOOST_TEST(each.ends_with(": success"), each);
}

BOOST_AUTO_TEST_CASE(other_operations_than_an_update_take_futures_and_awaitables)
{
    auto list = client->list_keys(asio::use_future);
    auto made = client->create_key(vk::new_key(vk::key_type::inference, "y"), asio::use_future);
    auto gone = client->delete_key(ids[0], asio::use_future);
    std::thread runner([&] { io.run(); });
    const bool came = list.wait_for(patience) == std::future_status::ready &&
                      made.wait_for(patience) == std::future_status::ready &&
                      gone.wait_for(patience) == std::future_status::ready;
    client.reset();
    runner.join();
    BOOST_REQUIRE(came);
    BOOST_TEST(text_of(list.get()) == "success");
    BOOST_TEST(text_of(made.get()) == "success");
    BOOST_TEST(text_of(gone.get()) == "success");
    start();
    io.restart();
    run(io, [&]() -> asio::awaitable<void> {
        vk::result<vk::key_details> key = co_await client->get_key(ids[1], asio::use_awaitable);
        BOOST_TEST(key.value().id == ids[1]);
    });
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_an_argument_is_named_and_nothing_is_sent)
{
    run(io, [&]() -> asio::awaitable<void> {
        check_invalid(co_await client->get_key(""), "id");
        check_invalid(co_await client->get_key("."), "id");
        check_invalid(co_await client->get_key(".."), "id");
        check_invalid(co_await client->delete_key(""), "id");
        check_invalid(co_await client->update_key(vk::key_update("").usd(1)), "id");
        check_invalid(co_await client->create_key(vk::new_key(vk::key_type::inference, std::string(65, 'x'))),
                      "description");
        check_invalid(co_await client->create_key(vk::new_key(vk::key_type::inference, "x").usd(-1)), "usd");
        check_invalid(co_await client->create_web3_key(
                          vk::new_web3_key(vk::key_type::inference, "", vk::secret("c"), vk::secret("s"))),
                      "address");
        check_invalid(co_await client->list_keys(vk::call_options().timeout(0ms)), "timeout");
        check_invalid(co_await client->delete_key("k", vk::call_options().confirm(25h)), "confirm");
    });
    BOOST_TEST(server->stats().connections == 0U);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_there_is_not_found)
{
    run(io, [&]() -> asio::awaitable<void> {
        BOOST_TEST(code_of(co_await client->get_key("no-such-key")) == errc::not_found);
        BOOST_TEST(code_of(co_await client->delete_key("no-such-key")) == errc::not_found);
        BOOST_TEST(code_of(co_await client->update_key(vk::key_update("no-such-key").usd(1))) == errc::not_found);
        vk::result<vk::key_details> key = co_await client->get_key("no-such-key");
        BOOST_TEST(key.error().http_status == 400U);
        BOOST_TEST(key.error().attempts == 1U);
        BOOST_TEST(key.error().delivery == vk::delivery::answered);
        BOOST_TEST(!key.error().request_id.empty());
    });
    BOOST_TEST(server->stats().requests == 4U);
}

struct nothing {};

BOOST_FIXTURE_TEST_SUITE(on_the_wire, nothing)

BOOST_AUTO_TEST_CASE(an_id_stays_within_its_part_of_the_target)
{
    const std::string id = "a/b?c=d&e#f%g \u20ac";
    scripted_world world([&](scripted_connection& here) {
        while (const auto request = here.read_request())
            here.send(request->head.starts_with("GET") ? details(id) : reply(200, R"({"success":true})"));
    });
    run(world.io, [&]() -> asio::awaitable<void> {
        vk::result<vk::key_details> key = co_await world.start().get_key(id);
        BOOST_REQUIRE_MESSAGE(key, text_of(key));
        BOOST_TEST(key->id == id);
        vk::result<void> gone = co_await world.client->delete_key(id);
        BOOST_TEST(text_of(gone) == "success");
    });
    const auto requests = world.server.requests();
    BOOST_TEST_REQUIRE(requests.size() == 2U);
    const std::string encoded = "a%2Fb%3Fc%3Dd%26e%23f%25g%20%E2%82%AC";
    BOOST_TEST(first_line(requests[0]) == "GET /api/v1/api_keys/" + encoded + " HTTP/1.1");
    BOOST_TEST(first_line(requests[1]) == "DELETE /api/v1/api_keys?id=" + encoded + " HTTP/1.1");
}

BOOST_AUTO_TEST_CASE(what_concerns_a_wallet_is_sent_without_the_token)
{
    scripted_world world([](scripted_connection& here) {
        while (const auto request = here.read_request()) {
            if (request->head.starts_with("POST"))
                here.send(created("the-secret"));
            else if (request->head.find("generate_web3_key") != std::string::npos)
                here.send(reply(200, R"({"data":{"token":"challenge"},"success":true})"));
            else
                here.send(details("key"));
        }
    });
    run(world.io, [&]() -> asio::awaitable<void> {
        vk::result<vk::wallet_challenge> challenge = co_await world.start().web3_challenge();
        BOOST_REQUIRE_MESSAGE(challenge, text_of(challenge));
        BOOST_TEST(challenge->expose() == "challenge");
        vk::result<vk::created_key> made = co_await world.client->create_web3_key(
            vk::new_web3_key(vk::key_type::inference, "0xaddress", *challenge, vk::secret("signature")));
        BOOST_REQUIRE_MESSAGE(made, text_of(made));
        BOOST_TEST(co_await world.client->get_key("key"));
    });
    const auto requests = world.server.requests();
    BOOST_TEST_REQUIRE(requests.size() == 3U);
    BOOST_TEST(first_line(requests[0]) == "GET /api/v1/api_keys/generate_web3_key HTTP/1.1");
    BOOST_TEST(first_line(requests[1]) == "POST /api/v1/api_keys/generate_web3_key HTTP/1.1");
    for (std::size_t i = 0; i != 2; ++i) {
        BOOST_TEST(requests[i].head.find("uthorization") == std::string::npos);
        BOOST_TEST(requests[i].head.find(the_token) == std::string::npos);
        BOOST_TEST(requests[i].body.find(the_token) == std::string::npos);
    }
    BOOST_TEST(requests[2].head.find("Authorization: Bearer " + the_token + "\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_get_that_is_answered_with_another_key_poisons_its_connection)
{
    scripted_world world([](scripted_connection& here) {
        while (here.read_request())
            here.send(details(here.number() == 0 ? "another" : "key"));
    });
    run(world.io, [&]() -> asio::awaitable<void> {
        vk::result<vk::key_details> key = co_await world.start().get_key("key");
        BOOST_REQUIRE_MESSAGE(key, text_of(key)); // on another connection
        BOOST_TEST(key->id == "key");
    });
    BOOST_TEST(world.server.connections() == 2U);
}

BOOST_AUTO_TEST_CASE(a_get_that_is_always_answered_with_another_key_is_a_mismatch)
{
    scripted_world world(always(details("another")));
    run(world.io, [&]() -> asio::awaitable<void> {
        vk::result<vk::key_details> key = co_await world.start().get_key("key");
        BOOST_TEST(code_of(key) == errc::reply_mismatch);
        BOOST_TEST(key.error().detail == "the answer is about key another, not key");
        BOOST_TEST(key.error().delivery == vk::delivery::sent_unanswered);
        BOOST_TEST(key.error().attempts == 3U);
    });
    BOOST_TEST(world.server.connections() == 3U);
}

BOOST_AUTO_TEST_CASE(an_id_that_can_not_be_read_does_not_cost_a_new_key)
{
    scripted_world world(always(reply(200, R"({"data":{"apiKey":"sec-ret-1234","id":{}},"success":true})")));
    run(world.io, [&]() -> asio::awaitable<void> {
        vk::result<vk::created_key> made = co_await world.start().create_key(vk::new_key(vk::key_type::inference, "x"));
        BOOST_REQUIRE_MESSAGE(made, text_of(made));
        BOOST_TEST(made->secret.expose() == "sec-ret-1234");
        BOOST_TEST(made->id.empty());
        BOOST_TEST(vk::is_unread(made->unread, "id"));
    });
    BOOST_TEST(world.server.requests().size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_secret_of_a_new_key_is_in_no_error)
{
    // Each is a 200 that can't be taken for a success.
    for (const std::string& body : {std::string(R"({"data":{"apiKey":"sec-ret-1234","id":"new"},"success":false,)"
                                                R"("error":"do not use sec-ret-1234"})"),
                                    std::string(R"({"data":{"apiKey":["sec-ret-1234"]},"success":true})"),
                                    std::string(R"({"data":{"id":"new","apiKey":"sec-ret-1234")")}) {
        scripted_world world(always(reply(200, body)));
        run(world.io, [&]() -> asio::awaitable<void> {
            vk::result<vk::created_key> made =
                co_await world.start().create_key(vk::new_key(vk::key_type::inference, "x"));
            BOOST_REQUIRE(!made.has_value());
            const vk::error& why = made.error();
            BOOST_TEST_MESSAGE(why.message());
            for (const std::string& text : {why.message(), why.detail, why.server_text})
                BOOST_TEST(text.find("sec-ret") == std::string::npos, text);
            BOOST_TEST(why.attempts == 1U);
        });
        BOOST_TEST(world.server.requests().size() == 1U);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
