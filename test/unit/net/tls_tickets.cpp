// What is kept from one connection to the next, and what the settings may name.
#include "net/tls_context.hpp"

#include "support/printing.hpp"
#include "unit/support/memory_handshake.hpp"

BOOST_AUTO_TEST_SUITE(unit_net_tls_tickets)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;

BOOST_AUTO_TEST_CASE(a_session_is_resumed_and_each_ticket_is_used_once)
{
    server there(ours().issue(named({"DNS:example.org"})));
    SSL_CTX_set_num_tickets(there.native(), 1);
    const auto here = client("example.org");
    BOOST_TEST(!there.meet(*here).resumed);
    BOOST_TEST(there.meet(*here).resumed);
    BOOST_TEST(there.meet(*here).resumed); // with the ticket that the second brought
    SSL_CTX_set_num_tickets(there.native(), 0);
    BOOST_TEST(there.meet(*here).resumed);
    BOOST_TEST(!there.meet(*here).resumed);
}

BOOST_AUTO_TEST_CASE(the_newest_tickets_are_kept_and_no_more_than_so_many)
{
    server there(ours().issue(named({"DNS:example.org"})));
    SSL_CTX_set_num_tickets(there.native(), 4);
    const auto here = client("example.org", trusting(ours()), 2);
    (void)there.meet(*here);
    SSL_CTX_set_num_tickets(there.native(), 0);
    BOOST_TEST(there.meet(*here).resumed);
    BOOST_TEST(there.meet(*here).resumed);
    BOOST_TEST(!there.meet(*here).resumed);
    const auto without = client("example.org", trusting(ours()), 0);
    SSL_CTX_set_num_tickets(there.native(), 4);
    (void)there.meet(*without);
    BOOST_TEST(!there.meet(*without).resumed);
}

// A resumed connection shows no certificate to compare with the pins.
BOOST_AUTO_TEST_CASE(with_pins_nothing_is_resumed)
{
    const identity who = ours().issue(named({"DNS:example.org"}));
    server there(who);
    tls_config settings = trusting(ours());
    settings.pinned_public_keys = {who.pin};
    const auto here = client("example.org", settings);
    BOOST_TEST(there.meet(*here).trusted);
    const outcome again = there.meet(*here);
    BOOST_TEST(!again.resumed);
    BOOST_TEST(again.trusted);
}

BOOST_AUTO_TEST_CASE(a_file_that_can_not_be_used_is_named)
{
    const auto where = parse_endpoint("https://example.org/").value();
    const auto detail = [&](const tls_config& settings) {
        const auto made = net::tls_context::make(settings, where, 1);
        BOOST_TEST_REQUIRE(!made.has_value());
        BOOST_TEST(made.error().code == errc::invalid_argument);
        return made.error().detail;
    };
    tls_config settings;
    settings.ca_file = "/no/such/file.pem";
    BOOST_TEST(detail(settings).find("tls.ca_file (VENICE_CA_FILE): '/no/such/file.pem' can't be used: ") == 0u);
    settings.ca_file = "/";
    const std::string folder = make_error_code(boost::system::errc::is_a_directory).message();
    BOOST_TEST(detail(settings) == "tls.ca_file (VENICE_CA_FILE): '/' can't be used: " + folder);
    settings = {};
    settings.ca_pem = "this is no PEM";
    BOOST_TEST(detail(settings).find("tls.ca_pem") == 0u);
    settings = trusting(ours());
    settings.certificate_file = "/no/such/file.pem";
    settings.private_key_file = "/no/such/key.pem";
    BOOST_TEST(detail(settings).find("tls.certificate_file") == 0u);
}

BOOST_AUTO_TEST_CASE(a_certificate_and_a_key_that_do_not_belong_together_are_refused)
{
    const identity one = ours().issue();
    const identity other = ours().issue();
    const ::test::temporary_file certificate(one.certificate_pem);
    const ::test::temporary_file right(one.private_key_pem);
    const ::test::temporary_file wrong(other.private_key_pem);
    tls_config settings = trusting(ours());
    settings.certificate_file = certificate.path();
    settings.private_key_file = right.path();
    const auto where = parse_endpoint("https://example.org/").value();
    BOOST_TEST(net::tls_context::make(settings, where, 1));
    settings.private_key_file = wrong.path();
    const auto made = net::tls_context::make(settings, where, 1);
    BOOST_TEST_REQUIRE(!made.has_value());
    BOOST_TEST(made.error().detail.find("tls.private_key_file") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
