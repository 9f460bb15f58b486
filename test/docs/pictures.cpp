#include "docs/pictures.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

namespace docs {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& file)
{
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

std::vector<problem> check_pictures(const fs::path& root)
{
    const fs::path folder = fs::path("docs") / "images";
    std::vector<fs::path> sources;
    if (fs::exists(root / folder)) {
        for (const auto& entry : fs::directory_iterator(root / folder))
            if (entry.path().extension() == ".dot")
                sources.push_back(folder / entry.path().filename());
    }
    std::ranges::sort(sources);

    std::vector<problem> found;
    for (const fs::path& source : sources) {
        const std::string text = read(root / source);
        // An XML comment, which is where the text goes, ends there.
        if (text.find("--") != std::string::npos)
            found.push_back({source.generic_string(), 0, "has two hyphens in a row, which its pictures can't hold"});
        for (const char* const suffix : {"-dark.svg", ".svg"}) {
            const fs::path picture = folder / (source.stem().string() + suffix);
            if (read(root / picture).find(text) == std::string::npos)
                found.push_back({picture.generic_string(), 0,
                                 "is not the picture of " + source.filename().string() +
                                     " as it is now (./dev docs --update draws it)"});
        }
    }
    return found;
}

} // namespace docs
