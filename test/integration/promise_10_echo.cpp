// Promise 10, against a server that says the token back: it does not get into our message.
#include "support/scripted_server.hpp"
#include "support/world.hpp"

BOOST_AUTO_TEST_SUITE(integration_promise_10_echo)

using namespace test;

BOOST_AUTO_TEST_CASE(a_token_in_the_place_of_an_id_is_not_in_the_message)
{
    const authority trusted;
    scripted_server server(trusted.issue(), [](scripted_connection& here) {
        while (here.read_request())
            here.send(updated("VENICE_ADMIN_KEY_abc"));
    });
    asio::io_context io;
    vk::client client(io.get_executor(), vk::credentials(vk::secret("VENICE_ADMIN_KEY_abc")),
                      quick_config(server.base_url(), trusted.pem()));
    outcomes results(1);
    client.update_key(vk::key_update("key-a").usd(1), results.handler(0));
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    BOOST_TEST(code_of(results[0]) == vk::errc::reply_mismatch);
    BOOST_TEST(results[0].error().detail == "the answer is about key [redacted], not key-a");
    BOOST_TEST(results[0].error().message().find("VENICE_ADMIN_KEY") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
