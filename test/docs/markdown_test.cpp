#include "docs/markdown.hpp"
#include "structure/source_tree.hpp"
#include "support/printing.hpp"

#include <string>

BOOST_AUTO_TEST_SUITE(docs_markdown_test)

namespace {

using structure::source_tree;

std::string problems(const source_tree& source)
{
    return structure::to_text(docs::check(source.root()));
}

constexpr auto example = "int main()\n"
                         "{\n"
                         "    // [create]\n"
                         "    make(1);\n"
                         "\n"
                         "    if (true) {\n"
                         "        // [inner]\n"
                         "        make(2);\n"
                         "        // [/inner]\n"
                         "    }\n"
                         "    // [/create]\n"
                         "}\n";

constexpr auto page = "# Title\n"
                      "<!-- from docs/examples/first.cpp#create -->\n"
                      "```cpp\n"
                      "make(1);\n"
                      "\n"
                      "if (true) {\n"
                      "    make(2);\n"
                      "}\n"
                      "```\n";

} // namespace

BOOST_AUTO_TEST_CASE(a_block_that_equals_its_region_passes)
{
    const source_tree source{{"README.md", page}, {"docs/examples/first.cpp", example}};
    BOOST_TEST(problems(source) == "");
}

BOOST_AUTO_TEST_CASE(a_block_that_differs_from_its_region_is_found)
{
    const source_tree source{{"docs/guide/start.md", "<!-- from docs/examples/first.cpp#inner -->\n"
                                                     "```cpp\n"
                                                     "make(3);\n"
                                                     "```\n"},
                             {"docs/examples/first.cpp", example}};
    BOOST_TEST(problems(source) == "docs/guide/start.md:2: differs from region inner in docs/examples/first.cpp "
                                   "(./dev docs --update copies it)");
}

BOOST_AUTO_TEST_CASE(a_missing_region_is_found)
{
    const source_tree source{{"README.md", "<!-- from docs/examples/first.cpp#gone -->\n```cpp\n```\n"},
                             {"docs/examples/first.cpp", example}};
    BOOST_TEST(problems(source) == "README.md:2: there is no region gone in docs/examples/first.cpp");
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_found)
{
    const source_tree source{{"README.md", "<!-- from docs/examples/gone.cpp#create -->\n```cpp\n```\n"}};
    BOOST_TEST(problems(source) == "README.md:2: there is no region create in docs/examples/gone.cpp");
}

BOOST_AUTO_TEST_CASE(a_block_without_a_region_is_the_whole_file)
{
    const source_tree source{{"README.md", "<!-- from docs/first.cpp -->\n```cpp\nint a;\nint b;\n```\n"
                                           "<!-- from docs/first.cpp -->\n```cpp\nint b;\n```\n"
                                           "<!-- from docs/gone.cpp -->\n```cpp\nint b;\n```\n"},
                             {"docs/first.cpp", "int a;\n// [b]\nint b;\n// [/b]\n"}};
    BOOST_TEST(problems(source) == "README.md:7: differs from file docs/first.cpp (./dev docs --update copies it)\n"
                                   "README.md:11: there is no file docs/gone.cpp");
}

BOOST_AUTO_TEST_CASE(commands_and_cmake_can_be_regions_too)
{
    const source_tree source{{"README.md", "<!-- from docs/run.sh#run -->\n```sh\n./first\n```\n"
                                           "<!-- from docs/CMakeLists.txt#link -->\n```cmake\nlink(b)\n```\n"},
                             {"docs/run.sh", "set -e\n# [run]\n./first\n# [/run]\n"},
                             {"docs/CMakeLists.txt", "# [link]\nlink(a)\n# [/link]\n"}};
    BOOST_TEST(problems(source) == "README.md:6: differs from region link in docs/CMakeLists.txt "
                                   "(./dev docs --update copies it)");
}

BOOST_AUTO_TEST_CASE(code_that_no_compiler_reads_is_found_where_users_look)
{
    const source_tree source{{"README.md", "```cpp\nint x;\n```\n"},
                             {"docs/guide/start.md", "```sh\n./dev test\n```\n```cpp\nint x;\n```\n"},
                             {"docs/decisions/0001.md", "```cpp\nint x;\n```\n"}};
    BOOST_TEST(problems(source) ==
               "README.md:1: a block of C++ that does not say which compiled file it is from\n"
               "docs/guide/start.md:4: a block of C++ that does not say which compiled file it is from");
}

BOOST_AUTO_TEST_CASE(a_block_that_is_not_closed_is_found)
{
    const source_tree source{{"README.md", "text\n```sh\n./dev test\n"}};
    BOOST_TEST(problems(source) == "README.md:2: a code block that is not closed");
}

BOOST_AUTO_TEST_CASE(update_copies_the_regions_into_their_blocks)
{
    const source_tree source{{"README.md", "# Title\n"
                                           "<!-- from docs/examples/first.cpp#create -->\n"
                                           "```cpp\n"
                                           "old();\n"
                                           "```\n"
                                           "<!-- from docs/examples/first.cpp#inner -->\n"
                                           "```cpp\n"
                                           "```\n"
                                           "end\n"},
                             {"docs/guide/same.md", "nothing to do\n"},
                             {"docs/examples/first.cpp", example}};
    const auto changed = docs::update(source.root());
    BOOST_TEST_REQUIRE(changed.size() == 1U);
    BOOST_TEST(changed.front() == "README.md");
    BOOST_TEST(source.read("README.md") == std::string(page) + "<!-- from docs/examples/first.cpp#inner -->\n"
                                                               "```cpp\n"
                                                               "make(2);\n"
                                                               "```\n"
                                                               "end\n");
    BOOST_TEST(problems(source) == "");
}

BOOST_AUTO_TEST_CASE(links_that_lead_somewhere_pass)
{
    const source_tree source{
        {"README.md", "# Venice keys: `what` it is\n"
                      "[guide](docs/guide/start.md), [part](docs/guide/start.md#a-part)\n"
                      "[here](#venice-keys-what-it-is) [folder](docs/guide)\n"
                      "[out](https://example.org/gone.md) `[code](gone.md)` [named][n]\n"
                      "\n"
                      "[n]: docs/guide/start.md\n"
                      "```sh\n"
                      "echo '[code](gone.md)'\n"
                      "```\n"},
        {"docs/guide/start.md", "## A part\n[back](../../README.md)\n## A part\n[2](#a-part-1)\n"}};
    BOOST_TEST(problems(source) == "");
}

BOOST_AUTO_TEST_CASE(links_that_lead_nowhere_are_found)
{
    const source_tree source{{"README.md", "[a](docs/gone.md) and [b](docs/guide/start.md#gone)\n"
                                           "[c](#gone) ![d](gone.png)\n"
                                           "[e]: gone.md\n"},
                             {"docs/guide/start.md", "# Start\n[f](../../../elsewhere.md)\n"}};
    BOOST_TEST(problems(source) == "README.md:1: leads nowhere: docs/gone.md\n"
                                   "README.md:1: leads to no heading: docs/guide/start.md#gone\n"
                                   "README.md:2: leads to no heading: #gone\n"
                                   "README.md:2: leads nowhere: gone.png\n"
                                   "README.md:3: leads nowhere: gone.md\n"
                                   "docs/guide/start.md:2: leads out of the project: ../../../elsewhere.md");
}

BOOST_AUTO_TEST_SUITE_END()
