#include "model/cleansed_text.hpp"

#include "unit/model/memory_watch.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_model_cleansed_text)

using namespace venice_keys;
using namespace venice_keys::detail;

BOOST_AUTO_TEST_CASE(cleansing_overwrites_all_that_the_text_has_memory_for)
{
    std::string text(100, 's');
    text.resize(10); // what stands behind its end was a part of it
    const std::size_t capacity = text.capacity();
    const char* const memory = text.data();
    cleanse_text(text);
    BOOST_TEST(text == "");
    BOOST_TEST(text.capacity() == capacity);
    BOOST_TEST(std::count(memory, memory + capacity, 's') == 0);
}

BOOST_AUTO_TEST_CASE(a_text_that_grows_keeps_its_bytes)
{
    std::string text = "secret";
    reserve_cleansed(text, 1000);
    BOOST_TEST(text == "secret");
    BOOST_TEST(text.capacity() >= 1000U);
    const char* const where = text.data();
    reserve_cleansed(text, 500); // there is room
    BOOST_TEST(static_cast<const void*>(text.data()) == static_cast<const void*>(where));
}

BOOST_AUTO_TEST_CASE(a_text_that_grows_leaves_nothing_behind)
{
    const memory_watch::watch watch;
    std::string text(memory_watch::token);
    for (int i = 0; i != 20; ++i)
        append_cleansed(text, memory_watch::token);
    cleanse_text(text);
    text.shrink_to_fit();
    BOOST_TEST(watch.leaked() == 0);
}

BOOST_AUTO_TEST_CASE(appending_adds_up)
{
    std::string text;
    std::string all;
    for (int i = 0; i != 100; ++i) {
        append_cleansed(text, "part " + std::to_string(i));
        all += "part " + std::to_string(i);
    }
    BOOST_TEST(text == all);
    append_cleansed(text, "");
    BOOST_TEST(text == all);
}

BOOST_AUTO_TEST_SUITE_END()
