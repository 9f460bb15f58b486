#include "structure/source_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What stands in `venice_keys` itself is for users. A header below lib/ is not, so what it declares belongs into an
// inner namespace: `detail`, or the one of its layer. A source may open `venice_keys` to implement what a public header
// declares.
BOOST_AUTO_TEST_SUITE(structure_namespaces)

namespace {

namespace fs = std::filesystem;

using structure::source_tree;

struct opening {
    std::string file; // below the root, with slashes
    int line = 0;
    std::string why;
};

// It is a friend of the public class `fault`.
constexpr std::string_view friends_of_users[] = {"lib/emulator/fault_access.hpp"};

// Headers below lib/ that open the public namespace: at the beginning of a line, as clang-format writes it.
std::vector<opening> find_public_openings(const fs::path& root, std::span<const std::string_view> exceptions = {})
{
    const std::regex opens(R"(^(inline )?namespace venice_keys( \{.*)?$)");
    std::vector<opening> found;
    for (const fs::directory_entry& each : fs::recursive_directory_iterator(root / "lib")) {
        if (!each.is_regular_file() || each.path().extension() != ".hpp")
            continue;
        const std::string file = each.path().lexically_relative(root).generic_string();
        if (std::ranges::any_of(exceptions, [&](std::string_view one) { return file == one; }))
            continue;
        std::ifstream in(each.path());
        int number = 1;
        for (std::string line; std::getline(in, line); ++number)
            if (std::regex_match(line, opens))
                found.push_back({file, number, "opens the namespace of users"});
    }
    std::ranges::sort(found, {}, &opening::file);
    return found;
}

std::string openings(const source_tree& source, std::span<const std::string_view> exceptions = {})
{
    return structure::to_text(find_public_openings(source.root(), exceptions));
}

} // namespace

BOOST_AUTO_TEST_CASE(no_header_of_the_library_opens_the_namespace_of_users)
{
    for (const opening& one : find_public_openings(VENICE_KEYS_SOURCE_DIR, friends_of_users))
        BOOST_ERROR(one.file << ":" << one.line << ": " << one.why << "; use `detail`, or the namespace of its layer");
}

BOOST_AUTO_TEST_CASE(a_header_that_opens_it_is_found)
{
    const source_tree source{{"lib/pool/pool.hpp", "#pragma once\n\nnamespace venice_keys {\n\nclass pool;\n\n}\n"},
                             {"lib/wire/slot.hpp", "namespace venice_keys\n{\n}\n"},
                             {"lib/wire/stream.hpp", "namespace venice_keys { class stream; }\n"}};
    BOOST_TEST(openings(source) == "lib/pool/pool.hpp:3: opens the namespace of users\n"
                                   "lib/wire/slot.hpp:1: opens the namespace of users\n"
                                   "lib/wire/stream.hpp:1: opens the namespace of users");
}

BOOST_AUTO_TEST_CASE(inner_namespaces_and_sources_pass)
{
    const source_tree source{
        {"lib/pool/pool.hpp",
         "// In namespace venice_keys {\nnamespace venice_keys::detail {\n}\n} // namespace venice_keys\n"},
        {"lib/client/client.cpp", "namespace venice_keys {\n}\n"}};
    BOOST_TEST(openings(source) == "");
}

BOOST_AUTO_TEST_CASE(an_exception_holds_for_its_file_alone)
{
    const source_tree source{{"lib/pool/pool.hpp", "namespace venice_keys {\n}\n"},
                             {"lib/pool/pool_more.hpp", "namespace venice_keys {\n}\n"}};
    constexpr std::string_view exceptions[] = {"lib/pool/pool.hpp"};
    BOOST_TEST(openings(source, exceptions) == "lib/pool/pool_more.hpp:1: opens the namespace of users");
}

BOOST_AUTO_TEST_SUITE_END()
