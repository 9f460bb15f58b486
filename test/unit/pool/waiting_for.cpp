// The words for what holds a call back, and the failure of one that can't wait so long.
#include "pool/waiting_for.hpp"

#include "support/printing.hpp"

#include <chrono>
#include <set>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_pool_waiting_for)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace std::chrono_literals;
using policy::hold;

namespace {

constexpr policy::time_point now{1h};
constexpr policy::time_point never = policy::time_point::max();

} // namespace

BOOST_AUTO_TEST_CASE(what_holds_a_call_back_has_words_of_its_own)
{
    std::set<std::string_view> words;
    for (const hold each : {hold::error_budget, hold::rate_limit, hold::refused_token})
        BOOST_TEST(words.insert(words_of(each)).second, words_of(each));
    BOOST_TEST(!words.contains(""));
}

BOOST_AUTO_TEST_CASE(a_failure_tells_what_held_the_call_back_and_for_how_long)
{
    const error paced = held_error(hold::rate_limit, now + 1'250ms, now);
    BOOST_TEST(paced.code == errc::rate_limited, paced.message());
    BOOST_TEST(paced.detail == "the service accepts no more requests for now; the next may be sent in 1.3 s");
    BOOST_TEST_REQUIRE(paced.retry_after.has_value());
    BOOST_TEST(paced.retry_after->count() == 1'250);

    const error spent = held_error(hold::error_budget, now + 30s, now);
    BOOST_TEST(spent.code == errc::error_budget_spent, spent.message());
    BOOST_TEST(spent.detail.ends_with("; the next may be sent in 30.0 s"), spent.detail);
    BOOST_TEST_REQUIRE(spent.retry_after.has_value());
    BOOST_TEST(spent.retry_after->count() == 30'000);
}

BOOST_AUTO_TEST_CASE(a_time_that_is_not_known_or_has_passed_is_not_told)
{
    for (const policy::time_point until : {never, now, now - 1s})
        for (const hold each : {hold::rate_limit, hold::error_budget}) {
            const error why = held_error(each, until, now);
            BOOST_TEST(!why.retry_after.has_value(), why.message());
            BOOST_TEST(why.detail.find("the next may be sent") == std::string::npos, why.detail);
        }
}

BOOST_AUTO_TEST_CASE(no_time_helps_a_refused_token)
{
    const error why = held_error(hold::refused_token, now + 5s, now);
    BOOST_TEST(why.code == errc::authentication_failed, why.message());
    BOOST_TEST(!why.retry_after.has_value());
}

BOOST_AUTO_TEST_CASE(what_is_not_held_back_has_not_failed)
{
    BOOST_TEST(held_error(hold::none, never, now).code == errc::no_result);
}

BOOST_AUTO_TEST_SUITE_END()
