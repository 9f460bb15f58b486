// The socket as a layer, with bytes that are passed in and a socket that is not open.
#include "net/plain_stream.hpp"

#include "support/printing.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(unit_net_plain_stream)

namespace asio = boost::asio;
using venice_keys::net::plain_stream;
using step = venice_keys::net::byte_layer::outcome;

namespace {

struct stream_alone {
    asio::io_context io;
    plain_stream stream{asio::ip::tcp::socket(io)};

    step read(std::string& into, std::size_t room = 100)
    {
        std::size_t got = 0;
        into.assign(room, '?');
        const step how = stream.read(into.data(), room, got);
        into.resize(got);
        return how;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(what_was_fed_is_read_as_far_as_there_is_room)
{
    stream_alone here;
    std::string got;
    BOOST_TEST(here.read(got) == step::needs_bytes);
    here.stream.feed("abcde");
    BOOST_TEST(here.read(got, 2) == step::done);
    BOOST_TEST(got == "ab");
    BOOST_TEST(here.read(got) == step::done);
    BOOST_TEST(got == "cde");
    BOOST_TEST(here.read(got) == step::needs_bytes);
    BOOST_TEST(got == "");
}

BOOST_AUTO_TEST_CASE(the_end_of_the_socket_comes_behind_its_bytes)
{
    stream_alone here;
    std::string got;
    here.stream.feed_end(asio::error::eof);
    here.stream.feed("last");
    BOOST_TEST(here.read(got) == step::done);
    BOOST_TEST(got == "last");
    BOOST_TEST(here.read(got) == step::ended);
    BOOST_TEST(here.read(got) == step::ended);
}

BOOST_AUTO_TEST_CASE(an_error_of_the_socket_is_reported)
{
    stream_alone here;
    std::string got;
    here.stream.feed_end(asio::error::connection_reset);
    BOOST_TEST(here.read(got) == step::failed);
    BOOST_TEST(here.stream.why() == asio::error::connection_reset);
}

BOOST_AUTO_TEST_CASE(a_write_into_a_closed_socket_fails_with_its_error)
{
    stream_alone here;
    BOOST_TEST(here.stream.write("a request") == step::failed);
    BOOST_TEST(here.stream.why() == asio::error::bad_descriptor);
    BOOST_TEST(here.stream.write("") == step::done);
}

BOOST_AUTO_TEST_SUITE_END()
