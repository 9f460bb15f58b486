#include "model/key_id.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <unordered_set>

BOOST_AUTO_TEST_SUITE(unit_model_key_id)

using venice_keys::detail::hash_of_key;
using venice_keys::detail::same_key;

BOOST_AUTO_TEST_CASE(ids_are_the_same_in_any_case_of_letters)
{
    BOOST_TEST(same_key("e28e82dc-9df2-4b47-b726-d0a222ef2ab5", "E28E82DC-9DF2-4B47-B726-D0A222EF2AB5"));
    BOOST_TEST(same_key("", ""));
    BOOST_TEST(!same_key("a", "b"));
    BOOST_TEST(!same_key("a", "ab"));
    BOOST_TEST(!same_key("[", "{")); // as far apart as a letter and its capital
    BOOST_TEST(!same_key("\xC3\xA9", "\xC3\x89"));
}

BOOST_AUTO_TEST_CASE(the_same_ids_have_the_same_hash)
{
    std::string small;
    std::string capital;
    for (int size = 0; size != 40; ++size) {
        BOOST_TEST(hash_of_key(small) == hash_of_key(capital), small);
        small += static_cast<char>('a' + size % 26);
        capital += static_cast<char>('A' + size % 26);
    }
}

BOOST_AUTO_TEST_CASE(ids_that_differ_seldom_meet)
{
    std::unordered_set<std::size_t> seen;
    for (int i = 0; i != 10'000; ++i)
        seen.insert(hash_of_key("e28e82dc-9df2-4b47-b726-" + std::to_string(i)));
    BOOST_TEST(seen.size() == 10'000U);
    BOOST_TEST(hash_of_key("a") != hash_of_key(std::string("a\0", 2))); // the length counts
}

BOOST_AUTO_TEST_SUITE_END()
