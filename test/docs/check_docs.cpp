// check_docs [--update] ROOT: tells what is wrong with the project's Markdown and its pictures, and fails if anything
// is.
#include "docs/markdown.hpp"
#include "docs/pictures.hpp"

#include <cstdio>
#include <cstring>
#include <utility>

int main(int argc, char* argv[])
{
    const bool update = argc == 3 && std::strcmp(argv[1], "--update") == 0;
    if (argc != 2 && !update) {
        std::fputs("usage: check_docs [--update] ROOT\n", stderr);
        return 2;
    }
    const std::filesystem::path root = argv[argc - 1];
    if (update) {
        for (const auto& file : docs::update(root))
            std::printf("updated %s\n", file.c_str());
    }
    auto problems = docs::check(root);
    for (auto& problem : docs::check_pictures(root))
        problems.push_back(std::move(problem));
    for (const auto& problem : problems)
        std::printf("%s:%d: %s\n", problem.file.c_str(), problem.line, problem.why.c_str());
    std::printf("docs: %s\n", problems.empty() ? "all is well" : "see above");
    return problems.empty() ? 0 : 1;
}
