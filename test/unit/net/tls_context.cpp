// Handshakes through memory: who is trusted, what is asked for, what is resumed.
#include "net/tls_context.hpp"

#include "support/certificates.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_net_tls_context)

using namespace venice_keys;
using test::authority;
using test::certificate_wish;
using test::identity;

namespace {

struct openssl_free {
    void operator()(SSL* it) const noexcept { SSL_free(it); }
    void operator()(SSL_CTX* it) const noexcept { SSL_CTX_free(it); }
    void operator()(BIO* it) const noexcept { BIO_free(it); }
};
using ssl_ptr = std::unique_ptr<SSL, openssl_free>;
using bio_ptr = std::unique_ptr<BIO, openssl_free>;

bio_ptr reader(const std::string& text)
{
    return bio_ptr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

struct outcome {
    bool done = false;
    bool trusted = false; // what the transport asks too: the handshake and the pins
    long verdict = X509_V_OK;
    bool resumed = false;
    int version = 0;
    std::string server_name;
    std::string protocol;
};

class server {
public:
    explicit server(const identity& who) : context_(SSL_CTX_new(TLS_server_method()))
    {
        const test::certificate_ptr certificate(
            PEM_read_bio_X509(reader(who.certificate_pem).get(), nullptr, nullptr, nullptr));
        const test::key_ptr key(PEM_read_bio_PrivateKey(reader(who.private_key_pem).get(), nullptr, nullptr, nullptr));
        BOOST_TEST_REQUIRE(SSL_CTX_use_certificate(context_.get(), certificate.get()) == 1);
        BOOST_TEST_REQUIRE(SSL_CTX_use_PrivateKey(context_.get(), key.get()) == 1);
        SSL_CTX_set_alpn_select_cb(
            context_.get(),
            [](SSL*, const unsigned char** out, unsigned char* size, const unsigned char* offered, unsigned int length,
               void*) {
                *out = offered + 1;
                *size = offered[0];
                return length == offered[0] + 1U ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
            },
            nullptr);
    }

    SSL_CTX* native() { return context_.get(); }

    outcome meet(net::tls_context& client)
    {
        const ssl_ptr here(SSL_new(client.native().native_handle()));
        const ssl_ptr there(SSL_new(context_.get()));
        SSL_set_connect_state(here.get());
        SSL_set_accept_state(there.get());
        BIO* one = nullptr;
        BIO* other = nullptr;
        BOOST_TEST_REQUIRE(BIO_new_bio_pair(&one, 0, &other, 0) == 1);
        SSL_set_bio(here.get(), one, one);
        SSL_set_bio(there.get(), other, other);
        BOOST_TEST_REQUIRE(client.prepare(here.get()).has_value());
        outcome seen;
        for (int i = 0; i < 20 && !seen.done; ++i) {
            const bool first = SSL_do_handshake(here.get()) == 1;
            const bool second = SSL_do_handshake(there.get()) == 1;
            seen.done = first && second;
        }
        char nothing = 0;
        (void)SSL_read(here.get(), &nothing, 1); // the tickets
        seen.verdict = SSL_get_verify_result(here.get());
        seen.trusted = seen.done && client.check_peer(here.get()).has_value();
        seen.resumed = SSL_session_reused(here.get()) == 1;
        seen.version = SSL_version(here.get());
        if (const char* const name = SSL_get_servername(there.get(), TLSEXT_NAMETYPE_host_name))
            seen.server_name = name;
        const unsigned char* chosen = nullptr;
        unsigned int length = 0;
        SSL_get0_alpn_selected(here.get(), &chosen, &length);
        seen.protocol.assign(chosen, chosen + length);
        // Else OpenSSL takes its ticket for spoilt.
        SSL_set_shutdown(here.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
        SSL_set_shutdown(there.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
        ERR_clear_error();
        return seen;
    }

private:
    std::unique_ptr<SSL_CTX, openssl_free> context_;
};

const authority& ours()
{
    static const authority made;
    return made;
}

tls_config trusting(const authority& who)
{
    tls_config settings;
    settings.ca_pem = who.pem();
    return settings;
}

std::shared_ptr<net::tls_context> client(const std::string& host, const tls_config& settings = trusting(ours()),
                                         std::size_t tickets = 4)
{
    const auto where = parse_endpoint("https://" + host + "/");
    return net::tls_context::make(settings, where.value(), tickets).value();
}

certificate_wish named(std::vector<std::string> names, std::string common_name = "none")
{
    certificate_wish wish;
    wish.names = std::move(names);
    wish.common_name = std::move(common_name);
    return wish;
}

bool trusts(const std::string& host, const certificate_wish& wish)
{
    return server(ours().issue(wish)).meet(*client(host)).trusted;
}

} // namespace

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

BOOST_AUTO_TEST_CASE(only_the_loudly_named_switch_accepts_anyone)
{
    const authority theirs;
    server there(theirs.issue(named({"DNS:example.com"})));
    tls_config settings = trusting(ours());
    settings.insecure_accept_any_certificate_for_tests = true;
    BOOST_TEST(there.meet(*client("example.org", settings)).trusted);
}

BOOST_AUTO_TEST_CASE(a_file_that_can_not_be_used_is_named)
{
    const auto where = parse_endpoint("https://example.org/").value();
    const auto detail = [&](const tls_config& settings) {
        const auto made = net::tls_context::make(settings, where, 1);
        BOOST_TEST_REQUIRE(!made.has_value());
        BOOST_TEST((made.error().code == errc::invalid_argument));
        return made.error().detail;
    };
    tls_config settings;
    settings.ca_file = "/no/such/file.pem";
    BOOST_TEST(detail(settings).find("tls.ca_file (/no/such/file.pem)") == 0u);
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
    const test::temporary_file certificate(one.certificate_pem);
    const test::temporary_file right(one.private_key_pem);
    const test::temporary_file wrong(other.private_key_pem);
    tls_config settings = trusting(ours());
    settings.certificate_file = certificate.path();
    settings.private_key_file = right.path();
    const auto where = parse_endpoint("https://example.org/").value();
    BOOST_TEST(net::tls_context::make(settings, where, 1).has_value());
    settings.private_key_file = wrong.path();
    const auto made = net::tls_context::make(settings, where, 1);
    BOOST_TEST_REQUIRE(!made.has_value());
    BOOST_TEST(made.error().detail.find("tls.private_key_file") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
