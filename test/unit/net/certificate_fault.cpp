#include "net/certificate_fault.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_net_certificate_fault)

namespace {

using venice_keys::net::certificate_fault;
using certificate_ptr = std::unique_ptr<X509, decltype(&X509_free)>;

certificate_ptr certificate(const char* names, const char* until)
{
    certificate_ptr made{X509_new(), &X509_free};
    ASN1_TIME_set_string(X509_getm_notBefore(made.get()), "20200101000000Z");
    ASN1_TIME_set_string(X509_getm_notAfter(made.get()), until);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names);
    X509_add_ext(made.get(), extension, -1);
    X509_EXTENSION_free(extension);
    return made;
}

std::string fault(long verified, const X509* shown, const venice_keys::tls_config& trusted = {})
{
    return certificate_fault("h:443", "h", verified, shown, trusted);
}

std::string reason(long verified)
{
    return std::string("the certificate of h:443 can't be trusted: ") + X509_verify_cert_error_string(verified);
}

} // namespace

BOOST_AUTO_TEST_CASE(an_expired_one_is_shown_with_its_last_day)
{
    const auto old = certificate("DNS:h", "20201231235959Z");
    BOOST_TEST(
        fault(X509_V_ERR_CERT_HAS_EXPIRED, old.get()) ==
        "the certificate of h:443 can't be trusted: certificate has expired (it was valid until 2020-12-31 23:59:59 "
        "UTC); the server needs a new one, unless this machine's clock is wrong");
    const auto good = certificate("DNS:h", "99991231235959Z"); // then its authority's has expired
    BOOST_TEST(fault(X509_V_ERR_CERT_HAS_EXPIRED, good.get()).find("9999") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(one_for_another_host_is_shown_with_its_names)
{
    const auto other = certificate("DNS:a.example,DNS:*.b.example,IP:192.0.2.1,email:a@b.example", "20201231235959Z");
    BOOST_TEST(
        fault(X509_V_ERR_HOSTNAME_MISMATCH, other.get()) ==
        "the certificate of h:443 can't be trusted: hostname mismatch (it is for a.example, *.b.example, 192.0.2.1, "
        "not for h); connect by a name that is in it");
    const auto many = certificate("DNS:a,DNS:b,DNS:c,DNS:d,DNS:e,DNS:f", "20201231235959Z");
    BOOST_TEST(
        fault(X509_V_ERR_IP_ADDRESS_MISMATCH, many.get()).find("(it is for a, b, c, d, e and others, not for h)") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(one_of_an_unknown_authority_is_shown_with_it_and_with_those_that_are_trusted)
{
    const auto shown = certificate("DNS:h", "99991231235959Z");
    X509_NAME_add_entry_by_txt(X509_get_issuer_name(shown.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("Example CA"), -1, -1, 0);
    venice_keys::tls_config trusted;
    for (const long verified : {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
                                X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE}) {
        const std::string who = reason(verified) + "; its issuer, /CN=Example CA, is not among the certificates of ";
        trusted = {};
        BOOST_TEST(fault(verified, shown.get(), trusted) ==
                   who + "the system; if you trust it, set config::tls.ca_file (VENICE_CA_FILE) to a file with that "
                         "authority's certificate");
        trusted.ca_pem = "pem";
        BOOST_TEST(fault(verified, shown.get(), trusted) ==
                   who + "config::tls.ca_pem; if you trust it, put that authority's certificate there");
        trusted.ca_file = "/etc/ca.pem";
        BOOST_TEST(fault(verified, shown.get(), trusted) ==
                   who +
                       "config::tls.ca_file (VENICE_CA_FILE), '/etc/ca.pem', and config::tls.ca_pem; if you trust it, "
                       "put that authority's certificate into the file");
        trusted.ca_pem.clear();
        BOOST_TEST(fault(verified, shown.get(), trusted) ==
                   who + "config::tls.ca_file (VENICE_CA_FILE), '/etc/ca.pem'; if you trust it, put that authority's "
                         "certificate into the file");
    }
}

BOOST_AUTO_TEST_CASE(one_whose_issuer_is_no_root_asks_for_the_root)
{
    const auto shown = certificate("DNS:h", "99991231235959Z");
    for (const long verified : {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT})
        BOOST_TEST(fault(verified, shown.get()) ==
                   reason(verified) +
                       "; the authority above its issuer is not among the certificates of the system; if "
                       "you trust it, set config::tls.ca_file (VENICE_CA_FILE) to a file with that "
                       "authority's certificate");
}

BOOST_AUTO_TEST_CASE(without_the_certificate_the_reason_is_left)
{
    for (const long verified :
         {X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_CERT_NOT_YET_VALID,
          X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_CERT_REVOKED}) {
        const std::string said = fault(verified, nullptr);
        BOOST_TEST(said.starts_with(reason(verified)), said);
        BOOST_TEST(said.find(" (it ") == std::string::npos, said);
        BOOST_TEST(said.find("its issuer,") == std::string::npos, said);
    }
}

BOOST_AUTO_TEST_SUITE_END()
