// check_docs [--update] ROOT: tells what is wrong with the project's Markdown, and fails if anything is.
#include "docs/markdown.hpp"

#include <cstdio>
#include <cstring>

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
    const auto problems = docs::check(root);
    for (const auto& problem : problems)
        std::printf("%s:%d: %s\n", problem.file.c_str(), problem.line, problem.why.c_str());
    std::printf("docs: %s\n", problems.empty() ? "all is well" : "see above");
    return problems.empty() ? 0 : 1;
}
