// Settings that are refused: of the configuration, the environment and TLS's files.
#include "messages/stage.hpp"
#include "messages/table.hpp"
#include "model/environment.hpp"

#include <cstring>
#include <functional>
#include <map>

namespace messages {

namespace {

using change = std::function<void(vk::config&)>;

void add_url(table& all)
{
    all.begin(
        "The base URL and the URL of a proxy",
        "`config::validate()` says it, and the client's constructor throws it as `request_failed`. Nothing is quoted "
        "of a URL that may have a password in it.");
    const auto add = [&all](std::string when, std::string url, std::string what) {
        vk::config with;
        with.base_url = std::move(url);
        all.add(std::move(when), with.validate().error(), std::move(what));
    };
    add("empty", "", "leave the default, or give the address of your server");
    add("a line end behind it", "https://api.venice.ai/api/v1\n", "cut it off");
    add("a blank in front of it", " https://api.venice.ai/api/v1", "cut it off");
    add("a blank in it", "https://api.venice.ai/api /v1", "leave it out");
    add("quotation marks around it", "\"https://api.venice.ai/api/v1\"", "leave them out");
    add("no scheme", "api.venice.ai/api/v1", "put https:// in front");
    add("plain HTTP", "http://localhost:8080/api/v1", "use the port of HTTPS");
    add("another scheme", "wss://api.venice.ai/api/v1", "write https://");
    add("a user in it", "https://alice:s3cret@api.venice.ai/api/v1", "leave it out");
    add("a query", "https://api.venice.ai/api/v1?page=2", "leave it out");
    add("a fragment", "https://api.venice.ai/api/v1#keys", "leave it out");
    add("no host", "https:///api/v1", "write the host behind https://");
    add("a host that can't be one", "https://api..venice.ai/api/v1", "write a name or an address");
    add("a port that can't be one", "https://localhost:84430/api/v1", "write a number up to 65535, or none");
    add("a port that is no number", "https://localhost:https/api/v1", "write a number");
    add("a path with dots", "https://api.venice.ai/api/../v1", "write the path without them");
    add("a bracket that is not closed", "https://[::1/api/v1", "write https://[::1]:8443/api/v1");
    add("a zone id", "https://[fe80::1%25eth0]/api/v1", "use an address without one");
    add("a bracket in the path", "https://localhost/a[b]", "escape it");
    add("a character that must be escaped", "https://localhost/{id}", "escape it");
    add("a broken escape", "https://localhost/100%", "write %25 for a %");
    add("far too long", "https://localhost/" + std::string(2'031, 'a'), "see where it comes from");

    const auto proxy = [&all](std::string when, const change& how, std::string what) {
        vk::config with;
        with.proxy.url = "http://proxy.example:3128";
        how(with);
        all.add(std::move(when), with.validate().error(), std::move(what));
    };
    proxy(
        "a proxy without a scheme", [](auto& c) { c.proxy.url = "proxy.example:3128"; }, "put http:// in front");
    proxy(
        "a proxy of another kind", [](auto& c) { c.proxy.url = "socks5://proxy.example:1080"; },
        "use a proxy that knows CONNECT");
    proxy(
        "a proxy without a port", [](auto& c) { c.proxy.url = "http://proxy.example"; }, "write the port");
    proxy(
        "a proxy with a path", [](auto& c) { c.proxy.url = "http://proxy.example:3128/x"; }, "leave it out");
    proxy(
        "a user in a proxy's URL", [](auto& c) { c.proxy.url = "http://alice:s3cret@proxy.example:3128"; },
        "set `proxy.user` and `proxy.password`; `from_environment` does");
    proxy(
        "credentials without a proxy",
        [](auto& c) {
            c.proxy.url.clear();
            c.proxy.user = "alice";
        },
        "set `proxy.url`, or leave the user out");
    proxy(
        "a colon in the user", [](auto& c) { c.proxy.user = "alice:s3cret"; },
        "put what follows it into `proxy.password`");
    proxy(
        "a user that is too long", [](auto& c) { c.proxy.user = std::string(2'000, 'a'); }, "see where it comes from");
}

void add_numbers(table& all)
{
    all.begin("Other settings", "`config::validate()` says it, and the client's constructor throws it.");
    const auto add = [&all](std::string when, const change& how, std::string what) {
        vk::config with;
        how(with);
        all.add(std::move(when), with.validate().error(), std::move(what));
    };
    using std::chrono::milliseconds;
    add(
        "a number out of range", [](auto& c) { c.max_connections = 0; }, "give a number in the range");
    add(
        "a time out of range", [](auto& c) { c.timeout = milliseconds{0}; }, "give a time in the range");
    add(
        "a control character in a path", [](auto& c) { c.tls.ca_file = "/etc/ca.pem\n"; }, "cut it off");
    add(
        "a private key without a certificate", [](auto& c) { c.tls.private_key_file = "key.pem"; },
        "set both, or none");
    add(
        "a certificate without a private key", [](auto& c) { c.tls.certificate_file = "cert.pem"; },
        "set both, or none");
    add(
        "a pin that is none", [](auto& c) { c.tls.pinned_public_keys = {"sha256"}; }, "see [TLS](tls.md)");
    add(
        "a program without a name", [](auto& c) { c.user_agent = " "; }, "leave the default");
    add(
        "a program with a strange name", [](auto& c) { c.user_agent = "ü"; }, "use ASCII");

    const auto of = [&all](std::string when, std::map<std::string, const char*> set, std::string what) {
        const auto got = vk::detail::config_from([&set](const char* name) -> const char* {
            const auto found = set.find(name);
            return found == set.end() ? nullptr : found->second;
        });
        all.add(std::move(when), got.error(), std::move(what));
    };
    of("`config::from_environment()`", {{"VENICE_BASE_URL", "https://api.venice.ai\n"}}, "mend the variable");
    of("the same", {{"HTTPS_PROXY", "socks5://alice:s3cret@proxy.example:1080"}}, "mend the variable");
    of("the same", {{"VENICE_CA_FILE", "/etc/ca\t.pem"}}, "mend the variable");
}

void add_files(table& all)
{
    all.begin("Files of TLS", "The client's constructor throws it as `request_failed`.");
    stage on;
    const auto add = [&](std::string when, const change& how, std::string what) {
        vk::config with = on.settings();
        how(with);
        try {
            const vk::client client{on.io.get_executor(), on.who(), with};
        } catch (const vk::request_failed& thrown) {
            return all.add(std::move(when), thrown.error(), std::move(what));
        }
        all.add(std::move(when), "none", "nothing is wrong", "-");
    };
    add(
        "a file that is not there", [](auto& c) { c.tls.ca_file = "/no/such/ca.pem"; },
        "see whether the path is right");
    add(
        "it is a folder", [](auto& c) { c.tls.ca_file = "/"; }, "give the path of a file");
    add(
        "a text that is no certificate", [](auto& c) { c.tls.ca_pem = "s3cret"; },
        "give the PEM text of a certificate");
    add(
        "a certificate that is not there",
        [](auto& c) {
            c.tls.certificate_file = "/no/such/cert.pem";
            c.tls.private_key_file = "/no/such/key.pem";
        },
        "see whether the path is right");
    all.by_hand(
        "the private key belongs to another certificate", vk::errc::invalid_argument,
        "tls.private_key_file: '/etc/key.pem' can't be used: key values mismatch (x509 certificate routines); it "
        "must be PEM",
        "give the key of that certificate");
    all.by_hand("the system has no certificates", vk::errc::invalid_argument,
                "tls.ca_file (VENICE_CA_FILE): it is not set, and the system's certificates can't be used: No such "
                "file or directory",
                "install the package ca-certificates, or set it");
    all.by_hand("OpenSSL does not say why", vk::errc::invalid_argument,
                "tls.ca_pem: it can't be used: OpenSSL gives no reason", "look at the file");
}

} // namespace

void add_settings(table& all)
{
    add_url(all);
    add_numbers(all);
    add_files(all);
}

} // namespace messages
