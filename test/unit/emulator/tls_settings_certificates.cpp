#include "emulator/tls_settings.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_emulator_tls_settings_certificates)

namespace {

namespace emulation = venice_keys::emulation;

// What OpenSSL thinks of the certificate as a server's, as strictly as it can; X509_V_OK if nothing is wrong.
int verify(const emulation::server_identity& identity, X509* authority, const char* host, const char* address = nullptr)
{
    const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store{X509_STORE_new(), &X509_STORE_free};
    X509_STORE_add_cert(store.get(), authority);
    const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> context{X509_STORE_CTX_new(),
                                                                                  &X509_STORE_CTX_free};
    X509_STORE_CTX_init(context.get(), store.get(), identity.certificate.get(), nullptr);
    X509_VERIFY_PARAM* const wanted = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_flags(wanted, X509_V_FLAG_X509_STRICT | X509_V_FLAG_CHECK_SS_SIGNATURE);
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    X509_STORE_CTX_set_default(context.get(), "ssl_server");
    if (host != nullptr)
        X509_VERIFY_PARAM_set1_host(wanted, host, 0);
    if (address != nullptr)
        X509_VERIFY_PARAM_set1_ip_asc(wanted, address);
    X509_verify_cert(context.get());
    return X509_STORE_CTX_get_error(context.get());
}

} // namespace

BOOST_AUTO_TEST_CASE(a_strict_verification_finds_nothing_wrong)
{
    const auto identity = emulation::make_identity("");
    BOOST_REQUIRE(identity.has_value());
    BOOST_TEST(verify(*identity, identity->authority.get(), "localhost") == X509_V_OK);
    BOOST_TEST(verify(*identity, identity->authority.get(), nullptr, "127.0.0.1") == X509_V_OK);
    BOOST_TEST(verify(*identity, identity->authority.get(), nullptr, "::1") == X509_V_OK);
}

BOOST_AUTO_TEST_CASE(other_names_are_not_covered)
{
    const auto identity = emulation::make_identity("");
    BOOST_REQUIRE(identity.has_value());
    BOOST_TEST(verify(*identity, identity->authority.get(), "example.com") == X509_V_ERR_HOSTNAME_MISMATCH);
    BOOST_TEST(verify(*identity, identity->authority.get(), nullptr, "127.0.0.2") == X509_V_ERR_IP_ADDRESS_MISMATCH);
}

BOOST_AUTO_TEST_CASE(an_address_of_its_own_is_covered_too)
{
    const auto identity = emulation::make_identity("192.0.2.7");
    BOOST_REQUIRE(identity.has_value());
    BOOST_TEST(verify(*identity, identity->authority.get(), nullptr, "192.0.2.7") == X509_V_OK);
}

BOOST_AUTO_TEST_CASE(two_authorities_do_not_vouch_for_each_other)
{
    const auto first = emulation::make_identity("");
    const auto second = emulation::make_identity("");
    BOOST_REQUIRE(first.has_value());
    BOOST_REQUIRE(second.has_value());
    BOOST_TEST(verify(*first, second->authority.get(), "localhost") != X509_V_OK);
    BOOST_TEST(ASN1_INTEGER_cmp(X509_get0_serialNumber(first->certificate.get()),
                                X509_get0_serialNumber(second->certificate.get())) != 0);
}

BOOST_AUTO_TEST_CASE(the_key_is_the_certificate_s_and_on_p_256)
{
    const auto identity = emulation::make_identity("");
    BOOST_REQUIRE(identity.has_value());
    BOOST_TEST(X509_check_private_key(identity->certificate.get(), identity->private_key.get()) == 1);
    BOOST_TEST(EVP_PKEY_get_bits(identity->private_key.get()) == 256);
    BOOST_TEST(EVP_PKEY_get_base_id(identity->private_key.get()) == EVP_PKEY_EC);
}

BOOST_AUTO_TEST_CASE(the_authority_is_one_and_the_certificate_is_not)
{
    const auto identity = emulation::make_identity("");
    BOOST_REQUIRE(identity.has_value());
    BOOST_TEST(X509_check_ca(identity->authority.get()) == 1);
    BOOST_TEST(X509_check_ca(identity->certificate.get()) == 0);
    BOOST_TEST(X509_check_purpose(identity->certificate.get(), X509_PURPOSE_SSL_CLIENT, 0) == 0);
}

BOOST_AUTO_TEST_CASE(its_pem_reads_back_as_the_same_certificate)
{
    const auto identity = emulation::make_identity("");
    BOOST_REQUIRE(identity.has_value());
    const std::string pem = emulation::to_pem(*identity->authority);
    const std::unique_ptr<BIO, decltype(&BIO_free)> text{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                         &BIO_free};
    const emulation::certificate_ptr read{PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)};
    BOOST_REQUIRE(read);
    BOOST_TEST(X509_cmp(read.get(), identity->authority.get()) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
