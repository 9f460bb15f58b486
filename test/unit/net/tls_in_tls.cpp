// TLS with a server inside TLS with its proxy, through memory.
#include "net/tls_stream.hpp"

#include "support/printing.hpp"
#include "unit/support/memory_handshake.hpp"
#include "unit/support/memory_link.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace unit_net_tls_in_tls {

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
using net::byte_layer;
using net::tls_stream;
using step = byte_layer::outcome;

// The server's side of one TLS connection, with what came and what goes in memory.
class far_side {
public:
    explicit far_side(const identity& who) : context_(who), ssl_(SSL_new(context_.native()))
    {
        SSL_set_accept_state(ssl_.get());
        SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    }

    // Takes bytes of the peer and returns what was in them.
    std::string take(std::string_view bytes)
    {
        if (!bytes.empty())
            BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size()));
        std::string clear;
        char block[4096];
        for (int got = 0; (got = SSL_read(ssl_.get(), block, sizeof block)) > 0;)
            clear.append(block, static_cast<std::size_t>(got));
        ended = ended || (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
        ERR_clear_error();
        return clear;
    }

    void say(std::string_view clear)
    {
        if (!clear.empty())
            BOOST_TEST(SSL_write(ssl_.get(), clear.data(), static_cast<int>(clear.size())) > 0);
    }

    void say_goodbye() { SSL_shutdown(ssl_.get()); }

    // What goes to the peer.
    std::string give()
    {
        std::string bytes(static_cast<std::size_t>(BIO_pending(SSL_get_wbio(ssl_.get()))), '\0');
        if (!bytes.empty())
            BIO_read(SSL_get_wbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size()));
        return bytes;
    }

    SSL* native() { return ssl_.get(); }

    bool ended = false; // close_notify has come

private:
    server context_;
    ssl_ptr ssl_;
};

struct both_layers {
    explicit both_layers(bool at_the_second_try = false) : stubborn(at_the_second_try)
    {
        auto bottom = std::make_unique<memory_link>(sent, stubborn);
        link = bottom.get();
        auto first = std::make_unique<tls_stream>(std::move(bottom), to_proxy->native().native_handle());
        BOOST_TEST_REQUIRE(to_proxy->prepare(first->native()));
        BOOST_TEST_REQUIRE(finish(*first, [&] { return first->handshake(); }) == step::done);
        lower = first.get();
        stream = std::make_unique<tls_stream>(std::move(first), to_server->native().native_handle());
        BOOST_TEST_REQUIRE(to_server->prepare(stream->native()));
        BOOST_TEST_REQUIRE(finish(*stream, [&] { return stream->handshake(); }) == step::done);
        pump(); // the end of the handshake
    }

    // Carries what was written to the far sides, and what they say back.
    void pump()
    {
        const std::string clear = proxy.take(std::exchange(sent, {}));
        heard += origin.take(clear);
        proxy.say(origin.give());
        back += proxy.give();
    }

    // Repeats a step until it no longer waits. Bytes come in pieces.
    template <class Step>
    step finish(byte_layer& over, Step what)
    {
        for (int i = 0; i != 100'000; ++i) {
            const step how = what();
            if (how == step::needs_bytes) {
                pump();
                if (back.empty())
                    return how;
                fed = back.substr(0, piece);
                back.erase(0, piece);
                over.feed(fed);
            } else if (how != step::needs_write) {
                return how;
            }
        }
        return step::failed;
    }

    // As much as there is.
    step read(std::string& into)
    {
        for (;;) {
            char block[1000];
            std::size_t got = 0;
            const step how = finish(*stream, [&] { return stream->read(block, sizeof block, got); });
            if (how != step::done)
                return how;
            into.append(block, got);
        }
    }

    std::shared_ptr<net::tls_context> to_proxy = client("proxy.example");
    std::shared_ptr<net::tls_context> to_server = client("api.example");
    far_side proxy{ours().issue(named({"DNS:proxy.example"}))};
    far_side origin{ours().issue(named({"DNS:api.example"}))};
    std::string sent;  // by the client, encrypted twice
    std::string heard; // by the server
    std::string back;  // to the client
    std::string fed;
    std::size_t piece = 7;
    bool stubborn;
    memory_link* link = nullptr;
    tls_stream* lower = nullptr;
    std::unique_ptr<tls_stream> stream;
};

} // namespace unit_net_tls_in_tls

BOOST_AUTO_TEST_SUITE(unit_net_tls_in_tls)

using namespace unit_net_tls_in_tls;

BOOST_AUTO_TEST_CASE(bytes_go_both_ways)
{
    both_layers here;
    BOOST_TEST(here.finish(*here.stream, [&] { return here.stream->write("a request"); }) == step::done);
    BOOST_TEST(here.sent.find("a request") == std::string::npos);
    here.pump();
    BOOST_TEST(here.heard == "a request");
    here.origin.say("an answer");
    std::string got;
    BOOST_TEST(here.read(got) == step::needs_bytes);
    BOOST_TEST(got == "an answer");
}

BOOST_AUTO_TEST_CASE(each_layer_checks_its_own_peer)
{
    both_layers here;
    BOOST_TEST(std::string(SSL_get_servername(here.proxy.native(), TLSEXT_NAMETYPE_host_name)) == "proxy.example");
    BOOST_TEST(std::string(SSL_get_servername(here.origin.native(), TLSEXT_NAMETYPE_host_name)) == "api.example");
    BOOST_TEST(SSL_get_verify_result(here.stream->native()) == X509_V_OK);
}

BOOST_AUTO_TEST_CASE(a_socket_that_is_full_holds_nothing_up_and_loses_nothing)
{
    both_layers here(true);
    const std::string much(100'000, 'x');
    unsigned waits = 0;
    step how = step::needs_write;
    while ((how = here.stream->write(much)) == step::needs_write)
        ++waits;
    BOOST_TEST(how == step::done);
    BOOST_TEST(waits > 5U);
    here.pump();
    BOOST_TEST(here.heard == much);
}

BOOST_AUTO_TEST_CASE(a_long_answer_comes_whole_however_it_is_cut)
{
    for (const std::size_t piece : {1U, 1000U, 70'000U}) {
        both_layers here;
        here.piece = piece;
        const std::string much(60'000, 'y');
        here.origin.say(much);
        std::string got;
        BOOST_TEST(here.read(got) == step::needs_bytes);
        BOOST_TEST(got.size() == much.size());
        BOOST_TEST(got == much, "the bytes differ, in pieces of " << piece);
    }
}

BOOST_AUTO_TEST_CASE(the_goodbye_of_the_server_is_a_clean_end_and_that_of_the_proxy_alone_is_a_cut)
{
    std::string got;
    both_layers clean;
    clean.origin.say_goodbye();
    BOOST_TEST(clean.read(got) == step::ended);
    both_layers cut;
    cut.proxy.say_goodbye();
    cut.back += cut.proxy.give();
    BOOST_TEST(cut.read(got) == step::failed);
    BOOST_TEST(cut.stream->why() == boost::asio::ssl::error::stream_truncated);
}

BOOST_AUTO_TEST_CASE(an_end_of_the_socket_is_a_cut_and_its_error_is_told)
{
    std::string got;
    both_layers cut;
    cut.stream->feed_end(boost::asio::error::eof);
    BOOST_TEST(cut.read(got) == step::failed);
    BOOST_TEST(cut.stream->why() == boost::asio::ssl::error::stream_truncated);
    both_layers reset;
    reset.stream->feed_end(boost::asio::error::connection_reset);
    BOOST_TEST(reset.read(got) == step::failed);
    BOOST_TEST(reset.stream->why() == boost::asio::error::connection_reset);
}

BOOST_AUTO_TEST_CASE(what_is_amiss_in_the_tls_of_the_proxy_is_no_alert_of_the_server)
{
    both_layers here;
    here.back = "\x15\x03\x03" + std::string(2, '\0') + "no record of TLS";
    std::string got;
    BOOST_TEST(here.read(got) == step::failed);
    BOOST_TEST(here.stream->why() == boost::asio::error::connection_aborted);
}

BOOST_AUTO_TEST_CASE(the_goodbye_goes_through_both_layers)
{
    both_layers here;
    here.stream->say_goodbye();
    here.pump();
    BOOST_TEST(here.origin.ended);
    BOOST_TEST(here.proxy.ended);
}

BOOST_AUTO_TEST_CASE(a_write_that_fails_below_fails)
{
    both_layers here;
    here.link->feed_end(boost::asio::error::broken_pipe);
    here.link->broken = true;
    BOOST_TEST(here.stream->write("a request") == step::failed);
    BOOST_TEST(here.stream->why() == boost::asio::error::broken_pipe);
}

BOOST_AUTO_TEST_SUITE_END()
