// A small source tree of a test's own, in a temporary folder that goes with it.
#pragma once

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>

namespace structure {

class source_tree {
public:
    struct file {
        std::string name;
        std::string_view text;
    };

    source_tree(std::initializer_list<file> files)
    {
        std::string name = (std::filesystem::temp_directory_path() / "venice_keys_tree_XXXXXX").string();
        BOOST_TEST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        root_ = name;
        for (const file& f : files) {
            std::filesystem::create_directories((root_ / f.name).parent_path());
            std::ofstream(root_ / f.name) << f.text;
        }
    }
    source_tree(const source_tree&) = delete;
    source_tree& operator=(const source_tree&) = delete;
    ~source_tree()
    {
        std::error_code ignored;
        std::filesystem::remove_all(root_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& root() const noexcept { return root_; }

    [[nodiscard]] std::string read(const std::string& name) const
    {
        std::ifstream in(root_ / name);
        return {std::istreambuf_iterator<char>(in), {}};
    }

private:
    std::filesystem::path root_;
};

// Findings that have `file`, `line` and `why`, as FILE:LINE: WHY, joined by newlines.
template <class Findings>
std::string to_text(const Findings& findings)
{
    std::string text;
    for (const auto& one : findings)
        text += (text.empty() ? "" : "\n") + one.file + ":" + std::to_string(one.line) + ": " + one.why;
    return text;
}

} // namespace structure
