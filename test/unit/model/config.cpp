#include "support/printing.hpp"

#include <venice_keys/config.hpp>

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_model_config)

using namespace venice_keys;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

// The detail of the refusal of a configuration that `change` has changed; empty when it is accepted.
template <class Change>
std::string fault_after(Change&& change)
{
    config settings;
    change(settings);
    const result<void> outcome = settings.validate();
    if (outcome)
        return {};
    BOOST_TEST(outcome.error().code == errc::invalid_argument);
    return outcome.error().detail;
}

bool begins_with(const std::string& text, std::string_view name)
{
    return text.starts_with(std::string{name} + ": ");
}

// The field accepts its range's ends and refuses what lies beyond them, naming itself.
template <class Access, class Value>
void check_range(std::string_view name, Access&& access, Value lowest, Value highest, Value step)
{
    BOOST_TEST_CONTEXT(name)
    {
        BOOST_TEST(fault_after([&](config& settings) { access(settings) = lowest; }) == "");
        BOOST_TEST(fault_after([&](config& settings) { access(settings) = highest; }) == "");
        BOOST_TEST(begins_with(fault_after([&](config& settings) { access(settings) = highest + step; }), name));
        if (lowest != Value{}) {
            BOOST_TEST(begins_with(fault_after([&](config& settings) { access(settings) = lowest - step; }), name));
            BOOST_TEST(begins_with(fault_after([&](config& settings) { access(settings) = Value{}; }), name));
        }
    }
}

template <class Access>
void check_time(std::string_view name, Access&& access)
{
    check_range(name, access, milliseconds{1}, milliseconds{24h}, milliseconds{1});
    BOOST_TEST(begins_with(fault_after([&](config& settings) { access(settings) = milliseconds{-1}; }), name));
    BOOST_TEST(begins_with(fault_after([&](config& settings) { access(settings) = milliseconds::max(); }), name));
}

} // namespace

BOOST_AUTO_TEST_CASE(the_defaults_are_valid_and_as_documented)
{
    const config settings;
    BOOST_TEST(settings.validate());
    BOOST_TEST(settings.base_url == "https://api.venice.ai/api/v1");
    BOOST_TEST(settings.max_connections == 16u);
    BOOST_TEST(settings.pipeline_depth == 16u);
    BOOST_TEST(settings.protocol == protocol::automatic);
    BOOST_TEST(settings.max_streams == 100u);
    BOOST_TEST(settings.max_connection_age == 10min);
    BOOST_TEST(settings.timeout == 30s);
    BOOST_TEST(settings.connect_timeout == 10s);
    BOOST_TEST(settings.stall_timeout == 10s);
    BOOST_TEST(settings.idle_timeout == 60s);
    BOOST_TEST(settings.max_queue == 100'000u);
    BOOST_TEST(settings.max_reply_bytes == 1'048'576u);
    BOOST_TEST(settings.threading == threading::multi);
    BOOST_TEST(settings.error_budget.most == 16u);
    BOOST_TEST(settings.error_budget.window == 30s);
    BOOST_TEST(settings.error_budget.reserve == 4u);
    BOOST_TEST(settings.error_budget.enabled);
    BOOST_TEST(!settings.error_budget.strict);
    BOOST_TEST(!settings.observer);
    BOOST_TEST(!settings.tls.insecure_accept_any_certificate_for_tests);
}

BOOST_AUTO_TEST_CASE(numbers_have_a_range_each)
{
    using number = std::size_t;
    check_range(
        "max_connections", [](config& c) -> number& { return c.max_connections; }, number{1}, number{1'000}, number{1});
    check_range(
        "pipeline_depth", [](config& c) -> number& { return c.pipeline_depth; }, number{1}, number{1'000}, number{1});
    check_range(
        "max_streams", [](config& c) -> number& { return c.max_streams; }, number{1}, number{1'000}, number{1});
    check_range(
        "max_queue", [](config& c) -> number& { return c.max_queue; }, number{1}, number{100'000'000}, number{1});
    check_range(
        "max_reply_bytes", [](config& c) -> number& { return c.max_reply_bytes; }, number{1}, number{1'073'741'824},
        number{1});
    check_range(
        "max_header_bytes", [](config& c) -> number& { return c.max_header_bytes; }, number{1'024}, number{1'048'576},
        number{1});
    check_range(
        "max_header_count", [](config& c) -> number& { return c.max_header_count; }, number{1}, number{10'000},
        number{1});
    check_range(
        "max_json_depth", [](config& c) -> number& { return c.max_json_depth; }, number{4}, number{1'000}, number{1});
    check_range(
        "retry.max_attempts", [](config& c) -> unsigned& { return c.retry.max_attempts; }, 1u, 100u, 1u);
    check_range(
        "retry.budget", [](config& c) -> unsigned& { return c.retry.budget; }, 0u, 1'000'000u, 1u);
    check_range(
        "error_budget.most", [](config& c) -> unsigned& { return c.error_budget.most; }, 1u, 50u, 1u);
    check_range(
        "error_budget.reserve", [](config& c) -> unsigned& { return c.error_budget.reserve; }, 0u, 16u, 1u);
}

BOOST_AUTO_TEST_CASE(times_run_from_a_millisecond_to_a_day)
{
    check_time("timeout", [](config& c) -> milliseconds& { return c.timeout; });
    check_time("connect_timeout", [](config& c) -> milliseconds& { return c.connect_timeout; });
    check_time("stall_timeout", [](config& c) -> milliseconds& { return c.stall_timeout; });
    check_time("idle_timeout", [](config& c) -> milliseconds& { return c.idle_timeout; });
    check_time("max_connection_age", [](config& c) -> milliseconds& { return c.max_connection_age; });
    check_time("retry.base_delay", [](config& c) -> milliseconds& { return c.retry.base_delay; });
    check_time("retry.max_delay", [](config& c) -> milliseconds& { return c.retry.max_delay; });
    check_time("error_budget.window", [](config& c) -> milliseconds& { return c.error_budget.window; });
}

BOOST_AUTO_TEST_CASE(a_refusal_says_what_the_range_is)
{
    BOOST_TEST(fault_after([](config& c) { c.max_connections = 0; }) == "max_connections: 0 is not in 1 … 1000");
    BOOST_TEST(fault_after([](config& c) { c.timeout = 0ms; }) == "timeout: 0 ms is not in 1 ms … 24 h");
}

BOOST_AUTO_TEST_CASE(the_base_url_is_checked)
{
    BOOST_TEST(fault_after([](config& c) { c.base_url = ""; }) == "base_url: is empty");
    BOOST_TEST(fault_after([](config& c) { c.base_url = "http://h"; }).starts_with("base_url: begins with http://, "));
    BOOST_TEST(begins_with(fault_after([](config& c) { c.base_url = "https://h/\r\nX: y"; }), "base_url"));
    BOOST_TEST(fault_after([](config& c) { c.base_url = "https://[::1]:8443"; }) == "");
}

BOOST_AUTO_TEST_CASE(paths_of_files_have_no_control_characters)
{
    for (const char c : {'\0', '\r', '\n', '\x1F', '\x7F'}) {
        const std::string path = std::string{"a"} + c + "b";
        BOOST_TEST(begins_with(fault_after([&](config& s) { s.tls.ca_file = path; }), "tls.ca_file"));
        BOOST_TEST(begins_with(fault_after([&](config& s) { s.tls.certificate_file = path; }), "tls.certificate_file"));
        BOOST_TEST(begins_with(fault_after([&](config& s) { s.tls.private_key_file = path; }), "tls.private_key_file"));
    }
    BOOST_TEST(fault_after([](config& s) { s.tls.ca_file = "/etc/mit Leerzeichen/ü.pem"; }) == "");
}

BOOST_AUTO_TEST_CASE(a_certificate_and_its_key_come_together)
{
    BOOST_TEST(begins_with(fault_after([](config& s) { s.tls.certificate_file = "c.pem"; }), "tls.private_key_file"));
    BOOST_TEST(begins_with(fault_after([](config& s) { s.tls.private_key_file = "k.pem"; }), "tls.certificate_file"));
    const auto both = [](config& s) {
        s.tls.certificate_file = "c.pem";
        s.tls.private_key_file = "k.pem";
    };
    BOOST_TEST(fault_after(both) == "");
}

BOOST_AUTO_TEST_CASE(pem_text_has_line_ends_but_no_other_control_characters)
{
    BOOST_TEST(fault_after([](config& s) { s.tls.ca_pem = "-----BEGIN\r\n\tx\n"; }) == "");
    BOOST_TEST(begins_with(fault_after([](config& s) { s.tls.ca_pem = std::string("a\0b", 3); }), "tls.ca_pem"));
    BOOST_TEST(begins_with(fault_after([](config& s) { s.tls.ca_pem = "a\x1B"; }), "tls.ca_pem"));
}

BOOST_AUTO_TEST_CASE(a_pin_is_the_base64_of_32_bytes)
{
    const std::string good = "d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM=";
    const auto fault_of = [](const std::string& pin) {
        return fault_after([&pin](config& s) { s.tls.pinned_public_keys = {pin}; });
    };
    BOOST_TEST(fault_of(good) == "");
    std::string unpadded = good;
    unpadded.pop_back();
    std::string loose_bits = good;
    loose_bits[42] = 'N'; // would decode like M, but no encoder writes it
    std::string strange = good;
    strange[7] = '-';
    std::string early_padding = good;
    early_padding[42] = '=';
    for (const std::string& bad :
         {std::string{}, unpadded, good + "=", loose_bits, strange, early_padding, "sha256/" + good})
        BOOST_TEST(begins_with(fault_of(bad), "tls.pinned_public_keys[0]"), bad);
    const auto second = [&good](config& s) {
        s.tls.pinned_public_keys = {good, "x"};
    };
    BOOST_TEST(begins_with(fault_after(second), "tls.pinned_public_keys[1]"));
}

BOOST_AUTO_TEST_CASE(the_user_agent_is_visible_ascii)
{
    BOOST_TEST(fault_after([](config& s) { s.user_agent = "my-server/1.0 (+https://example.com)"; }) == "");
    BOOST_TEST(fault_after([](config& s) { s.user_agent = ""; }) ==
               "user_agent: is empty; leave the default, or name your program");
    BOOST_TEST(fault_after([](config& s) { s.user_agent = "  "; }) ==
               "user_agent: is empty; leave the default, or name your program");
    for (const std::string_view text : {"a\r\nX: y", "a\tb", "a\x7F", "ü"})
        BOOST_TEST(begins_with(fault_after([text](config& s) { s.user_agent = text; }), "user_agent"), text);
    BOOST_TEST(begins_with(fault_after([](config& s) { s.user_agent = std::string("a\0b", 3); }), "user_agent"));
}

BOOST_AUTO_TEST_CASE(a_proxy_is_a_url_with_credentials_beside_it)
{
    const auto fault = [](auto change) {
        return fault_after([&](config& s) {
            s.proxy.url = "http://proxy.example:3128";
            change(s.proxy);
        });
    };
    BOOST_TEST(fault([](proxy_config&) {}) == "");
    BOOST_TEST(fault([](proxy_config& p) { p.url = "https://[2001:db8::1]/"; }) == "");
    BOOST_TEST(fault([](proxy_config& p) { p.url = ""; }) == "");
    BOOST_TEST(fault([](proxy_config& p) { p.url = "http://proxy.example"; }) ==
               "proxy.url: has no port; write it, as in http://proxy.example:3128");
    BOOST_TEST(begins_with(fault([](proxy_config& p) { p.url = "http://a:b@proxy.example:1"; }), "proxy.url"));
    const auto with = [&](std::string url, std::string user, std::string_view password) {
        return fault([&](proxy_config& p) {
            p.url = std::move(url);
            p.user = std::move(user);
            p.password = secret(password);
        });
    };
    const std::string url = "http://proxy.example:3128";
    BOOST_TEST(with(url, "alice", "p:a ss\xC3\xBC") == "");
    BOOST_TEST(with(url, "", "password alone") == "");
    BOOST_TEST(with(url, std::string(1024, 'a'), std::string(1024, 'b')) == "");
    BOOST_TEST(begins_with(with("", "alice", ""), "proxy.url"));
    BOOST_TEST(begins_with(with("", "", "secret"), "proxy.url"));
    BOOST_TEST(begins_with(with(url, "a:b", ""), "proxy.user"));
    BOOST_TEST(begins_with(with(url, "a\r\nX: y", ""), "proxy.user"));
    BOOST_TEST(with(url, std::string(1025, 'a'), "") == "proxy.user: has 1025 bytes, at most 1024");
    BOOST_TEST(begins_with(with(url, "a", "b\n"), "proxy.password"));
    BOOST_TEST(begins_with(with(url, "a", std::string_view("b\0", 2)), "proxy.password"));
    BOOST_TEST(begins_with(with(url, "a", std::string(1025, 'b')), "proxy.password"));
    BOOST_TEST(fault([](proxy_config& p) { p.no_proxy = "a, b\tc"; }) == "");
    BOOST_TEST(begins_with(fault([](proxy_config& p) { p.no_proxy = "a\nb"; }), "proxy.no_proxy"));
    BOOST_TEST(begins_with(fault([](proxy_config& p) { p.no_proxy.assign(64 * 1024 + 1, 'a'); }), "proxy.no_proxy"));
}

BOOST_AUTO_TEST_CASE(the_first_field_that_is_wrong_is_named)
{
    const auto two_faults = [](config& s) {
        s.max_queue = 0;
        s.max_connections = 0;
    };
    BOOST_TEST(begins_with(fault_after(two_faults), "max_connections"));
}

BOOST_AUTO_TEST_SUITE_END()
