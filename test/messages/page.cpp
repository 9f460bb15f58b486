// Compares the page with what the code says; `messages --run_test=messages_page -- --update` writes it.
#include "messages/table.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

BOOST_AUTO_TEST_SUITE(messages_page)

BOOST_AUTO_TEST_CASE(the_page_has_the_texts_as_they_are_said)
{
    const std::string file = std::string(VENICE_KEYS_SOURCE_DIR) + "/docs/guide/messages.md";
    const std::string now = messages::all_messages().page();
    const auto& suite = boost::unit_test::framework::master_test_suite();
    if (suite.argc > 1 && std::string_view(suite.argv[suite.argc - 1]) == "--update")
        std::ofstream(file) << now;
    std::ifstream in(file);
    const std::string page{std::istreambuf_iterator<char>(in), {}};
    if (page == now)
        return;
    // The first line that differs says enough.
    std::size_t begin = 0;
    while (begin < page.size() && begin < now.size() && page[begin] == now[begin])
        ++begin;
    begin = now.rfind('\n', begin) + 1;
    BOOST_ERROR("docs/guide/messages.md is not what the code says; run `messages --run_test=messages_page -- --update` "
                "and look at the change. The code says:\n"
                << now.substr(begin, now.find('\n', begin) - begin) << "\nthe page:\n"
                << page.substr(std::min(begin, page.size()), page.find('\n', begin) - begin));
}

BOOST_AUTO_TEST_CASE(each_text_is_one_line_without_a_secret)
{
    for (const messages::section& each : messages::all_messages().sections())
        for (const messages::row& one : each.rows) {
            BOOST_TEST(one.text.find("s3cret") == std::string::npos, one.text);
            BOOST_TEST(!one.text.empty(), one.when);
            BOOST_TEST(!one.what_to_do.empty(), one.text);
        }
}

// Whoever uses config::from_environment(), or a program that does, does not know the fields.
BOOST_AUTO_TEST_CASE(a_setting_that_the_environment_has_is_told_with_its_variable)
{
    constexpr std::pair<std::string_view, std::string_view> settings[] = {
        {"config::base_url", " (VENICE_BASE_URL"},    {"config::tls.ca_file", " (VENICE_CA_FILE"},
        {"config::proxy.url", " (HTTPS_PROXY"},       {"config::proxy.user and proxy.password", " (HTTPS_PROXY"},
        {"credentials::replace", " (VENICE_API_KEY"},
    };
    for (const auto& [field, variable] : settings) {
        std::size_t seen = 0;
        for (const messages::section& each : messages::all_messages().sections())
            for (const messages::row& one : each.rows)
                for (std::size_t at = 0; (at = one.text.find(field, at)) != std::string::npos; ++seen) {
                    at += field.size();
                    BOOST_TEST(std::string_view(one.text).substr(at).starts_with(variable), one.text);
                }
        BOOST_TEST(seen != 0U, field);
    }
}

BOOST_AUTO_TEST_CASE(no_text_says_its_code_twice)
{
    const auto small = [](std::string text) {
        std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        return text;
    };
    std::size_t seen = 0;
    for (int code = 1; venice_keys::error_category().message(code) != "unknown error"; ++code) {
        const std::string_view name = venice_keys::name_of(static_cast<venice_keys::errc>(code));
        const std::string words = small(venice_keys::error_category().message(code));
        for (const messages::section& each : messages::all_messages().sections())
            for (const messages::row& one : each.rows) {
                if (one.code != name)
                    continue;
                ++seen;
                // What the service says of a key is quoted whole.
                if (one.text.find("API key not found") != std::string::npos)
                    continue;
                BOOST_TEST(small(one.text).rfind(words) == 0U, one.text);
            }
    }
    BOOST_TEST(seen > 150U);
}

BOOST_AUTO_TEST_SUITE_END()
