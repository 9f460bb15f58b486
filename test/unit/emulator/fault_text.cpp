#include "emulator/fault_text.hpp"

#include "support/printing.hpp"

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_emulator_fault_text)

using namespace venice_keys;
using namespace venice_keys::fault_text;
using namespace std::chrono_literals;

namespace {

// The terms, each as <name> or <name=value>.
std::string terms_of(std::string_view text)
{
    std::string all;
    for (const term& each : take_apart(text))
        all += "<" + each.name + (each.value ? "=" + *each.value : "") + ">";
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(terms_stand_between_commas)
{
    BOOST_TEST(terms_of("close") == "<close>");
    BOOST_TEST(terms_of("answer=503,text=busy,times=2") == "<answer=503><text=busy><times=2>");
    BOOST_TEST(terms_of("a=b=c") == "<a=b=c>");
    BOOST_TEST(terms_of("a=") == "<a=>");
    BOOST_TEST(terms_of("") == "<>");
    BOOST_TEST(terms_of("a,,b") == "<a><><b>");
}

BOOST_AUTO_TEST_CASE(a_backslash_takes_the_next_literally_or_makes_a_byte_of_it)
{
    BOOST_TEST(terms_of(R"(text=a\,b\=c\\d)") == R"(<text=a,b=c\d>)");
    BOOST_TEST(terms_of(R"(raw=a\r\nb)") == "<raw=a\r\nb>");
    BOOST_TEST(terms_of(R"(raw=\x41\x7Fz)") == "<raw=A\x7Fz>");
    BOOST_TEST(terms_of(R"(raw=\xZZ)") == "<raw=xZZ>");
    BOOST_TEST(terms_of(R"(raw=\x4)") == "<raw=x4>");
    BOOST_TEST(terms_of(R"(end\)") == R"(<end\>)");
}

BOOST_AUTO_TEST_CASE(times_have_a_unit_and_a_bound)
{
    BOOST_TEST(read_time("0ms") == 0ms);
    BOOST_TEST(read_time("250ms") == 250ms);
    BOOST_TEST(read_time("2s") == 2000ms);
    BOOST_TEST(read_time("86400s") == 24h);
    for (const std::string_view wrong : {"", "s", "ms", "5", "-1s", "1.5s", "86401s", "86400001ms", "1 s", "1m"})
        BOOST_TEST(!read_time(wrong).has_value(), wrong);
}

BOOST_AUTO_TEST_CASE(codes_have_names_and_numbers)
{
    BOOST_TEST(read_code("cancel") == fault::code::cancel);
    BOOST_TEST(read_code("enhance_your_calm") == fault::code::enhance_your_calm);
    BOOST_TEST(read_code("0x8") == fault::code::cancel);
    BOOST_TEST(read_code("8") == fault::code::cancel);
    BOOST_TEST(static_cast<std::uint32_t>(read_code("0xFFFFFFFF").value()) == 0xFFFF'FFFFU);
    for (const std::string_view wrong : {"", "CANCEL", "0x", "0x100000000", "-1", "8x"})
        BOOST_TEST(!read_code(wrong).has_value(), wrong);
}

BOOST_AUTO_TEST_CASE(complaints_name_the_term_and_what_it_wants)
{
    BOOST_TEST(wrong("so it is").detail == "fault: so it is");
    BOOST_TEST(wrong("so it is").code == errc::invalid_argument);
    BOOST_TEST(bad_value({"times", std::nullopt}, "a number").detail == "fault: 'times' needs a value: a number");
    BOOST_TEST(bad_value({"times", "x"}, "a number").detail == "fault: 'times' wants a number, not 'x'");
}

BOOST_AUTO_TEST_SUITE_END()
