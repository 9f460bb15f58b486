#include "support/printing.hpp"

#include <venice_keys/secret.hpp>

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_model_secret)

using venice_keys::cleanse;
using venice_keys::cleansing_allocator;
using venice_keys::secret;

BOOST_AUTO_TEST_CASE(it_exposes_what_it_was_made_of)
{
    const std::string text = "a token";
    BOOST_TEST(secret{"a token"}.expose() == text);
    BOOST_TEST(secret{text}.expose() == text);
    BOOST_TEST(secret{std::string_view{text}}.expose() == text);
    BOOST_TEST(secret{std::string{text}}.expose() == text);
    BOOST_TEST(text == "a token");
}

BOOST_AUTO_TEST_CASE(it_may_hold_any_bytes)
{
    const std::string bytes("a\0b\xFF\n", 5);
    BOOST_TEST(secret{bytes}.expose() == bytes);
}

BOOST_AUTO_TEST_CASE(an_empty_one_is_empty)
{
    for (const secret& one : {secret{}, secret{""}, secret{std::string{}}}) {
        BOOST_TEST(one.empty());
        BOOST_TEST(one.expose().empty());
    }
    BOOST_TEST(!secret{"x"}.empty());
}

BOOST_AUTO_TEST_CASE(a_copy_is_independent)
{
    secret first{"one"};
    secret second{first};
    first = secret{"two"};
    BOOST_TEST(second.expose() == "one");
    BOOST_TEST(first.expose() == "two");
    second = first;
    BOOST_TEST(second.expose() == "two");
    BOOST_TEST(static_cast<const void*>(second.expose().data()) != first.expose().data());
}

BOOST_AUTO_TEST_CASE(a_move_leaves_nothing_behind)
{
    secret first{"one"};
    secret second{std::move(first)};
    BOOST_TEST(second.expose() == "one");
    BOOST_TEST(first.empty());
    BOOST_TEST(first.expose().empty());
    first = std::move(second);
    BOOST_TEST(first.expose() == "one");
    BOOST_TEST(second.empty());
    static_assert(std::is_nothrow_move_constructible_v<secret> && std::is_nothrow_move_assignable_v<secret>);
}

BOOST_AUTO_TEST_CASE(assigning_it_to_itself_changes_nothing)
{
    secret one{"one"};
    secret& same = one;
    one = same;
    BOOST_TEST(one.expose() == "one");
    one = std::move(same);
    BOOST_TEST(one.expose() == "one");
}

BOOST_AUTO_TEST_CASE(equality_compares_size_and_every_byte)
{
    BOOST_TEST(secret{"abc"} == secret{"abc"});
    BOOST_TEST(secret{} == secret{""});
    BOOST_TEST(secret{"abc"} != secret{"abd"});
    BOOST_TEST(secret{"abc"} != secret{"xbc"});
    BOOST_TEST(secret{"abc"} != secret{"abcd"});
    BOOST_TEST(secret{"abc"} != secret{});
}

BOOST_AUTO_TEST_CASE(cleanse_overwrites_all_bytes_and_takes_nothing_at_all)
{
    std::string bytes(100, 'x');
    cleanse(bytes.data(), 99);
    BOOST_TEST(bytes == std::string(99, '\0') + "x");
    cleanse(nullptr, 0);
}

BOOST_AUTO_TEST_CASE(the_cleansing_allocator_serves_containers)
{
    std::vector<int, cleansing_allocator<int>> numbers;
    for (int i = 0; i != 1000; ++i)
        numbers.push_back(i);
    BOOST_TEST(numbers[999] == 999);
    BOOST_TEST((cleansing_allocator<int>{} == cleansing_allocator<int>{cleansing_allocator<char>{}}));
}

BOOST_AUTO_TEST_SUITE_END()
