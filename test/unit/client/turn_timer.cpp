#include "client/turn_timer.hpp"

#include "support/printing.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_client_turn_timer)

namespace asio = boost::asio;
namespace net = venice_keys::net;
using namespace std::chrono_literals;
using venice_keys::detail::turn_timer;

BOOST_AUTO_TEST_CASE(a_timer_that_is_due_calls_its_handler_in_a_turn)
{
    asio::io_context io;
    const auto queue = std::make_shared<net::turn_queue>(io.get_executor());
    const net::turn_executor turns(io.get_executor(), queue);
    turn_timer timer(turns);
    timer.expires_at(std::chrono::steady_clock::now() - 1s);
    std::string seen;
    timer.async_wait([&](boost::system::error_code ec) {
        turns.in_turn<>([&] { seen += 'b'; })(); // waits for the end of this turn
        seen += ec ? 'x' : 'a';
    });
    BOOST_TEST(seen.empty());
    io.run();
    BOOST_TEST(seen == "ab");
}

BOOST_AUTO_TEST_CASE(a_timer_that_is_cancelled_says_so)
{
    asio::io_context io;
    turn_timer timer{net::turn_executor(io.get_executor())};
    timer.expires_at(std::chrono::steady_clock::now() + 24h);
    boost::system::error_code seen;
    timer.async_wait([&](boost::system::error_code ec) { seen = ec; });
    timer.cancel();
    io.run();
    BOOST_TEST((seen == asio::error::operation_aborted));
}

BOOST_AUTO_TEST_SUITE_END()
