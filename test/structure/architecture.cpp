#include "structure/layers.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(structure_architecture)

namespace {

using names = std::set<std::string>;

std::vector<std::string> lines_of(const std::string& file)
{
    std::ifstream in(VENICE_KEYS_SOURCE_DIR + std::string("/docs/") + file);
    BOOST_REQUIRE_MESSAGE(in, "docs/" << file << " can't be read");
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);)
        lines.push_back(std::move(line));
    return lines;
}

std::string join(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& each : words)
        text += (text.empty() ? "" : ", ") + each;
    return text.empty() ? "nothing" : text;
}

// A row as the page has it, less its last cell, which is prose.
std::string row_of(const structure::part& from)
{
    std::vector<std::string> layers;
    for (const std::string_view each : from.layers)
        layers.push_back("`" + std::string(each) + "`");
    std::vector<std::string> headers;
    for (const std::string_view each : from.public_headers)
        headers.push_back(each.empty() ? "all" : each == structure::values ? "values" : "`" + std::string(each) + "*`");
    return "| `" + std::string(from.folder) + "` | " + join(layers) + " | " + join(headers) + " |";
}

// The last part of a folder's name, as the picture has it.
std::string node_of(std::string_view folder)
{
    return std::string(folder.substr(folder.rfind('/') + 1));
}

// Where the arrows of `from` lead in the end.
void follow(const std::map<std::string, names>& arrows, const std::string& from, names& into)
{
    if (const auto found = arrows.find(from); found != arrows.end())
        for (const std::string& next : found->second)
            if (into.insert(next).second)
                follow(arrows, next, into);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_page_has_the_table_of_layers)
{
    static const std::regex row("^(\\| `(?:include|lib|tools)[^|]*\\|[^|]*\\|[^|]*\\|).*\\|$");
    std::vector<std::string> shown;
    for (const std::string& line : lines_of("architecture.md"))
        if (std::smatch match; std::regex_match(line, match, row))
            shown.push_back(match[1]);
    std::vector<std::string> expected;
    for (const structure::part& each : structure::parts())
        expected.push_back(row_of(each));
    BOOST_TEST(shown == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_files_that_the_page_names_exist)
{
    static const std::regex path("`((?:include|lib|test|tools)/[a-z0-9_/.]+)`");
    std::size_t named = 0;
    for (const std::string& line : lines_of("architecture.md"))
        for (std::sregex_iterator at(line.begin(), line.end(), path), end; at != end; ++at, ++named)
            BOOST_TEST(std::filesystem::exists(VENICE_KEYS_SOURCE_DIR + std::string("/") + (*at)[1].str()), (*at)[1]);
    BOOST_TEST(named > 10U);
}

// It leaves out the arrows that follow from others. Those that can't be seen only put things in their places.
BOOST_AUTO_TEST_CASE(the_picture_of_the_layers_has_the_arrows_of_the_table)
{
    static const std::regex arrow(R"(^\s*(\w+) -> (\w+)(?!.*style=invis).*$)");
    const std::string outside = node_of("include/venice_keys");
    std::map<std::string, names> arrows;
    names known;
    for (const std::string& line : lines_of("images/layers.dot"))
        if (std::smatch match; std::regex_match(line, match, arrow) && match[2] != outside)
            arrows[match[1]].insert(match[2]);
    for (const structure::part& each : structure::parts()) {
        names shown;
        follow(arrows, node_of(each.folder), shown);
        const names allowed(each.layers.begin(), each.layers.end());
        BOOST_TEST_CONTEXT(each.folder)
        BOOST_TEST(shown == allowed, boost::test_tools::per_element());
        known.insert(node_of(each.folder));
    }
    for (const auto& [from, to] : arrows)
        BOOST_TEST(known.contains(from), from << " is no layer");
}

BOOST_AUTO_TEST_CASE(one_header_has_all_the_others_of_the_library)
{
    names headers; // as they are included
    for (const auto& each : std::filesystem::directory_iterator(VENICE_KEYS_SOURCE_DIR "/include/venice_keys"))
        if (const std::string name = each.path().filename().string();
            each.is_regular_file() && name != "venice_keys.hpp" && !name.starts_with("emulator"))
            headers.insert(name);
    names included;
    const std::regex line("#include <venice_keys/(.*)>");
    for (const std::string& each : lines_of("../include/venice_keys/venice_keys.hpp"))
        if (std::smatch found; std::regex_match(each, found, line))
            included.insert(found[1]);
    BOOST_TEST(included == headers, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
