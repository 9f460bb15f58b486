// Who is trusted, and what is asked for.
#include "net/tls_context.hpp"

#include "support/printing.hpp"
#include "unit/support/memory_handshake.hpp"

BOOST_AUTO_TEST_SUITE(unit_net_tls_context)

using namespace venice_keys;
using namespace venice_keys::test;

BOOST_AUTO_TEST_CASE(a_server_with_a_certificate_for_its_name_is_trusted)
{
    server there(ours().issue(named({"DNS:example.org"})));
    const outcome seen = there.meet(*client("example.org"));
    BOOST_TEST(seen.trusted);
    BOOST_TEST(seen.server_name == "example.org");
    BOOST_TEST(seen.protocol == "http/1.1");
    BOOST_TEST(seen.version == TLS1_3_VERSION);
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_authority_is_not_trusted)
{
    const authority theirs;
    server there(theirs.issue(named({"DNS:example.org"})));
    const outcome seen = there.meet(*client("example.org"));
    BOOST_TEST(!seen.done);
    BOOST_TEST(seen.verdict != X509_V_OK);
}

BOOST_AUTO_TEST_CASE(a_certificate_for_another_name_is_not_trusted)
{
    server there(ours().issue(named({"DNS:example.com"})));
    const outcome seen = there.meet(*client("example.org"));
    BOOST_TEST(!seen.done);
    BOOST_TEST(seen.verdict == X509_V_ERR_HOSTNAME_MISMATCH);
}

BOOST_AUTO_TEST_CASE(a_bare_common_name_does_not_count)
{
    BOOST_TEST(!trusts("example.org", named({}, "example.org")));
    BOOST_TEST(!trusts("example.org", named({"IP:192.0.2.1"}, "example.org")));
}

BOOST_AUTO_TEST_CASE(a_wildcard_counts_for_one_whole_label)
{
    BOOST_TEST(trusts("api.example.org", named({"DNS:*.example.org"})));
    BOOST_TEST(!trusts("api.example.org", named({"DNS:a*.example.org"})));
    BOOST_TEST(!trusts("api.example.org", named({"DNS:*i.example.org"})));
    BOOST_TEST(!trusts("deep.api.example.org", named({"DNS:*.example.org"})));
    BOOST_TEST(!trusts("example.org", named({"DNS:*.example.org"})));
}

BOOST_AUTO_TEST_CASE(an_address_wants_its_own_kind_of_name_and_sends_none)
{
    server there(ours().issue(named({"IP:192.0.2.1", "IP:2001:db8::1"})));
    const outcome seen = there.meet(*client("192.0.2.1"));
    BOOST_TEST(seen.trusted);
    BOOST_TEST(seen.server_name.empty());
    BOOST_TEST(there.meet(*client("[2001:db8::1]")).trusted);
    BOOST_TEST(!there.meet(*client("192.0.2.2")).trusted);
    BOOST_TEST(!trusts("192.0.2.1", named({"DNS:192.0.2.1"})));
}

BOOST_AUTO_TEST_CASE(a_certificate_out_of_its_time_is_not_trusted)
{
    certificate_wish over = named({"DNS:example.org"});
    over.begins = std::chrono::hours(-48);
    over.ends = std::chrono::hours(-24);
    BOOST_TEST(!trusts("example.org", over));
    certificate_wish early = named({"DNS:example.org"});
    early.begins = std::chrono::hours(24);
    early.ends = std::chrono::hours(48);
    BOOST_TEST(!trusts("example.org", early));
}

BOOST_AUTO_TEST_CASE(it_offers_the_protocols_that_it_is_to_offer)
{
    server there(ours().issue(named({"DNS:example.org"})));
    const auto offered = [&there](protocol wanted) {
        return there.meet(*client("example.org", 0, wanted)).offered;
    };
    BOOST_TEST(offered(protocol::automatic) == "\x02h2\x08http/1.1");
    BOOST_TEST(offered(protocol::http1) == "\x08http/1.1");
    BOOST_TEST(offered(protocol::http2) == "\x02h2");
}

BOOST_AUTO_TEST_CASE(it_can_be_told_to_offer_the_oldest_alone)
{
    server there(ours().issue(named({"DNS:example.org"})));
    for (const protocol wanted : {protocol::automatic, protocol::http2}) {
        const auto both = client("example.org", 0, wanted);
        both->offer_oldest_alone();
        BOOST_TEST(there.meet(*both).offered == (wanted == protocol::automatic ? "\x08http/1.1" : "\x02h2"));
    }
}

BOOST_AUTO_TEST_CASE(http_2_alone_is_not_trusted_to_a_server_that_does_not_choose_it)
{
    server there(ours().issue(named({"DNS:example.org"})));
    BOOST_TEST(there.meet(*client("example.org", 0, protocol::http2)).trusted);
    there.choose_no_protocol();
    const outcome seen = there.meet(*client("example.org", 0, protocol::http2));
    BOOST_TEST(seen.done);
    BOOST_TEST(!seen.trusted);
    BOOST_TEST(there.meet(*client("example.org", 0, protocol::automatic)).trusted);
}

BOOST_AUTO_TEST_CASE(tls_1_2_is_the_least)
{
    server there(ours().issue(named({"DNS:example.org"})));
    SSL_CTX_set_max_proto_version(there.native(), TLS1_2_VERSION);
    BOOST_TEST(there.meet(*client("example.org")).trusted);
    SSL_CTX_set_security_level(there.native(), 0);
    SSL_CTX_set_min_proto_version(there.native(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(there.native(), TLS1_1_VERSION);
    BOOST_TEST(!there.meet(*client("example.org")).done);
}

BOOST_AUTO_TEST_CASE(a_pin_of_the_server_or_of_its_authority_is_enough_and_another_is_not)
{
    const identity who = ours().issue(named({"DNS:example.org"}));
    const identity other = ours().issue(named({"DNS:example.org"}));
    server there(who);
    const auto with_pins = [&](std::vector<std::string> pins) {
        tls_config settings = trusting(ours());
        settings.pinned_public_keys = std::move(pins);
        return there.meet(*client("example.org", settings));
    };
    BOOST_TEST(with_pins({who.pin}).trusted);
    BOOST_TEST(with_pins({other.pin, who.pin}).trusted);
    BOOST_TEST(with_pins({ours().pin()}).trusted);
    const outcome refused = with_pins({other.pin});
    BOOST_TEST(refused.done);
    BOOST_TEST(!refused.trusted);
}

BOOST_AUTO_TEST_CASE(a_pin_does_not_make_up_for_a_certificate_that_fails)
{
    const authority theirs;
    const identity who = theirs.issue(named({"DNS:example.org"}));
    tls_config settings = trusting(ours());
    settings.pinned_public_keys = {who.pin};
    server there(who);
    BOOST_TEST(!there.meet(*client("example.org", settings)).trusted);
}

BOOST_AUTO_TEST_CASE(only_the_loudly_named_switch_accepts_anyone)
{
    const authority theirs;
    server there(theirs.issue(named({"DNS:example.com"})));
    tls_config settings = trusting(ours());
    settings.insecure_accept_any_certificate_for_tests = true;
    BOOST_TEST(there.meet(*client("example.org", settings)).trusted);
}

BOOST_AUTO_TEST_SUITE_END()
