// Two TLS streams that talk to each other through memory. How one stands on another is in tls_in_tls.
#include "net/tls_stream.hpp"

#include "net/tls_alert.hpp"
#include "support/printing.hpp"
#include "unit/support/memory_handshake.hpp"
#include "unit/support/memory_link.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace unit_net_tls_stream {

using namespace venice_keys;
using namespace venice_keys::test;
namespace asio = boost::asio;
using net::tls_stream;
using step = net::byte_layer::outcome;

// One of the two streams, with what it has sent and what is on its way to it.
class side {
public:
    explicit side(SSL_CTX* settings)
    {
        auto bottom = std::make_unique<memory_link>(sent, stubborn);
        link = bottom.get();
        stream = std::make_unique<tls_stream>(std::move(bottom), settings);
    }

    // Takes a step, again and again as bytes come, which is `piece` at a time.
    template <class Step>
    step finish(Step what)
    {
        for (;;) {
            const step how = what();
            if (how == step::needs_write)
                continue;
            if (how != step::needs_bytes || coming.empty())
                return how;
            fed_ = coming.substr(0, piece);
            coming.erase(0, piece);
            stream->feed(fed_);
        }
    }
    step shake_hands()
    {
        return finish([this] { return stream->handshake(); });
    }
    step write(std::string_view text)
    {
        return finish([&] { return stream->write(text); });
    }
    // As much as there is, into `got`.
    step read()
    {
        for (;;) {
            char block[100];
            std::size_t size = 0;
            const step how = finish([&] { return stream->read(block, sizeof block, size); });
            if (how != step::done)
                return how;
            got.append(block, size);
        }
    }
    void hear(std::string bytes) { coming += std::move(bytes); }

    std::string sent;
    std::string coming;
    std::string got;
    std::size_t piece = 1000;
    bool stubborn = false;
    memory_link* link = nullptr;
    std::unique_ptr<tls_stream> stream;

private:
    std::string fed_;
};

struct two_sides {
    two_sides()
    {
        BOOST_TEST_REQUIRE(context->prepare(near.stream->native()));
        SSL_set_accept_state(far.stream->native());
    }

    // Carries what each has sent to the other.
    void carry()
    {
        far.hear(std::exchange(near.sent, {}));
        near.hear(std::exchange(far.sent, {}));
    }
    // The handshake as far as it goes: what it has come to on the near side, and on the far side.
    std::pair<step, step> shake_hands()
    {
        std::pair<step, step> how{step::needs_bytes, step::needs_bytes};
        for (int i = 0; i != 4 && how.first != step::failed; ++i) {
            how.first = near.shake_hands();
            carry();
            if (how.second != step::failed)
                how.second = far.shake_hands();
            carry();
        }
        return how;
    }

    std::shared_ptr<net::tls_context> context = client("example.org");
    server settings{ours().issue(named({"DNS:example.org"}))};
    side near{context->native().native_handle()};
    side far{settings.native()};
};

struct connected_sides : two_sides {
    connected_sides()
    {
        const auto [here, there] = shake_hands();
        BOOST_TEST_REQUIRE(here == step::done);
        BOOST_TEST_REQUIRE(there == step::done);
        BOOST_TEST_REQUIRE(near.read() == step::needs_bytes); // the tickets
        near.got.clear();
    }
};

} // namespace unit_net_tls_stream

BOOST_AUTO_TEST_SUITE(unit_net_tls_stream)

using namespace unit_net_tls_stream;

BOOST_AUTO_TEST_CASE(a_handshake_comes_to_its_end_however_its_bytes_are_cut)
{
    for (const std::size_t piece : {1U, 2U, 3U, 5U, 7U, 100U, 10'000U}) {
        BOOST_TEST_CONTEXT("in pieces of " << piece)
        {
            two_sides both;
            both.near.piece = both.far.piece = piece;
            const auto [here, there] = both.shake_hands();
            BOOST_TEST(here == step::done);
            BOOST_TEST(there == step::done);
            BOOST_TEST(SSL_version(both.near.stream->native()) == TLS1_3_VERSION);
        }
    }
}

// What is whole is handed over, and of what is not whole not a byte.
BOOST_AUTO_TEST_CASE(records_may_be_cut_at_every_offset)
{
    connected_sides both;
    const std::vector<std::string> texts{"a", std::string(30, 'b'), "cc"};
    std::size_t size = 1; // of the records together; not known before the first round
    for (std::size_t cut = 0; cut <= size; ++cut) {
        BOOST_TEST_CONTEXT("cut at " << cut << " of " << size)
        {
            std::string before; // what is in the records that are whole
            std::string all;
            for (const std::string& text : texts) {
                BOOST_TEST_REQUIRE(both.far.write(text) == step::done);
                all += text;
                if (both.far.sent.size() <= cut)
                    before = all;
            }
            std::string bytes = std::exchange(both.far.sent, {});
            size = bytes.size();
            both.near.hear(bytes.substr(0, cut));
            BOOST_TEST(both.near.read() == step::needs_bytes);
            BOOST_TEST(both.near.got == before);
            both.near.hear(bytes.substr(cut));
            BOOST_TEST(both.near.read() == step::needs_bytes);
            BOOST_TEST(both.near.got == all);
            both.near.got.clear();
        }
    }
    BOOST_TEST(size > 33U + 3 * 5); // three records, each with its head
}

BOOST_AUTO_TEST_CASE(many_records_in_one_piece_are_read_one_after_another)
{
    connected_sides both;
    std::string all;
    for (int i = 0; i != 50; ++i) {
        const std::string text = "answer " + std::to_string(i) + "\n";
        BOOST_TEST_REQUIRE(both.far.write(text) == step::done);
        all += text;
    }
    both.carry();
    both.near.piece = both.near.coming.size();
    BOOST_TEST(both.near.read() == step::needs_bytes);
    BOOST_TEST(both.near.got == all);
}

BOOST_AUTO_TEST_CASE(bytes_go_both_ways_at_once)
{
    connected_sides both;
    BOOST_TEST(both.near.write("a request") == step::done);
    BOOST_TEST(both.far.write("an answer") == step::done);
    BOOST_TEST(both.near.sent.find("request") == std::string::npos);
    both.carry();
    BOOST_TEST(both.near.read() == step::needs_bytes);
    BOOST_TEST(both.far.read() == step::needs_bytes);
    BOOST_TEST(both.near.got == "an answer");
    BOOST_TEST(both.far.got == "a request");
}

// With no bytes of the peer the handshake that a write begins can't go on: the same write goes on when they have come.
BOOST_AUTO_TEST_CASE(a_write_may_need_bytes_of_the_peer)
{
    two_sides both;
    BOOST_TEST(both.near.write("a request") == step::needs_bytes);
    both.carry();
    BOOST_TEST(both.far.shake_hands() == step::needs_bytes);
    both.carry();
    const std::string elsewhere = "a request"; // the bytes count, not where they are
    BOOST_TEST(both.near.write(elsewhere) == step::done);
    both.carry();
    BOOST_TEST(both.far.read() == step::needs_bytes);
    BOOST_TEST(both.far.got == "a request");
}

BOOST_AUTO_TEST_CASE(a_write_that_has_to_wait_goes_out_once_when_it_is_repeated)
{
    connected_sides both;
    both.near.stubborn = true;
    BOOST_TEST(both.near.stream->write("a request") == step::needs_write);
    BOOST_TEST(both.near.sent == "");
    const std::string elsewhere = "a request";
    BOOST_TEST(both.near.stream->write(elsewhere) == step::done);
    BOOST_TEST(both.near.stream->write("and another") == step::needs_write);
    BOOST_TEST(both.near.stream->write("and another") == step::done);
    both.carry();
    BOOST_TEST(both.far.read() == step::needs_bytes);
    BOOST_TEST(both.far.got == "a requestand another");
}

BOOST_AUTO_TEST_CASE(bytes_can_be_read_while_a_write_waits)
{
    connected_sides both;
    both.near.stubborn = true;
    BOOST_TEST(both.near.stream->write("a request") == step::needs_write);
    BOOST_TEST(both.far.write("an answer") == step::done);
    both.carry();
    BOOST_TEST(both.near.read() == step::needs_bytes);
    BOOST_TEST(both.near.got == "an answer");
    BOOST_TEST(both.near.stream->write("a request") == step::done);
    both.carry();
    BOOST_TEST(both.far.read() == step::needs_bytes);
    BOOST_TEST(both.far.got == "a request");
}

BOOST_AUTO_TEST_CASE(the_goodbye_of_the_peer_is_a_clean_end_behind_its_last_bytes)
{
    connected_sides both;
    BOOST_TEST(both.far.write("the last answer") == step::done);
    both.far.stream->say_goodbye();
    both.carry();
    BOOST_TEST(both.near.read() == step::ended);
    BOOST_TEST(both.near.got == "the last answer");
    BOOST_TEST(both.near.read() == step::ended);
    BOOST_TEST(both.near.write("still a request") == step::done); // the other direction is open (RFC 8446, 6.1)
}

BOOST_AUTO_TEST_CASE(our_goodbye_reaches_the_peer)
{
    connected_sides both;
    BOOST_TEST(both.near.write("the last request") == step::done);
    both.near.stream->say_goodbye();
    both.carry();
    BOOST_TEST(both.far.read() == step::ended);
    BOOST_TEST(both.far.got == "the last request");
}

BOOST_AUTO_TEST_CASE(an_end_without_a_goodbye_is_a_cut_wherever_it_comes)
{
    for (const std::size_t missing : {0U, 1U, 20U, 30U}) {
        BOOST_TEST_CONTEXT("without the last " << missing << " bytes")
        {
            connected_sides both;
            BOOST_TEST(both.far.write("whole") == step::done);
            BOOST_TEST(both.far.write("cut") == step::done);
            std::string bytes = std::exchange(both.far.sent, {});
            both.near.hear(bytes.substr(0, bytes.size() - missing));
            BOOST_TEST(both.near.read() == step::needs_bytes);
            both.near.link->feed_end(asio::error::eof);
            BOOST_TEST(both.near.read() == step::failed);
            BOOST_TEST(both.near.stream->why() == asio::ssl::error::stream_truncated);
            BOOST_TEST(both.near.got == (missing == 0 ? "wholecut" : missing < 25 ? "whole" : ""));
        }
    }
}

BOOST_AUTO_TEST_CASE(an_error_of_the_socket_is_reported_as_it_is)
{
    connected_sides both;
    BOOST_TEST(both.far.write("an answer") == step::done);
    both.carry();
    BOOST_TEST(both.near.read() == step::needs_bytes);
    BOOST_TEST(both.near.got == "an answer");
    both.near.link->feed_end(asio::error::connection_reset);
    BOOST_TEST(both.near.read() == step::failed);
    BOOST_TEST(both.near.stream->why() == asio::error::connection_reset);
}

BOOST_AUTO_TEST_CASE(an_end_in_the_handshake_is_a_cut)
{
    two_sides both;
    BOOST_TEST(both.near.shake_hands() == step::needs_bytes);
    both.near.link->feed_end(asio::error::eof);
    BOOST_TEST(both.near.shake_hands() == step::failed);
    BOOST_TEST(both.near.stream->why() == asio::ssl::error::stream_truncated);
}

BOOST_AUTO_TEST_CASE(a_fatal_alert_in_the_handshake_is_told_by_its_number)
{
    two_sides both;
    SSL_set_max_proto_version(both.far.stream->native(), TLS1_2_VERSION);
    SSL_set_min_proto_version(both.near.stream->native(), TLS1_3_VERSION);
    const auto [here, there] = both.shake_hands();
    BOOST_TEST(there == step::failed);
    BOOST_TEST(here == step::failed);
    BOOST_TEST(unsigned(net::alert_of(both.near.stream->why()).value_or(0)) == unsigned(SSL_AD_PROTOCOL_VERSION));
}

BOOST_AUTO_TEST_CASE(a_record_that_was_changed_on_its_way_fails_both_sides)
{
    connected_sides both;
    BOOST_TEST(both.near.write("a request") == step::done);
    both.near.sent.back() = static_cast<char>(both.near.sent.back() ^ 1);
    both.carry();
    BOOST_TEST(both.far.read() == step::failed);
    BOOST_TEST(both.far.got == "");
    BOOST_TEST(!net::alert_of(both.far.stream->why()).has_value()); // an error of its own, and no word of the peer
    BOOST_TEST(!both.far.sent.empty());                             // the alert
    both.carry();
    BOOST_TEST(both.near.read() == step::failed);
    BOOST_TEST(unsigned(net::alert_of(both.near.stream->why()).value_or(0)) == unsigned(SSL_AD_BAD_RECORD_MAC));
}

BOOST_AUTO_TEST_CASE(what_others_left_in_the_queue_of_errors_does_no_harm)
{
    connected_sides both;
    const auto leave_one = [] {
        ERR_raise(ERR_LIB_USER, 1);
    };
    leave_one();
    BOOST_TEST(both.near.read() == step::needs_bytes);
    leave_one();
    both.near.stubborn = true;
    BOOST_TEST(both.near.stream->write("a request") == step::needs_write);
    leave_one();
    BOOST_TEST(both.near.stream->write("a request") == step::done);
    both.near.link->feed_end(asio::error::connection_reset);
    leave_one();
    BOOST_TEST(both.near.read() == step::failed);
    BOOST_TEST(both.near.stream->why() == asio::error::connection_reset);
    BOOST_TEST(ERR_peek_error() == 0U); // and what failed here does none to others
}

BOOST_AUTO_TEST_CASE(without_a_connected_socket_the_handshake_fails_with_its_error)
{
    asio::io_context io;
    const auto context = client("example.org");
    tls_stream alone(asio::ip::tcp::socket(io), context->native().native_handle());
    BOOST_TEST_REQUIRE(context->prepare(alone.native()));
    BOOST_TEST(alone.handshake() == step::failed);
    BOOST_TEST(alone.why() == asio::error::bad_descriptor);
}

BOOST_AUTO_TEST_SUITE_END()
