// A token that is replaced, and who hears of it.
#include "model/credentials_state.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_model_credentials_state)

using namespace venice_keys;
using detail::credentials_state;

namespace {

struct listener final : detail::token_listener {
    explicit listener(const credentials& of) : whose(of) {}

    void token_replaced() override
    {
        ++count;
        seen = whose.token().expose(); // the new one, and without a deadlock
    }

    credentials whose;
    unsigned count = 0;
    std::string seen;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_replaced_token_is_seen_by_all_copies)
{
    const credentials one(secret("first"));
    const credentials copy = one;
    one.replace(secret("second"));
    BOOST_TEST(one.token().expose() == "second");
    BOOST_TEST(copy.token().expose() == "second");
}

BOOST_AUTO_TEST_CASE(each_replacement_is_a_generation_of_its_own)
{
    const credentials one(secret("first"));
    credentials_state& state = credentials_state::of(one);
    BOOST_TEST(state.generation() == 1U);
    one.replace(secret("second"));
    one.replace(secret("second")); // the same text is a replacement too
    BOOST_TEST(state.generation() == 3U);
    std::uint64_t generation = 0;
    BOOST_TEST(state.token(generation).expose() == "second");
    BOOST_TEST(generation == 3U);
}

BOOST_AUTO_TEST_CASE(listeners_hear_of_it_as_long_as_they_live)
{
    const credentials one(secret("first"));
    const auto stays = std::make_shared<listener>(one);
    auto goes = std::make_shared<listener>(one);
    credentials_state::of(one).listen(stays);
    credentials_state::of(one).listen(goes);
    one.replace(secret("second"));
    BOOST_TEST(stays->count == 1U);
    BOOST_TEST(goes->count == 1U);
    BOOST_TEST(stays->seen == "second");
    goes.reset();
    one.replace(secret("third"));
    BOOST_TEST(stays->count == 2U);
    BOOST_TEST(stays->seen == "third");
}

BOOST_AUTO_TEST_CASE(those_that_stay_are_not_lost_among_many_that_come_and_go)
{
    const credentials one(secret("first"));
    const auto stays = std::make_shared<listener>(one);
    credentials_state::of(one).listen(stays);
    for (int i = 0; i != 1000; ++i)
        credentials_state::of(one).listen(std::make_shared<listener>(one));
    one.replace(secret("second"));
    BOOST_TEST(stays->count == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
