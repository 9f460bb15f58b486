// The test that the guide's page on the emulator shows: the client against a server that fails.
#include <venice_keys/client.hpp>
#include <venice_keys/emulator.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <exception>
#include <string>

BOOST_AUTO_TEST_SUITE(integration_emulator_guide)

namespace asio = boost::asio;
namespace vk = venice_keys;

namespace {

// [rethrow]
void rethrow(std::exception_ptr thrown)
{
    if (thrown)
        std::rethrow_exception(thrown);
}
// [/rethrow]

} // namespace

// [test]
BOOST_AUTO_TEST_CASE(a_lost_answer_does_not_lose_the_update)
{
    asio::io_context io;
    vk::emulator_options options;
    options.initial_keys = 2;
    vk::emulator emulator{io.get_executor(), options};

    vk::config config;
    config.base_url = emulator.base_url();
    config.tls.ca_pem = emulator.ca_pem();
    vk::client client{io.get_executor(), vk::credentials{vk::secret{emulator.token()}}, config};

    // The first update is applied, and then the connection closes instead of an answer.
    emulator.add_fault(vk::fault::close().applied(vk::fault::apply::before));

    const std::string id = emulator.keys().front().id;
    const auto test = [&]() -> asio::awaitable<void> {
        const vk::result<vk::api_key> key = co_await client.update_key(vk::key_update{id}.usd(50));
        BOOST_TEST(key.value().limits.usd.value() == 50);
        emulator.stop();
        (co_await client.close(std::chrono::seconds{5})).value();
    };
    asio::co_spawn(io, test, rethrow);
    io.run();

    // What really happened: the client sent the update again, which does no harm.
    BOOST_TEST(emulator.journal().size() == 2U);
    BOOST_TEST(emulator.keys().front().limits.usd.value() == 50);
}
// [/test]

BOOST_AUTO_TEST_SUITE_END()
