// The server side's settings, tried in handshakes through memory.
#include "emulator/tls_settings.hpp"

#include "support/printing.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/system/errc.hpp>

#include <openssl/err.h>
#include <openssl/pem.h>

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_emulator_tls_settings)

using namespace venice_keys;
using namespace venice_keys::emulation;

namespace {

struct ssl_deleter {
    void operator()(SSL* it) const noexcept { SSL_free(it); }
};
using ssl_ptr = std::unique_ptr<SSL, ssl_deleter>;

struct met {
    bool done = false;
    std::string protocol; // as agreed by ALPN
};

// `offered`: by the client, as ALPN has it; empty: it offers none. `newest`: version of TLS.
met meet(SSL_CTX& settings, const std::string& offered, int newest = TLS1_3_VERSION)
{
    const tls_settings_ptr client(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_max_proto_version(client.get(), newest);
    const ssl_ptr here(SSL_new(client.get()));
    const ssl_ptr there(SSL_new(&settings));
    SSL_set_connect_state(here.get());
    SSL_set_accept_state(there.get());
    BOOST_TEST_REQUIRE(SSL_set_alpn_protos(here.get(), reinterpret_cast<const unsigned char*>(offered.data()),
                                           static_cast<unsigned>(offered.size())) == 0);
    BIO* one = nullptr;
    BIO* other = nullptr;
    BOOST_TEST_REQUIRE(BIO_new_bio_pair(&one, 0, &other, 0) == 1);
    SSL_set_bio(here.get(), one, one);
    SSL_set_bio(there.get(), other, other);
    met seen;
    for (int i = 0; i != 10 && !seen.done; ++i) {
        const bool first = SSL_do_handshake(here.get()) == 1;
        const bool second = SSL_do_handshake(there.get()) == 1;
        seen.done = first && second;
    }
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(here.get(), &chosen, &size);
    seen.protocol.assign(chosen, chosen + size);
    ERR_clear_error();
    return seen;
}

tls_settings_ptr settings_for(protocol allowed)
{
    tls_settings_result made = make_tls_settings(make_identity("").value(), allowed);
    BOOST_TEST_REQUIRE(made.settings != nullptr);
    return std::move(made.settings);
}

const std::string http1 = "\x08http/1.1";
const std::string http2 = "\x02h2";

// Goes when the test does.
class file {
public:
    explicit file(std::string_view name)
        : path_(std::filesystem::temp_directory_path() /
                ("venice_keys_" + std::to_string(::getpid()) + std::string(name)))
    {
    }
    file(const file&) = delete;
    file& operator=(const file&) = delete;
    ~file() { std::remove(path_.c_str()); }

    void write(EVP_PKEY& key) const
    {
        const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::fopen(path_.c_str(), "w"), &std::fclose);
        BOOST_TEST_REQUIRE(PEM_write_PrivateKey(out.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    }
    void write(X509& certificate) const { std::ofstream(path_) << to_pem(certificate); }

    [[nodiscard]] std::string name() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

} // namespace

BOOST_AUTO_TEST_CASE(http2_is_preferred_where_both_are_allowed)
{
    const auto settings = settings_for(protocol::automatic);
    BOOST_TEST(meet(*settings, http1 + http2).protocol == "h2");
    BOOST_TEST(meet(*settings, http1).protocol == "http/1.1");
    const met without = meet(*settings, "");
    BOOST_TEST(without.done);
    BOOST_TEST(without.protocol == "");
}

BOOST_AUTO_TEST_CASE(a_protocol_that_is_not_allowed_fails_the_handshake)
{
    const auto first = settings_for(protocol::http1);
    BOOST_TEST(meet(*first, http2 + http1).protocol == "http/1.1");
    BOOST_TEST(!meet(*first, http2).done);
    const auto second = settings_for(protocol::http2);
    BOOST_TEST(meet(*second, http1 + http2).protocol == "h2");
    BOOST_TEST(!meet(*second, http1).done);
}

BOOST_AUTO_TEST_CASE(tls_1_2_is_the_oldest_version)
{
    const auto settings = settings_for(protocol::automatic);
    BOOST_TEST(meet(*settings, http1, TLS1_2_VERSION).done);
    BOOST_TEST(!meet(*settings, http1, TLS1_1_VERSION).done);
}

BOOST_AUTO_TEST_CASE(files_that_can_not_be_used_are_named)
{
    const server_identity one = make_identity("").value();
    const server_identity other = make_identity("").value();
    const file certificate("certificate.pem");
    const file right("right.pem");
    const file wrong("wrong.pem");
    certificate.write(*one.certificate);
    right.write(*one.private_key);
    wrong.write(*other.private_key);
    const auto failure = [](const std::string& first, const std::string& second) {
        const tls_settings_result made = make_tls_settings(first, second, protocol::automatic);
        BOOST_TEST((made.settings == nullptr) == made.error.failed());
        return made.what;
    };
    BOOST_TEST(failure(certificate.name(), right.name()) == "");
    BOOST_TEST(failure("/no/such.pem", right.name()) == "the certificate file /no/such.pem can't be used");
    BOOST_TEST(failure(certificate.name(), "/no/such.pem") == "the private key file /no/such.pem can't be used");
    BOOST_TEST(failure(certificate.name(), wrong.name()).starts_with("the private key file " + wrong.name()));
}

BOOST_AUTO_TEST_CASE(an_error_is_the_oldest_in_the_queue_and_leaves_it_empty)
{
    ERR_clear_error();
    BOOST_TEST(take_openssl_error() == make_error_code(boost::system::errc::io_error));
    ERR_raise(ERR_LIB_SSL, SSL_R_BAD_LENGTH);
    ERR_raise(ERR_LIB_SSL, SSL_R_BAD_PACKET);
    const boost::system::error_code first = take_openssl_error();
    BOOST_TEST(first.category() == boost::asio::error::get_ssl_category(), first);
    BOOST_TEST(ERR_GET_REASON(static_cast<unsigned long>(first.value())) == SSL_R_BAD_LENGTH);
    BOOST_TEST(ERR_peek_error() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
