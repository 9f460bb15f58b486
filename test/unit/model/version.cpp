#include <venice_keys/version.hpp>

#include <venice_keys/config.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_model_version)

BOOST_AUTO_TEST_CASE(the_text_has_the_three_numbers)
{
    BOOST_TEST(VENICE_KEYS_VERSION_STRING == std::to_string(VENICE_KEYS_VERSION_MAJOR) + "." +
                                                 std::to_string(VENICE_KEYS_VERSION_MINOR) + "." +
                                                 std::to_string(VENICE_KEYS_VERSION_PATCH));
}

BOOST_AUTO_TEST_CASE(the_number_can_be_compared_by_the_preprocessor)
{
#if VENICE_KEYS_VERSION < 100 || VENICE_KEYS_VERSION >= 1000000
    BOOST_ERROR("VENICE_KEYS_VERSION is " << VENICE_KEYS_VERSION);
#endif
    static_assert(VENICE_KEYS_VERSION_MINOR < 100 && VENICE_KEYS_VERSION_PATCH < 100);
    static_assert(VENICE_KEYS_VERSION / 10000 == VENICE_KEYS_VERSION_MAJOR);
    static_assert(VENICE_KEYS_VERSION / 100 % 100 == VENICE_KEYS_VERSION_MINOR);
    static_assert(VENICE_KEYS_VERSION % 100 == VENICE_KEYS_VERSION_PATCH);
}

BOOST_AUTO_TEST_CASE(the_build_reads_it_from_the_header)
{
    BOOST_TEST(VENICE_KEYS_PROJECT_VERSION == VENICE_KEYS_VERSION_STRING);
}

BOOST_AUTO_TEST_CASE(requests_tell_it_to_the_server)
{
    BOOST_TEST(venice_keys::config{}.user_agent == std::string("venice-keys/") + VENICE_KEYS_PROJECT_VERSION);
}

BOOST_AUTO_TEST_SUITE_END()
