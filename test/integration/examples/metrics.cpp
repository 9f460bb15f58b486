// The example that serves metrics: every line of its page is what Prometheus' text format (0.0.4) allows, and true.
#include "integration/examples/child.hpp"
#include "integration/examples/service.hpp"
#include "support/printing.hpp"

#include <venice_keys/emulator.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(integration_examples_metrics)

namespace {

namespace vk = venice_keys;
using integration::ask;
using integration::child;
using integration::path_of;
using integration::service;

struct sample {
    std::string name;
    std::map<std::string, std::string> labels;
    double value = 0;
};

struct metric {
    std::string type;
    std::vector<sample> samples;
};

[[noreturn]] void wrong(const std::string& why, std::string_view line)
{
    throw std::runtime_error{why + ": " + std::string{line}};
}

// Takes a name off the front: [a-zA-Z_][a-zA-Z0-9_]*.
std::string take_name(std::string_view& rest)
{
    std::size_t size = 0;
    const auto fits = [&](char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        return letter || (size != 0 && c >= '0' && c <= '9');
    };
    while (size != rest.size() && fits(rest[size]))
        ++size;
    if (size == 0)
        wrong("no name", rest);
    std::string name{rest.substr(0, size)};
    rest.remove_prefix(size);
    return name;
}

void take(std::string_view& rest, std::string_view what)
{
    if (!rest.starts_with(what))
        wrong("no '" + std::string{what} + "'", rest);
    rest.remove_prefix(what.size());
}

// Takes a label's value up to the closing quote, and undoes its escapes.
std::string take_value(std::string_view& rest)
{
    std::string value;
    for (; !rest.starts_with('"'); rest.remove_prefix(1)) {
        if (rest.empty())
            wrong("no closing quote", rest);
        if (rest.front() != '\\') {
            value += rest.front();
            continue;
        }
        rest.remove_prefix(1);
        if (rest.empty() || (rest.front() != '\\' && rest.front() != '"' && rest.front() != 'n'))
            wrong("an escape that there is none of", rest);
        value += rest.front() == 'n' ? '\n' : rest.front();
    }
    return value;
}

double number(std::string_view text)
{
    if (text == "+Inf")
        return std::numeric_limits<double>::infinity();
    double value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size())
        wrong("no number", text);
    return value;
}

sample parse_sample(std::string_view line)
{
    sample read{take_name(line), {}, 0};
    if (line.starts_with('{')) {
        for (char before = '{'; !line.starts_with('}'); before = ',') {
            take(line, std::string_view{&before, 1});
            const std::string label = take_name(line);
            take(line, "=\"");
            if (!read.labels.emplace(label, take_value(line)).second)
                wrong("a label twice", line);
            take(line, "\"");
        }
        take(line, "}");
    }
    take(line, " ");
    read.value = number(line);
    return read;
}

// The name of the metric to which a sample of this name belongs.
std::string metric_of(const sample& each, const std::string& type)
{
    if (type == "histogram")
        for (const std::string suffix : {"_bucket", "_sum", "_count"})
            if (each.name.ends_with(suffix))
                return each.name.substr(0, each.name.size() - suffix.size());
    return each.name;
}

std::map<std::string, metric> parse(const std::string& page)
{
    std::map<std::string, metric> all;
    std::set<std::pair<std::string, std::map<std::string, std::string>>> met;
    std::string name;
    std::string described;
    if (!page.ends_with('\n'))
        wrong("the last line does not end", page);
    std::istringstream lines{page};
    for (std::string text; std::getline(lines, text);) {
        std::string_view line = text;
        if (line.starts_with("# HELP ")) {
            take(line, "# HELP ");
            described = take_name(line);
            take(line, " ");
        } else if (line.starts_with("# TYPE ")) {
            take(line, "# TYPE ");
            name = take_name(line);
            take(line, " ");
            const bool known = line == "counter" || line == "gauge" || line == "histogram";
            if (!known || name != described || !all.emplace(name, metric{std::string{line}, {}}).second)
                wrong("a TYPE without HELP, of no known type, or twice", text);
            if ((line == "counter") != name.ends_with("_total"))
                wrong("a counter's name ends in _total, and no other", text);
        } else {
            const sample read = parse_sample(line);
            if (name.empty() || metric_of(read, all[name].type) != name)
                wrong("a sample of another metric", text);
            if (!met.insert({read.name, read.labels}).second)
                wrong("a sample twice", text);
            all[name].samples.push_back(read);
        }
    }
    return all;
}

// The only sample of a metric that has these labels.
double value(const std::map<std::string, metric>& page, const std::string& name,
             const std::map<std::string, std::string>& labels = {})
{
    for (const sample& each : page.at(name).samples)
        if (each.labels == labels)
            return each.value;
    return std::numeric_limits<double>::quiet_NaN();
}

void check_histogram(const metric& histogram)
{
    double longest = 0;
    double count = 0;
    std::map<std::string, double> totals;
    for (const sample& each : histogram.samples) {
        if (!each.name.ends_with("_bucket")) {
            totals[each.name.substr(each.name.rfind('_'))] = each.value;
            continue;
        }
        const double bound = number(each.labels.at("le"));
        BOOST_TEST(bound > longest);
        BOOST_TEST(each.value >= count);
        longest = bound;
        count = each.value;
    }
    BOOST_TEST(std::isinf(longest));
    BOOST_TEST(totals.at("_count") == count);
    BOOST_TEST(totals.at("_sum") > 0);
}

// The metric that has samples of this name, which may be a part of a histogram; null if there is none.
const metric* metric_named(const std::map<std::string, metric>& page, const std::string& name)
{
    for (const auto& [each, it] : page)
        if (each == metric_of({name, {}, 0}, it.type))
            return &it;
    return nullptr;
}

bool has_label(const metric& it, const std::string& label, const std::string& value)
{
    return std::ranges::any_of(it.samples, [&](const sample& each) {
        const auto found = each.labels.find(label);
        return found != each.labels.end() && found->second == value;
    });
}

std::string request(const std::string& method, const std::string& target)
{
    return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
}

// The answer to a scrape, as soon as `wanted` is in it.
std::string scrape(std::uint16_t port, const std::string& wanted)
{
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    std::string answer;
    do {
        answer = ask(port, request("GET", "/metrics"));
        if (answer.find(wanted) != std::string::npos)
            break;
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    } while (std::chrono::steady_clock::now() < deadline);
    return answer;
}

// Everything that a page can have in it: attempts that failed, a state of the token, a label that has to be escaped.
struct metrics_of_one_call {
    service venice{0};
    std::string tier = "odd \"tier\" \\ of\ntwo lines";
    std::string head;
    std::map<std::string, metric> page;

    metrics_of_one_call()
    {
        venice.emulator().add_fault(vk::fault::answer(503).times(2));
        venice.emulator().add_fault(vk::fault::answer(200).times(0).body(
            R"({"data":{"accessPermitted":true,"apiTier":{"id":"odd \"tier\" \\ of\ntwo lines","isCharged":true},)"
            R"("balances":{"USD":12.5},"keyExpiration":null,"nextEpochBegins":"2026-12-01T00:00:00.000Z",)"
            R"("rateLimits":[]}})"));
        child example{path_of("metrics"), {"0"}, venice.environment()};
        const std::string greeting = example.read_line().value_or("");
        const std::string before = "listening on 127.0.0.1:";
        BOOST_TEST_REQUIRE(greeting.starts_with(before), greeting);
        const auto port = static_cast<std::uint16_t>(std::stoul(greeting.substr(before.size())));

        const std::string answer = scrape(port, "\nvenice_keys_calls_total{outcome=\"succeeded\"} 1\n");
        const std::size_t end = answer.find("\r\n\r\n");
        head = answer.substr(0, end);
        page = parse(answer.substr(end + 4));

        BOOST_TEST(ask(port, request("GET", "/")).starts_with("HTTP/1.1 404 "));
        const std::string refused = ask(port, request("PUT", "/metrics"));
        BOOST_TEST(refused.starts_with("HTTP/1.1 405 "));
        BOOST_TEST(refused.find("\r\nAllow: GET\r\n") != std::string::npos, refused);
        example.terminate();
        static_cast<void>(example.read_all());
        BOOST_TEST(example.wait() == 0);
    }
};

std::map<std::string, metric> page_of_a_refused_token()
{
    service venice{0};
    child::variables environment = venice.environment();
    environment[0].second = "not-the-token";
    child example{path_of("metrics"), {"0"}, environment};
    const std::string greeting = example.read_line().value_or("");
    const auto port = static_cast<std::uint16_t>(std::stoul(greeting.substr(greeting.rfind(':') + 1)));
    const std::string answer = scrape(port, "\nvenice_keys_calls_total{outcome=\"failed\"} 1\n");
    BOOST_TEST(answer.find("not-the-token") == std::string::npos);
    return parse(answer.substr(answer.find("\r\n\r\n") + 4));
}

} // namespace

BOOST_AUTO_TEST_CASE(the_page_is_in_the_format_of_prometheus_and_true)
{
    const metrics_of_one_call run;
    BOOST_TEST(run.head.starts_with("HTTP/1.1 200 "), run.head);
    BOOST_TEST(run.head.find("\r\nContent-Type: text/plain; version=0.0.4") != std::string::npos, run.head);

    BOOST_TEST(value(run.page, "venice_keys_calls_total", {{"outcome", "failed"}}) == 0);
    BOOST_TEST(value(run.page, "venice_keys_requests_total") == 3);
    BOOST_TEST(value(run.page, "venice_keys_replays_total") == 2);
    BOOST_TEST(value(run.page, "venice_keys_connections_opened_total") == 1);
    BOOST_TEST(value(run.page, "venice_keys_open_connections") == 1);
    BOOST_TEST(value(run.page, "venice_keys_waiting_calls") == 0);
    const std::string attempts = "venice_keys_attempts_total";
    BOOST_TEST(value(run.page, attempts, {{"method", "GET"}, {"status", "503"}, {"error", "unavailable"}}) == 2);
    BOOST_TEST(value(run.page, attempts, {{"method", "GET"}, {"status", "200"}, {"error", ""}}) == 1);
    BOOST_TEST(run.page.at(attempts).samples.size() == 2U);
    BOOST_TEST(value(run.page, "venice_account_info", {{"tier", run.tier}}) == 1);
    BOOST_TEST(value(run.page, "venice_account_access_permitted") == 1);
    BOOST_TEST(value(run.page, "venice_account_balance_usd") == 12.5);

    const metric& duration = run.page.at("venice_keys_call_duration_seconds");
    BOOST_TEST(duration.type == "histogram");
    BOOST_TEST(duration.samples.back().value == 1); // one call succeeded
    check_histogram(duration);
}

BOOST_AUTO_TEST_CASE(a_refused_token_shows_in_the_metrics)
{
    const std::map<std::string, metric> page = page_of_a_refused_token();
    const std::string state = "venice_keys_token_state";
    BOOST_TEST(value(page, state, {{"token", "1"}, {"state", "token_refused"}}) == 1);
    BOOST_TEST(value(page, state, {{"token", "1"}, {"state", "passing"}}) == 0);
    BOOST_TEST(value(page, state, {{"token", "1"}, {"state", "holding"}}) == 0);
}

// A rule that names what nobody measures is never true, and nobody sees that.
BOOST_AUTO_TEST_CASE(the_alerts_name_metrics_and_labels_that_are_measured)
{
    const metrics_of_one_call run;
    const std::map<std::string, metric> refused = page_of_a_refused_token();
    std::ifstream file{VENICE_KEYS_ALERTS};
    const std::regex selector{R"((venice_[a-z_]+)(\{[^}]*\})?)"};
    const std::regex matcher{R"re(([a-z_]+)!?="([^"]*)")re"};
    std::set<std::string> named;
    for (std::string text; std::getline(file, text);) {
        const std::string line = text.substr(0, text.find('#'));
        for (std::sregex_iterator each{line.begin(), line.end(), selector}, none; each != none; ++each) {
            const std::string name = (*each)[1];
            const std::string labels = (*each)[2];
            const metric* const measured = metric_named(run.page, name);
            if (!measured) {
                BOOST_ERROR(name << " is no metric: " << line);
                continue;
            }
            named.insert(name);
            for (std::sregex_iterator one{labels.begin(), labels.end(), matcher}; one != none; ++one)
                BOOST_TEST((has_label(*measured, (*one)[1], (*one)[2]) ||
                            has_label(*metric_named(refused, name), (*one)[1], (*one)[2])),
                           one->str() << " is no label: " << line);
        }
    }
    BOOST_TEST(named.size() >= 11U); // the file has been read
}

BOOST_AUTO_TEST_SUITE_END()
