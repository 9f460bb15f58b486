#include "docs/pictures.hpp"
#include "structure/source_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(docs_pictures_test)

namespace {

using structure::source_tree;

std::string problems(const source_tree& source)
{
    return structure::to_text(docs::check_pictures(source.root()));
}

} // namespace

BOOST_AUTO_TEST_CASE(pictures_with_the_text_of_their_source_pass)
{
    const source_tree source{{"docs/images/way.dot", "digraph { a -> b }\n"},
                             {"docs/images/way.svg", "<svg><!--\ndigraph { a -> b }\n--></svg>\n"},
                             {"docs/images/way-dark.svg", "<svg><!--\ndigraph { a -> b }\n--></svg>\n"},
                             {"docs/images/other.svg", "<svg/>\n"}};
    BOOST_TEST(problems(source) == "");
}

BOOST_AUTO_TEST_CASE(a_tree_without_pictures_passes)
{
    const source_tree source{{"README.md", ""}};
    BOOST_TEST(problems(source) == "");
}

BOOST_AUTO_TEST_CASE(pictures_of_an_older_source_and_missing_ones_are_found)
{
    const source_tree source{{"docs/images/way.dot", "digraph { a -> c }\n"},
                             {"docs/images/way.svg", "<svg><!--\ndigraph { a -> b }\n--></svg>\n"}};
    BOOST_TEST(problems(source) == "docs/images/way-dark.svg:0: is not the picture of way.dot as it is now "
                                   "(./dev docs --update draws it)\n"
                                   "docs/images/way.svg:0: is not the picture of way.dot as it is now "
                                   "(./dev docs --update draws it)");
}

BOOST_AUTO_TEST_CASE(a_source_that_an_xml_comment_can_not_hold_is_found)
{
    const source_tree source{{"docs/images/way.dot", "graph { a -- b }\n"},
                             {"docs/images/way.svg", "<svg><!--\ngraph { a -- b }\n--></svg>\n"},
                             {"docs/images/way-dark.svg", "<svg><!--\ngraph { a -- b }\n--></svg>\n"}};
    BOOST_TEST(problems(source) == "docs/images/way.dot:0: has two hyphens in a row, which its pictures can't hold");
}

BOOST_AUTO_TEST_SUITE_END()
