#include "emulator/web3.hpp"

#include "support/printing.hpp"

#include <algorithm>
#include <chrono>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_emulator_web3)

namespace {

using namespace std::chrono_literals;
using venice_keys::timestamp;
using venice_keys::wallet_form;
using venice_keys::emulation::challenge_body;
using venice_keys::emulation::web3_challenge;
using venice_keys::emulation::web3_challenges;

const timestamp noon = std::chrono::sys_days{2026y / 11 / 23} + 12h;

} // namespace

BOOST_AUTO_TEST_CASE(a_challenge_is_outstanding_until_it_is_used)
{
    web3_challenges challenges;
    const std::string first = challenges.issue_token(noon).value().text;
    const std::string second = challenges.issue_token(noon).value().text;
    BOOST_TEST(std::count(first.begin(), first.end(), '.') == 2);
    BOOST_TEST(first != second);
    BOOST_TEST(challenges.find(first, noon) != nullptr);
    challenges.use(first);
    BOOST_TEST(challenges.find(first, noon) == nullptr);
    BOOST_TEST(challenges.find(second, noon) != nullptr);
}

BOOST_AUTO_TEST_CASE(what_was_never_given_out_is_not_outstanding)
{
    web3_challenges challenges;
    const std::string token = challenges.issue_token(noon).value().text;
    for (const std::string& other : {std::string{}, token.substr(1), token + "0", std::string(64, '0')})
        BOOST_TEST(challenges.find(other, noon) == nullptr, other);
}

BOOST_AUTO_TEST_CASE(a_challenge_lives_for_fifteen_minutes)
{
    web3_challenges challenges;
    const std::string token = challenges.issue_token(noon).value().text;
    BOOST_TEST(challenges.find(token, noon + 15min - 1ms) != nullptr);
    BOOST_TEST(challenges.find(token, noon + 15min) == nullptr);
}

BOOST_AUTO_TEST_CASE(the_oldest_of_a_thousand_makes_room)
{
    web3_challenges challenges;
    const std::string oldest = challenges.issue_token(noon).value().text;
    const std::string next = challenges.issue_token(noon).value().text;
    for (int i = 0; i < 998; ++i)
        BOOST_REQUIRE(challenges.issue_token(noon).has_value());
    BOOST_TEST(challenges.find(oldest, noon) != nullptr);
    BOOST_TEST(challenges.issue_token(noon).has_value());
    BOOST_TEST(challenges.find(oldest, noon) == nullptr);
    BOOST_TEST(challenges.find(next, noon) != nullptr);
}

BOOST_AUTO_TEST_CASE(a_message_names_its_wallet_and_is_found_by_its_whole_text)
{
    const std::string address = "0x45B73055F3aDcC4577Bb709db10B19d11b5c94eE";
    web3_challenges challenges;
    const web3_challenge made = challenges.issue_message(address, noon).value();
    BOOST_TEST(made.text.find('\n' + address + '\n') != std::string::npos);
    BOOST_TEST(made.text.find("\nNonce: " + made.nonce + '\n') != std::string::npos);
    BOOST_TEST(made.text.find("\nExpiration Time: 2026-11-23T12:15:00.000Z") != std::string::npos);
    BOOST_TEST_REQUIRE(challenges.find(made.text, noon) != nullptr);
    BOOST_TEST(challenges.find(made.text, noon)->address == address);
    BOOST_TEST(challenges.find(made.nonce, noon) == nullptr);
}

BOOST_AUTO_TEST_CASE(each_form_has_its_answer)
{
    const web3_challenge some{"a\nb", "12ab", "0x1", noon};
    BOOST_TEST(challenge_body(some, wallet_form::token) == R"({"data":{"token":"a\u000ab"},"success":true})");
    BOOST_TEST(challenge_body(some, wallet_form::message) ==
               R"({"data":{"message":"a\u000ab","nonce":"12ab","expiresAt":"2026-11-23T12:00:00.000Z"},)"
               R"("success":true})");
}

BOOST_AUTO_TEST_SUITE_END()
