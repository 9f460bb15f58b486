// Checks that each picture in docs/images that Graphviz draws is that of its source. `docs/images/draw` puts the text
// of the source into the picture, so that Graphviz is not needed to find out.
#pragma once

#include "docs/markdown.hpp"

#include <filesystem>
#include <vector>

namespace docs {

// Looks at docs/images/*.dot and the two pictures beside each: NAME.svg and NAME-dark.svg.
[[nodiscard]] std::vector<problem> check_pictures(const std::filesystem::path& root);

} // namespace docs
