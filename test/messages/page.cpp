// Compares the page with what the code says; `messages --run_test=messages_page -- --update` writes it.
#include "messages/table.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

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

BOOST_AUTO_TEST_SUITE_END()
