#include "emulator/web3.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

namespace {

using namespace std::chrono_literals;
using venice_keys::timestamp;
using venice_keys::emulation::challenge_body;
using venice_keys::emulation::web3_challenges;

const timestamp noon = std::chrono::sys_days{2026y / 11 / 23} + 12h;

} // namespace

BOOST_AUTO_TEST_SUITE(unit_emulator_web3)

BOOST_AUTO_TEST_CASE(a_challenge_is_outstanding_until_it_is_used)
{
    web3_challenges challenges;
    const std::string first = challenges.issue(noon).value();
    const std::string second = challenges.issue(noon).value();
    BOOST_TEST(first.size() == 64U);
    BOOST_TEST(first != second);
    BOOST_TEST(challenges.outstanding(first, noon));
    challenges.use(first);
    BOOST_TEST(!challenges.outstanding(first, noon));
    BOOST_TEST(challenges.outstanding(second, noon));
}

BOOST_AUTO_TEST_CASE(what_was_never_given_out_is_not_outstanding)
{
    web3_challenges challenges;
    const std::string token = challenges.issue(noon).value();
    for (const std::string& other : {std::string{}, token.substr(1), token + "0", std::string(64, '0')})
        BOOST_TEST(!challenges.outstanding(other, noon), other);
}

BOOST_AUTO_TEST_CASE(a_challenge_lives_for_five_minutes)
{
    web3_challenges challenges;
    const std::string token = challenges.issue(noon).value();
    BOOST_TEST(challenges.outstanding(token, noon + 5min - 1ms));
    BOOST_TEST(!challenges.outstanding(token, noon + 5min));
}

BOOST_AUTO_TEST_CASE(the_oldest_of_a_thousand_makes_room)
{
    web3_challenges challenges;
    const std::string oldest = challenges.issue(noon).value();
    const std::string next = challenges.issue(noon).value();
    for (int i = 0; i < 998; ++i)
        BOOST_REQUIRE(challenges.issue(noon).has_value());
    BOOST_TEST(challenges.outstanding(oldest, noon));
    BOOST_TEST(challenges.issue(noon).has_value());
    BOOST_TEST(!challenges.outstanding(oldest, noon));
    BOOST_TEST(challenges.outstanding(next, noon));
}

BOOST_AUTO_TEST_CASE(the_answer_says_the_token_and_success)
{
    BOOST_TEST(challenge_body("abc") == R"({"data":{"token":"abc"},"success":true})");
}

BOOST_AUTO_TEST_SUITE_END()
