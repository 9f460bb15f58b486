// Temporaries of every request and option type inside co_await expressions. g++ 12 copies some kinds of temporaries
// there bit by bit and destroys them twice: these tests mean something under AddressSanitizer. Every text is too long
// for std::string's own buffer.
#include "support/world.hpp"

#include <venice_keys/confirmation.hpp>

namespace integration_temporaries {

using namespace test;
using namespace std::chrono_literals;

const std::string long_text = "a description that does not fit into a short string";

struct fixture {
    hosted_emulator server{1};
    asio::io_context io;
    vk::client client{io.get_executor(), server.credentials(), server.config()};
    std::string id = server.ids().front();
};

} // namespace integration_temporaries

BOOST_FIXTURE_TEST_SUITE(integration_temporaries, fixture)

BOOST_AUTO_TEST_CASE(a_key_update)
{
    run(io, [&]() -> asio::awaitable<void> {
        updated_key key = co_await client.update_key(vk::key_update(std::string(id)).description(long_text));
        BOOST_TEST(key.value().description == long_text);
    });
}

BOOST_AUTO_TEST_CASE(a_list_that_is_the_range_of_a_loop)
{
    run(io, [&]() -> asio::awaitable<void> {
        std::size_t seen = 0;
        for (const vk::key_details& key : (co_await client.list_keys()).value()) {
            co_await asio::post(client.get_executor(), asio::use_awaitable); // the list outlives what it came in
            seen += key.id == id ? 1 : 0;
        }
        BOOST_TEST(seen == 1U);
    });
}

BOOST_AUTO_TEST_CASE(a_key_update_with_every_setter)
{
    run(io, [&]() -> asio::awaitable<void> {
        updated_key key = co_await client.update_key(vk::key_update{std::string(id)}
                                                         .usd(50)
                                                         .diem(vk::clear)
                                                         .vcu(vk::clear)
                                                         .limit_period(vk::limit_period::month)
                                                         .model_privacy(vk::model_privacy::all)
                                                         .description(std::string(long_text))
                                                         .expires_at(std::string("2031-01-02T03:04:05.678Z")));
        BOOST_TEST(key.value().limits.usd.value() == 50.0);
    });
}

BOOST_AUTO_TEST_CASE(a_key_update_with_an_expiration_in_time)
{
    run(io, [&]() -> asio::awaitable<void> {
        updated_key key = co_await client.update_key(
            vk::key_update(std::string(id)).expires_at(vk::timestamp(1'900'000'000'000ms)).description(vk::clear));
        BOOST_TEST(key.value().expires_at.value() == vk::timestamp(1'900'000'000'000ms));
    });
}

BOOST_AUTO_TEST_CASE(call_options_beside_a_key_update)
{
    run(io, [&]() -> asio::awaitable<void> {
        updated_key key = co_await client.update_key(vk::key_update(std::string(id)).description(long_text),
                                                     vk::call_options().timeout(10s));
        BOOST_TEST(key.value().description == long_text);
        key = co_await client.update_key(vk::key_update(std::string(id)).description(long_text), vk::call_options{},
                                         asio::use_awaitable);
        BOOST_TEST(key.value().description == long_text);
    });
}

BOOST_AUTO_TEST_CASE(the_result_itself)
{
    run(io, [&]() -> asio::awaitable<void> {
        BOOST_TEST((co_await client.update_key(vk::key_update(id).description(long_text))).value().description ==
                   long_text);
        const std::string text =
            (co_await client.update_key(vk::key_update(std::string(40, 'n')).usd(1))).error().message();
        BOOST_TEST(text.find("not found") != std::string::npos, text);
    });
}

BOOST_AUTO_TEST_CASE(a_client_with_its_credentials_and_its_configuration)
{
    run(io, [&]() -> asio::awaitable<void> {
        updated_key key =
            co_await vk::client(io.get_executor(), vk::credentials(vk::secret(server->token())), server.config())
                .update_key(vk::key_update(std::string(id)).description(long_text));
        BOOST_TEST(key.value().description == long_text);
    });
}

BOOST_AUTO_TEST_CASE(warm_up_and_close)
{
    run(io, [&]() -> asio::awaitable<void> {
        BOOST_TEST(co_await client.warm_up(2));
        BOOST_TEST(co_await client.close(1s));
    });
}

BOOST_AUTO_TEST_CASE(several_in_one_expression)
{
    run(io, [&]() -> asio::awaitable<void> {
        const bool both =
            (co_await client.update_key(vk::key_update(std::string(id)).description(long_text + "1"))).has_value() &&
            (co_await client.update_key(vk::key_update(std::string(id)).description(long_text + "2"))).has_value();
        BOOST_TEST(both);
    });
}

BOOST_AUTO_TEST_CASE(a_new_key)
{
    run(io, [&]() -> asio::awaitable<void> {
        vk::result<vk::created_key> made =
            co_await client.create_key(vk::new_key(vk::key_type::inference, std::string(long_text))
                                           .usd(50)
                                           .diem(vk::clear)
                                           .limit_period(vk::limit_period::month)
                                           .model_privacy(vk::model_privacy::all)
                                           .expires_at(std::string("2031-01-02T03:04:05.678Z")));
        BOOST_TEST(made.value().description == long_text);
        BOOST_TEST(!(co_await client.create_key(vk::new_key(vk::key_type::inference, std::string(long_text)),
                                                vk::call_options().timeout(10s)))
                        .value()
                        .secret.expose()
                        .empty());
    });
}

BOOST_AUTO_TEST_CASE(a_new_key_of_a_type_that_is_named_by_its_text)
{
    run(io, [&]() -> asio::awaitable<void> {
        vk::result<vk::created_key> made = co_await client.create_key(
            vk::new_key(vk::key_type("a type that is too long for a short string"), std::string(long_text)));
        BOOST_TEST(code_of(made) == vk::errc::invalid_request);
    });
}

BOOST_AUTO_TEST_CASE(a_new_key_of_a_wallet)
{
    run(io, [&]() -> asio::awaitable<void> {
        vk::result<vk::created_key> made =
            co_await client.create_web3_key(vk::new_web3_key(vk::key_type::inference, "0x" + std::string(40, 'a'),
                                                             std::move(co_await client.web3_challenge()).value(),
                                                             vk::secret("0x" + std::string(130, 'b')))
                                                .description(std::string(long_text))
                                                .usd(1)
                                                .expires_at("2031-01-02"));
        BOOST_REQUIRE_MESSAGE(made, text_of(made));
        BOOST_TEST(made->description == long_text);
    });
}

BOOST_AUTO_TEST_CASE(an_id)
{
    run(io, [&]() -> asio::awaitable<void> {
        vk::result<vk::key_details> key = co_await client.get_key(std::string(id));
        BOOST_TEST(key.value().id == id);
        vk::result<void> gone = co_await client.delete_key(std::string(id), vk::call_options().timeout(10s));
        BOOST_TEST(text_of(gone) == "success");
    });
}

BOOST_AUTO_TEST_CASE(call_options_that_ask_for_a_confirmation)
{
    server->add_fault(vk::fault::reset().applied(vk::fault::apply::before).only_method("PATCH").times(3));
    run(io, [&]() -> asio::awaitable<void> {
        updated_key key = co_await client.update_key(vk::key_update(std::string(id)).description(long_text),
                                                     vk::call_options().confirm(1s).timeout(10s));
        BOOST_REQUIRE(!key.has_value());
        BOOST_TEST_REQUIRE(key.error().confirmation != nullptr);
        BOOST_TEST(key.error().confirmation->key->description == long_text);
    });
}

BOOST_AUTO_TEST_CASE(a_view_with_its_credentials)
{
    run(io, [&]() -> asio::awaitable<void> {
        updated_key key = co_await client.as(vk::credentials(vk::secret(server->token())))
                              .update_key(vk::key_update(std::string(id)).description(long_text));
        BOOST_TEST(key.value().description == long_text);
    });
}

// The sink that is written there captures references alone: g++ 12 destroys what it owns twice, and no library can help
// that. One with a name may own what it likes.
BOOST_AUTO_TEST_CASE(a_range_with_its_options_and_its_sink)
{
    run(io, [&]() -> asio::awaitable<void> {
        std::string last;
        vk::result<vk::bulk_summary> all = co_await client.update_keys(
            std::vector<vk::key_update>(3, vk::key_update(std::string(id)).description(long_text)),
            vk::bulk_options().max_in_flight(2).each(vk::call_options().timeout(10s).confirm(1s)),
            [&last](std::size_t, updated_key with) { last = with.value().description; });
        BOOST_TEST(all.value().applied == 3U);
        BOOST_TEST(last == long_text);

        const auto sink = [&last, own = long_text](std::size_t, updated_key with) {
            last = own + with.value().description;
        };
        all = co_await client.update_keys(
            std::vector<vk::key_update>(3, vk::key_update(std::string(id)).description(long_text)), vk::bulk_options(),
            sink);
        BOOST_TEST(all.value().applied == 3U);
        BOOST_TEST(last == long_text + long_text);
    });
}

BOOST_AUTO_TEST_SUITE_END()
