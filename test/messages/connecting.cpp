// Failures to connect, to shake hands, and of proxies.
#include "messages/stage.hpp"
#include "messages/table.hpp"
#include "net/certificate_fault.hpp"
#include "net/proxy_route.hpp"
#include "net/tls_alert.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>

namespace messages {

namespace {

using namespace std::chrono_literals;
namespace net = vk::net;

constexpr const char* server = "api.venice.ai:443";

// A certificate for these names, which was valid in the year 2020 and is signed by nobody.
std::unique_ptr<X509, decltype(&X509_free)> old_certificate(const char* names)
{
    std::unique_ptr<X509, decltype(&X509_free)> made{X509_new(), &X509_free};
    ASN1_TIME_set_string(X509_getm_notBefore(made.get()), "20200101000000Z");
    ASN1_TIME_set_string(X509_getm_notAfter(made.get()), "20201231235959Z");
    X509_NAME_add_entry_by_txt(X509_get_issuer_name(made.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("Example CA"), -1, -1, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names);
    X509_add_ext(made.get(), extension, -1);
    X509_EXTENSION_free(extension);
    return made;
}

void add_certificates(table& all)
{
    all.begin("Certificates", "Another attempt would be in vain, so that the call ends at once.");
    const auto shown = old_certificate("DNS:venice.ai,DNS:*.example.com,IP:192.0.2.1,IP:2001:db8::1");
    vk::tls_config trusted;
    const auto add = [&](std::string when, long verified, std::string what) {
        all.add(std::move(when),
                vk::error(vk::errc::tls_failed,
                          net::certificate_fault(server, "api.venice.ai", verified, shown.get(), trusted)),
                std::move(what));
    };
    add("it has expired", X509_V_ERR_CERT_HAS_EXPIRED, "renew it, or set the clock");
    add("it is not valid yet", X509_V_ERR_CERT_NOT_YET_VALID, "set the clock");
    add("it is for another host", X509_V_ERR_HOSTNAME_MISMATCH, "use one of its names in `config::base_url`");
    add("it is for another address", X509_V_ERR_IP_ADDRESS_MISMATCH, "use one of its names in `config::base_url`");
    const std::string trust = "do as the text says, if you trust it";
    add("nobody here knows who signed it", X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, trust);
    add("it is signed by itself", X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, trust);
    add("nobody here knows its root", X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, trust);
    trusted.ca_pem = "-----BEGIN CERTIFICATE-----";
    add("the PEM text has another authority", X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, trust);
    trusted.ca_file = "/etc/venice/ca.pem";
    add("neither the file nor the PEM text has its authority", X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, trust);
    trusted.ca_pem.clear();
    add("the file has another authority, perhaps an old one", X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, trust);
    const auto many =
        old_certificate("DNS:a.example,DNS:b.example,DNS:c.example,DNS:d.example,DNS:e.example,DNS:f.example");
    all.add("it is for many hosts",
            vk::error(vk::errc::tls_failed,
                      net::certificate_fault(std::string(server) + " (through the proxy proxy.example:3128)",
                                             "api.venice.ai", X509_V_ERR_HOSTNAME_MISMATCH, many.get(), trusted)),
            "use one of its names in `config::base_url`");
    add("anything else", X509_V_ERR_CERT_REVOKED, "ask whoever runs the server");

    stage on;
    all.call(":" + std::to_string(on.emulator.port()), ":8443");
    const auto update = [](vk::client& client, auto handler) {
        client.update_key(vk::key_update{"key-1"}.usd(1), std::move(handler));
    };
    vk::config with = on.settings();
    with.tls.ca_pem.clear();
    all.add("the emulator's, without its `ca_pem`", on.error_of(with, on.who(), update),
            "set `tls.ca_pem` to `emulator.ca_pem()`");
    const stage earlier;
    with.tls.ca_pem = earlier.emulator.ca_pem();
    all.add("the emulator's, with the `ca_pem` of an earlier run", on.error_of(with, on.who(), update),
            "read `ca_pem` again; each run has its own");
    with = on.settings();
    with.tls.pinned_public_keys = {"d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM="};
    all.add("no pin fits", on.error_of(with, on.who(), update), "see [TLS](tls.md)");
}

void add_handshakes(table& all)
{
    all.begin("Handshakes", "TLS between client and server, or client and proxy.");
    const auto add = [&](std::string when, std::string text, std::string what) {
        all.by_hand(std::move(when), vk::errc::tls_failed, std::move(text), std::move(what));
    };
    add("the port speaks plain HTTP", net::no_tls_text("localhost:8080", false), "give the port of HTTPS");
    add("a proxy speaks plain HTTP", net::no_tls_text("the proxy proxy.example:3128", true), "write http://");
    net::own_certificate ours;
    add("the server refuses", net::refusal_text(server, SSL_AD_HANDSHAKE_FAILURE, ours), "ask whoever runs the server");
    add("the server wants a certificate", net::refusal_text(server, SSL_AD_CERTIFICATE_REQUIRED, ours), "set both");
    ours.shown = true;
    add("the server does not accept it", net::refusal_text(server, SSL_AD_UNKNOWN_CA, ours), "get another one");
    ours = {};
    ours.never = true;
    add("a proxy wants a certificate",
        net::refusal_text("the proxy proxy.example:443", SSL_AD_CERTIFICATE_REQUIRED, ours), "use another proxy");
    add("the server does not speak HTTP/2",
        "the server did not choose HTTP/2 by ALPN, and config::protocol allows nothing else: set it to automatic",
        "set it so");
    add("the server does not answer",
        "the TLS handshake with api.venice.ai:443 took longer than config::connect_timeout",
        "see whether the port is right");
    add("OpenSSL fails", "OpenSSL does not take the names of the protocols (ALPN)", "report it");
    add("the same", "OpenSSL does not take the host's name, which the certificate has to have",
        "see whether it is one");
}

void add_sockets(table& all)
{
    all.begin("Addresses and connections",
              "The client goes on trying while the call's deadline allows, unless the host does not exist. What "
              "failed last stands in front of what the call was waiting for.");
    stage on;
    vk::config with = on.settings();
    with.base_url = "https://127.0.0.1:1/api/v1";
    with.timeout = 1s; // long enough for one attempt, and too short for a second
    with.retry.base_delay = 10s;
    with.retry.max_delay = 10s;
    all.add("nothing listens there",
            on.error_of(with, on.who(),
                        [](vk::client& client, auto handler) {
                            client.update_key(vk::key_update{"key-1"}.usd(1), std::move(handler));
                        }),
            "see whether the server runs, and on which port");
    all.add("the same, for `warm_up()`",
            on.error_of<void>(with, on.who(),
                              [](vk::client& client, auto handler) { client.warm_up(1, std::move(handler)); }),
            "see whether the server runs, and on which port");
    all.call(":" + std::to_string(on.emulator.http_port()), ":8080");
    with.base_url = "https" + on.emulator.http_base_url().substr(4);
    all.add("the port speaks plain HTTP",
            on.error_of(with, on.who(),
                        [](vk::client& client, auto handler) {
                            client.update_key(vk::key_update{"key-1"}.usd(1), std::move(handler));
                        }),
            "give the port of HTTPS");
    all.by_hand("the host does not exist", vk::errc::resolve_failed,
                "resolving api.venice.example failed: Host not found (authoritative)",
                "see whether the name in `config::base_url` is right");
    all.by_hand("an address does not answer", vk::errc::connect_failed,
                "connecting to api.venice.ai:443 (192.0.2.1) took longer than config::connect_timeout",
                "see whether a firewall is between");
    all.by_hand("no thread or socket is to be had", vk::errc::connect_failed,
                "connecting to api.venice.ai:443 could not be started", "raise the limits of the process");
}

void add_proxies(table& all)
{
    all.begin("Proxies", "The proxy's own text is not shown: it may repeat what it was sent.");
    net::proxy_route route;
    route.target = server;
    const auto add = [&](std::string when, std::string_view answer, std::string what) {
        net::connect_answer heard;
        heard.take(answer);
        all.add(std::move(when), route.refusal(heard, "the proxy proxy.example:3128").why, std::move(what));
    };
    add("it is no proxy", "SSH-2.0\r\n", "see which port the proxy has");
    add("its answer has no end", "HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x'), "see what it is");
    add("it wants credentials", "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n", "set them");
    add("it wants other credentials", "HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\n\r\n", "use another proxy");
    add("it refuses the server", "HTTP/1.1 403 No\r\n\r\n", "have the server allowed");
    add("it has too much to do", "HTTP/1.1 429 No\r\n\r\n", "try again later");
    add("it does not reach the server", "HTTP/1.1 502 No\r\n\r\n", "try again later");
    route.authorization = vk::secret{"Basic s3cret"};
    add("it does not take the credentials", "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n", "mend them");
    all.by_hand("it does not answer", vk::errc::connect_failed,
                "asking the proxy proxy.example:3128 for api.venice.ai:443 took longer than config::connect_timeout",
                "see whether it is the right proxy");
}

} // namespace

void add_connecting(table& all)
{
    add_sockets(all);
    add_certificates(all);
    add_handshakes(all);
    add_proxies(all);
}

} // namespace messages
