// Promise 10: a token that was replaced is kept as long as a call that may have been sent with it, and no longer.
#include "client/principal.hpp"
#include "client/used_tokens.hpp"

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_client_promise_10_replaced_tokens)

using namespace venice_keys;
using detail::used_tokens;

namespace {

using names = std::vector<std::string>;

names kept(const used_tokens& tokens)
{
    names all;
    for (const secret& each : tokens.all())
        all.emplace_back(each.expose());
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_token_that_nobody_used_goes_at_once)
{
    used_tokens tokens;
    tokens.replace(secret("first"));
    tokens.replace(secret("second"));
    BOOST_TEST(kept(tokens) == names{"second"});
    const auto call = tokens.enter();
    tokens.leave(call);
    tokens.replace(secret("third"));
    BOOST_TEST(kept(tokens) == names{"third"});
}

BOOST_AUTO_TEST_CASE(a_token_goes_with_the_last_call_that_began_under_it_or_before)
{
    used_tokens tokens;
    tokens.replace(secret("first"));
    const auto one = tokens.enter();
    const auto two = tokens.enter();
    tokens.replace(secret("second"));
    const auto three = tokens.enter();
    tokens.replace(secret("third"));
    const auto four = tokens.enter();
    BOOST_TEST((kept(tokens) == names{"third", "second", "first"}));
    tokens.leave(one);
    BOOST_TEST((kept(tokens) == names{"third", "second", "first"}));
    tokens.leave(two);
    BOOST_TEST((kept(tokens) == names{"third", "second"}));
    tokens.leave(four);
    BOOST_TEST((kept(tokens) == names{"third", "second"}));
    tokens.leave(three);
    BOOST_TEST(kept(tokens) == names{"third"});
}

// It may be sent again with the later ones.
BOOST_AUTO_TEST_CASE(a_call_keeps_the_tokens_that_came_after_its_own)
{
    used_tokens tokens;
    tokens.replace(secret("first"));
    const auto call = tokens.enter();
    tokens.replace(secret("second"));
    tokens.replace(secret("third"));
    BOOST_TEST((kept(tokens) == names{"third", "second", "first"}));
    tokens.leave(call);
    BOOST_TEST(kept(tokens) == names{"third"});
}

BOOST_AUTO_TEST_CASE(the_last_sixteen_are_kept)
{
    used_tokens tokens;
    tokens.replace(secret("first"));
    const auto old = tokens.enter();
    for (int i = 0; i < 20; ++i)
        tokens.replace(secret("another"));
    BOOST_TEST(tokens.all().size() == 16U);
    const auto late = tokens.enter();
    tokens.leave(old);
    BOOST_TEST(tokens.all().size() == 1U);
    tokens.replace(secret("last"));
    BOOST_TEST(tokens.all().size() == 2U);
    tokens.leave(late);
    BOOST_TEST(kept(tokens) == names{"last"});
}

BOOST_AUTO_TEST_CASE(a_principal_forgets_a_token_that_was_replaced)
{
    const credentials who{secret("first")};
    detail::principal me({}, who);
    me.renew("host", "agent");
    const auto call = me.tokens().enter();
    who.replace(secret("second"));
    BOOST_TEST(me.outdated());
    me.renew("host", "agent");
    BOOST_TEST((kept(me.tokens()) == names{"second", "first"}));
    me.tokens().leave(call);
    BOOST_TEST(kept(me.tokens()) == names{"second"});
}

BOOST_AUTO_TEST_SUITE_END()
