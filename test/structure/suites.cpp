#include "structure/suites.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <utility>

namespace structure {

namespace {

namespace fs = std::filesystem;

std::string suite_of(fs::path file)
{
    std::string name = file.replace_extension().generic_string();
    std::ranges::replace(name, '/', '_');
    return name;
}

bool opens_suite(std::string_view line)
{
    return line.starts_with("BOOST_AUTO_TEST_SUITE(") || line.starts_with("BOOST_FIXTURE_TEST_SUITE(");
}

bool is_case(std::string_view line)
{
    return line.starts_with("BOOST_") && line.substr(0, line.find('(')).ends_with("_TEST_CASE");
}

// The first argument of a macro.
std::string_view argument(std::string_view line)
{
    line.remove_prefix(line.find('(') + 1);
    return line.substr(0, line.find_first_of(",)"));
}

// A file that replaces operator new, or is told of each, or prints a type of the library's can't stay inside its suite.
bool may_begin_outside(std::string_view text)
{
    return text.find("operator new(") != std::string_view::npos ||
           text.find("\nvoid test::about_to_allocate()") != std::string_view::npos ||
           text.find("\nnamespace venice_keys") != std::string_view::npos;
}

std::vector<stray> find_in(const std::string& text, const std::string& file, const std::string& suite)
{
    std::vector<stray> found;
    std::istringstream lines(text);
    int number = 0;
    int depth = 0;
    bool begun = may_begin_outside(text);
    for (std::string line; std::getline(lines, line);) {
        ++number;
        if (!begun && !line.empty() && !line.starts_with("//") && !line.starts_with('#')) {
            begun = true;
            if (!opens_suite(line) && line != "namespace " + suite + " {")
                found.push_back({file, number, "stands before the suite " + suite});
        }
        if (opens_suite(line)) {
            if (depth++ == 0 && argument(line) != suite)
                found.push_back({file, number, "the suite is not " + suite});
        } else if (line.starts_with("BOOST_AUTO_TEST_SUITE_END(")) {
            --depth;
        } else if (is_case(line) && depth == 0) {
            found.push_back({file, number, "a test outside the suite " + suite});
        }
    }
    return found;
}

} // namespace

std::vector<stray> find_strays(const fs::path& root)
{
    std::vector<stray> found;
    for (const fs::directory_entry& each : fs::recursive_directory_iterator(root / "test")) {
        if (each.path().extension() != ".cpp")
            continue;
        std::ifstream in(each.path());
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        if (text.find("\nBOOST_AUTO_TEST_SUITE_END(") == std::string::npos)
            continue;
        const fs::path file = fs::relative(each.path(), root);
        std::ranges::move(find_in(text, file.generic_string(), suite_of(fs::relative(each.path(), root / "test"))),
                          std::back_inserter(found));
    }
    std::ranges::sort(found, {}, [](const stray& one) { return std::pair(one.file, one.line); });
    return found;
}

} // namespace structure
