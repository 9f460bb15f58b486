#include "structure/source_tree.hpp"
#include "structure/suites.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(structure_suites_test)

namespace {

using structure::source_tree;

std::string strays(const std::string& file, std::string_view text)
{
    const source_tree source{{file, text}};
    return structure::to_text(structure::find_strays(source.root()));
}

} // namespace

BOOST_AUTO_TEST_CASE(every_test_stands_in_the_suite_of_its_file)
{
    for (const auto& one : structure::find_strays(VENICE_KEYS_SOURCE_DIR))
        BOOST_ERROR(one.file << ":" << one.line << ": " << one.why);
}

BOOST_AUTO_TEST_CASE(helpers_inside_the_suite_or_in_the_namespace_of_its_name_pass)
{
    BOOST_TEST(strays("test/unit/wire/part.cpp",
                      "// About.\n#include <string>\n\nBOOST_AUTO_TEST_SUITE(unit_wire_part)\n"
                      "namespace {\n}\nBOOST_AUTO_TEST_CASE(a)\n{\n}\n"
                      "BOOST_AUTO_TEST_SUITE_END()\n") == "");
    BOOST_TEST(strays("test/unit/wire/part.cpp", "#include <string>\n\nnamespace unit_wire_part {\nstruct it {};\n}\n"
                                                 "BOOST_FIXTURE_TEST_SUITE(unit_wire_part, it)\n"
                                                 "BOOST_AUTO_TEST_SUITE_END()\n") == "");
}

BOOST_AUTO_TEST_CASE(helpers_before_the_suite_are_found)
{
    BOOST_TEST(strays("test/unit/part.cpp",
                      "#include <string>\n\nnamespace {\n}\n\nBOOST_AUTO_TEST_SUITE(unit_part)\n"
                      "BOOST_AUTO_TEST_SUITE_END()\n") == "test/unit/part.cpp:3: stands before the suite unit_part");
}

BOOST_AUTO_TEST_CASE(a_suite_of_another_name_is_found)
{
    BOOST_TEST(strays("test/unit/part.cpp", "\nBOOST_AUTO_TEST_SUITE(unit_parts)\nBOOST_AUTO_TEST_SUITE_END()\n") ==
               "test/unit/part.cpp:2: the suite is not unit_part");
}

BOOST_AUTO_TEST_CASE(a_test_outside_the_suite_is_found)
{
    BOOST_TEST(strays("test/unit/part.cpp", "BOOST_AUTO_TEST_SUITE(unit_part)\nBOOST_AUTO_TEST_SUITE_END()\n"
                                            "BOOST_AUTO_TEST_CASE(unit_part_more)\n") ==
               "test/unit/part.cpp:3: a test outside the suite unit_part");
}

BOOST_AUTO_TEST_SUITE_END()
