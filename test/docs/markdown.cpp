#include "docs/markdown.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string_view>
#include <tuple>

namespace docs {
namespace {

namespace fs = std::filesystem;
using lines = std::vector<std::string>;

lines read_lines(const fs::path& file)
{
    lines read;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
        read.push_back(std::move(line));
    return read;
}

std::string_view without_indentation(std::string_view line)
{
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    return line;
}

// The root's own pages and all below docs/, relative to the root and in order.
std::vector<fs::path> pages(const fs::path& root)
{
    std::vector<fs::path> found;
    const auto add = [&](const fs::directory_entry& entry) {
        if (entry.is_regular_file() && entry.path().extension() == ".md")
            found.push_back(entry.path().lexically_relative(root));
    };
    for (const auto& entry : fs::directory_iterator(root))
        add(entry);
    if (fs::exists(root / "docs")) {
        for (const auto& entry : fs::recursive_directory_iterator(root / "docs"))
            add(entry);
    }
    std::ranges::sort(found);
    return found;
}

// ------------------------------------------------------------------------------------------------------- code blocks

struct origin {
    std::string file;
    std::string region; // empty: the whole file
};

struct block {
    std::size_t fence = 0; // index of the opening line
    std::size_t end = 0;   // index of the closing line; that of the page's end when there is none
    bool cpp = false;
    std::optional<origin> from;
};

std::optional<origin> read_origin(const std::string& line)
{
    static const std::regex pattern(R"(^<!-- from ([^#\s]+)(?:#(\S+))? -->$)");
    std::smatch match;
    if (!std::regex_match(line, match, pattern))
        return std::nullopt;
    return origin{match[1], match[2]};
}

std::vector<block> find_blocks(const lines& page)
{
    std::vector<block> found;
    std::optional<origin> before;
    for (std::size_t i = 0; i < page.size(); ++i) {
        const std::string_view line = without_indentation(page[i]);
        if (line.starts_with("```")) {
            block next{i, i + 1, line == "```cpp" || line == "```c++", before};
            while (next.end < page.size() && without_indentation(page[next.end]) != "```")
                ++next.end;
            i = next.end;
            found.push_back(std::move(next));
        }
        before = i < page.size() ? read_origin(page[i]) : std::nullopt;
    }
    return found;
}

// Less the indentation that all share, and without the marks of other regions.
lines tidy(const lines& region)
{
    static const std::regex mark(R"(^\s*(?://|#) \[/?[\w.-]+\]$)");
    lines kept;
    std::size_t shared = std::string::npos;
    for (const std::string& line : region) {
        if (std::regex_match(line, mark))
            continue;
        shared = std::min(shared, line.find_first_not_of(' '));
        kept.push_back(line);
    }
    for (std::string& line : kept)
        line.erase(0, std::min(shared, line.size()));
    return kept;
}

// Nothing when the file or one of the two marks is missing.
std::optional<lines> read_region(const fs::path& root, const origin& from)
{
    const lines file = read_lines(root / from.file);
    if (from.region.empty())
        return file.empty() ? std::nullopt : std::optional{tidy(file)};
    const auto find_mark = [&](const std::string& mark) {
        return std::ranges::find_if(file, [&](const std::string& line) {
            const std::string_view text = without_indentation(line);
            return text == "// " + mark || text == "# " + mark; // C++; CMake and the shell
        });
    };
    const auto begin = find_mark("[" + from.region + "]");
    const auto end = find_mark("[/" + from.region + "]");
    if (begin == file.end() || end == file.end() || end < begin)
        return std::nullopt;
    return tidy({begin + 1, end});
}

std::string name_of(const origin& from)
{
    return from.region.empty() ? "file " + from.file : "region " + from.region + " in " + from.file;
}

lines content(const lines& page, const block& b)
{
    return {page.begin() + static_cast<std::ptrdiff_t>(b.fence) + 1, page.begin() + static_cast<std::ptrdiff_t>(b.end)};
}

bool must_be_compiled(const fs::path& page)
{
    return page == "README.md" || page.generic_string().starts_with("docs/guide/");
}

void check_blocks(const fs::path& root, const fs::path& name, const lines& page, std::vector<problem>& found)
{
    for (const block& b : find_blocks(page)) {
        const auto add = [&](std::string why) {
            found.push_back({name.generic_string(), static_cast<int>(b.fence) + 1, std::move(why)});
        };
        if (b.end == page.size()) {
            add("a code block that is not closed");
        } else if (!b.from) {
            if (b.cpp && must_be_compiled(name))
                add("a block of C++ that does not say which compiled file it is from");
        } else if (const auto region = read_region(root, *b.from); !region) {
            add("there is no " + name_of(*b.from));
        } else if (*region != content(page, b)) {
            add("differs from " + name_of(*b.from) + " (./dev docs --update copies it)");
        }
    }
}

// ------------------------------------------------------------------------------------------------------------- links

// Calls `visit(index, line)` for the lines outside code blocks.
template <class Visitor>
void visit_prose(const lines& page, Visitor visit)
{
    const std::vector<block> blocks = find_blocks(page);
    auto next = blocks.begin();
    for (std::size_t i = 0; i < page.size(); ++i) {
        if (next != blocks.end() && i == next->fence) {
            i = next->end;
            ++next;
            continue;
        }
        visit(i, page[i]);
    }
}

// The anchor that GitHub gives to a heading.
std::string anchor_of(std::string_view heading)
{
    std::string anchor;
    for (const char c : heading) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '_' || byte >= 0x80)
            anchor += static_cast<char>(std::tolower(byte));
        else if (c == ' ')
            anchor += '-';
    }
    return anchor;
}

std::set<std::string> anchors(const lines& page)
{
    static const std::regex heading(R"(^#{1,6}\s+(.*?)\s*#*$)");
    static const std::regex link(R"(\[([^\]]*)\]\([^)]*\))");
    std::set<std::string> found;
    std::map<std::string, int> seen;
    visit_prose(page, [&](std::size_t, const std::string& line) {
        std::smatch match;
        if (!std::regex_match(line, match, heading))
            return;
        std::string anchor = anchor_of(std::regex_replace(match[1].str(), link, "$1"));
        const int earlier = seen[anchor]++;
        found.insert(earlier == 0 ? anchor : anchor + "-" + std::to_string(earlier));
    });
    return found;
}

// Why a link from `page` leads nowhere; nothing when it leads somewhere, or out of the project.
std::optional<std::string> follow(const fs::path& root, const fs::path& page, const std::string& target)
{
    static const std::regex scheme(R"(^[A-Za-z][A-Za-z0-9+.-]*:.*)");
    if (std::regex_match(target, scheme))
        return std::nullopt;
    const auto hash = std::min(target.find('#'), target.size());
    const std::string path = target.substr(0, hash);
    const fs::path file = path.empty() ? page : (page.parent_path() / path).lexically_normal();
    if (file.is_absolute() || *file.begin() == "..")
        return "leads out of the project: " + target;
    if (!fs::exists(root / file))
        return "leads nowhere: " + target;
    if (hash < target.size() && file.extension() == ".md" &&
        !anchors(read_lines(root / file)).contains(target.substr(hash + 1)))
        return "leads to no heading: " + target;
    return std::nullopt;
}

void check_links(const fs::path& root, const fs::path& name, const lines& page, std::vector<problem>& found)
{
    static const std::regex inline_code("`[^`]*`");
    static const std::array patterns{std::regex(R"(\]\(\s*<?([^)\s>]+)>?[^)]*\))"),   // [text](target "title")
                                     std::regex(R"(^\s*\[[^\]]+\]:\s*<?([^\s>]+))")}; // [name]: target
    visit_prose(page, [&](std::size_t index, const std::string& line) {
        const std::string prose = std::regex_replace(line, inline_code, "");
        for (const std::regex& pattern : patterns) {
            for (std::sregex_iterator at(prose.begin(), prose.end(), pattern), end; at != end; ++at) {
                if (auto why = follow(root, name, (*at)[1]))
                    found.push_back({name.generic_string(), static_cast<int>(index) + 1, std::move(*why)});
            }
        }
    });
}

} // namespace

std::vector<problem> check(const fs::path& root)
{
    std::vector<problem> found;
    for (const fs::path& name : pages(root)) {
        const lines page = read_lines(root / name);
        check_blocks(root, name, page, found);
        check_links(root, name, page, found);
    }
    // Not std::stable_sort: clang warns of what libstdc++ 12 uses in it.
    const auto place = [](const problem& p) {
        return std::tie(p.file, p.line);
    };
    std::vector<problem> sorted;
    for (problem& each : found)
        sorted.insert(std::ranges::upper_bound(sorted, place(each), {}, place), std::move(each));
    found = std::move(sorted);
    return found;
}

std::vector<std::string> update(const fs::path& root)
{
    std::vector<std::string> changed;
    for (const fs::path& name : pages(root)) {
        lines page = read_lines(root / name);
        const lines before = page;
        auto blocks = find_blocks(page);
        std::ranges::reverse(blocks); // so that the earlier ones stay where they are
        for (const block& b : blocks) {
            if (!b.from || b.end == page.size())
                continue;
            if (const auto region = read_region(root, *b.from)) {
                const auto at = page.begin() + static_cast<std::ptrdiff_t>(b.fence) + 1;
                page.insert(page.erase(at, page.begin() + static_cast<std::ptrdiff_t>(b.end)), region->begin(),
                            region->end());
            }
        }
        if (page == before)
            continue;
        std::ofstream out(root / name);
        for (const std::string& line : page)
            out << line << '\n';
        changed.push_back(name.generic_string());
    }
    return changed;
}

} // namespace docs
