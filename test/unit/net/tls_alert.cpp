// Which alerts refuse a handshake, and what is said of them.
#include "net/tls_alert.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/test/unit_test.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

BOOST_AUTO_TEST_SUITE(unit_net_tls_alert)

using namespace venice_keys::net;
using boost::system::error_code;

namespace {

error_code of_openssl(int library, int reason)
{
    return {static_cast<int>(ERR_PACK(library, 0, reason)), boost::asio::error::get_ssl_category()};
}

} // namespace

BOOST_AUTO_TEST_CASE(an_alert_is_told_from_other_errors)
{
    BOOST_TEST(alert_of(of_openssl(ERR_LIB_SSL, SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED)).value_or(0) == 116);
    BOOST_TEST(alert_of(of_openssl(ERR_LIB_SSL, SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE)).value_or(0) == 40);
    BOOST_TEST(alert_of(of_openssl(ERR_LIB_SSL, SSL_R_TLSV1_ALERT_INTERNAL_ERROR)).value_or(0) == 80);
    BOOST_TEST(!alert_of(of_openssl(ERR_LIB_SSL, SSL_R_WRONG_VERSION_NUMBER)));
    BOOST_TEST(!alert_of(of_openssl(ERR_LIB_X509, SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED)));
    BOOST_TEST(!alert_of(boost::asio::error::eof));
    BOOST_TEST(!alert_of({}));
}

BOOST_AUTO_TEST_CASE(an_alert_about_our_side_of_the_handshake_refuses_it)
{
    for (const int alert : {40, 42, 43, 44, 45, 46, 48, 49, 51, 70, 71, 86, 109, 110, 112, 116, 120})
        BOOST_TEST(refuses_handshake(static_cast<std::uint8_t>(alert)), alert);
}

// close_notify, unexpected_message, bad_record_mac, record_overflow, illegal_parameter, decode_error, internal_error,
// user_canceled, no_renegotiation, and one that nobody knows.
BOOST_AUTO_TEST_CASE(an_alert_of_a_server_in_trouble_does_not)
{
    for (const int alert : {0, 10, 20, 22, 47, 50, 80, 90, 100, 255})
        BOOST_TEST(!refuses_handshake(static_cast<std::uint8_t>(alert)), alert);
}

BOOST_AUTO_TEST_CASE(the_text_says_what_to_do)
{
    const std::string wanted =
        "h:443 wants a client certificate: set config::tls.certificate_file and tls.private_key_file";
    BOOST_TEST(refusal_text("h:443", 116, {false, false}) == wanted);
    BOOST_TEST(refusal_text("h:443", 40, {false, true}) == wanted);
    BOOST_TEST(refusal_text("h:443", 40, {false, false}) == "h:443 refused the TLS handshake: handshake failure");
    BOOST_TEST(refusal_text("h:443", 70, {true, false}) == "h:443 refused the TLS handshake: protocol version");
    const std::string unwanted = "h:443 does not accept the client certificate of config::tls.certificate_file: ";
    BOOST_TEST(refusal_text("h:443", 48, {true, false}) == unwanted + "unknown CA");
    BOOST_TEST(refusal_text("h:443", 45, {true, true}) == unwanted + "certificate expired");
    BOOST_TEST(refusal_text("h:443", 40, {true, true}) == unwanted + "handshake failure");
    BOOST_TEST(refusal_text("h:443", 48, {false, false}) == "h:443 refused the TLS handshake: unknown CA");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_tls_are_told_from_alerts_and_from_other_errors)
{
    BOOST_TEST(speaks_no_tls(of_openssl(ERR_LIB_SSL, SSL_R_WRONG_VERSION_NUMBER)));
    BOOST_TEST(speaks_no_tls(of_openssl(ERR_LIB_SSL, SSL_R_HTTP_REQUEST)));
    BOOST_TEST(!speaks_no_tls(of_openssl(ERR_LIB_SSL, SSL_R_UNEXPECTED_MESSAGE)));
    BOOST_TEST(!speaks_no_tls(boost::asio::error::connection_reset));
    BOOST_TEST(
        no_tls_text("h:8080", false) ==
        "h:8080 does not speak TLS on that port: its answer to the handshake is something else, such as plain HTTP; "
        "check the port in config::base_url (VENICE_BASE_URL)");
    BOOST_TEST(no_tls_text("the proxy p:3128", true)
                   .ends_with("; check config::proxy.url (HTTPS_PROXY): a proxy that is spoken to without TLS has "
                              "http:// there"));
}

BOOST_AUTO_TEST_SUITE_END()
