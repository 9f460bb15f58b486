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

std::string fault(long verified, const X509* shown)
{
    return certificate_fault("h:443", "h", verified, shown);
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

BOOST_AUTO_TEST_CASE(without_the_certificate_the_reason_is_left)
{
    for (const long verified :
         {X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_CERT_NOT_YET_VALID,
          X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_CERT_REVOKED}) {
        const std::string said = fault(verified, nullptr);
        BOOST_TEST(said.find(X509_verify_cert_error_string(verified)) != std::string::npos, said);
        BOOST_TEST(said.find('(') == std::string::npos, said);
    }
}

BOOST_AUTO_TEST_SUITE_END()
