// Promise 10: a token that was replaced is kept as long as a call that may have been sent with it, and no longer.
#include "client/account.hpp"
#include "support/printing.hpp"

#include <initializer_list>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_client_promise_10_account)

using namespace venice_keys;
using namespace venice_keys::detail;

namespace {

using names = std::vector<std::string>;

struct token_bench {
    explicit token_bench(const char* first) : who{secret(first)} { me.renew("host", "agent"); }

    void replace(const char* token)
    {
        who.replace(secret(token));
        me.renew("host", "agent");
    }
    [[nodiscard]] names kept() const
    {
        names all;
        for (const secret& each : me.used_tokens())
            all.emplace_back(each.expose());
        return all;
    }

    credentials who;
    detail::account me{{}, who};
};

} // namespace

BOOST_AUTO_TEST_CASE(a_token_that_nobody_used_goes_at_once)
{
    token_bench tokens("first");
    tokens.replace("second");
    BOOST_TEST(tokens.kept() == names{"second"});
    const auto call = tokens.me.call_begins();
    tokens.me.call_ends(call);
    tokens.replace("third");
    BOOST_TEST(tokens.kept() == names{"third"});
}

BOOST_AUTO_TEST_CASE(a_token_goes_with_the_last_call_that_began_under_it_or_before)
{
    token_bench tokens("first");
    const auto one = tokens.me.call_begins();
    const auto two = tokens.me.call_begins();
    tokens.replace("second");
    const auto three = tokens.me.call_begins();
    tokens.replace("third");
    const auto four = tokens.me.call_begins();
    BOOST_TEST(tokens.kept() == (names{"third", "second", "first"}), boost::test_tools::per_element());
    tokens.me.call_ends(one);
    BOOST_TEST(tokens.kept() == (names{"third", "second", "first"}), boost::test_tools::per_element());
    tokens.me.call_ends(two);
    BOOST_TEST(tokens.kept() == (names{"third", "second"}), boost::test_tools::per_element());
    tokens.me.call_ends(four);
    BOOST_TEST(tokens.kept() == (names{"third", "second"}), boost::test_tools::per_element());
    tokens.me.call_ends(three);
    BOOST_TEST(tokens.kept() == names{"third"});
}

// It may be sent again with the later ones.
BOOST_AUTO_TEST_CASE(a_call_keeps_the_tokens_that_came_after_its_own)
{
    token_bench tokens("first");
    const auto call = tokens.me.call_begins();
    tokens.replace("second");
    tokens.replace("third");
    BOOST_TEST(tokens.kept() == (names{"third", "second", "first"}), boost::test_tools::per_element());
    tokens.me.call_ends(call);
    BOOST_TEST(tokens.kept() == names{"third"});
}

BOOST_AUTO_TEST_CASE(the_last_sixteen_are_kept)
{
    token_bench tokens("first");
    const auto old = tokens.me.call_begins();
    for (int i = 0; i < 20; ++i)
        tokens.replace("another");
    BOOST_TEST(tokens.kept().size() == 16U);
    const auto late = tokens.me.call_begins();
    tokens.me.call_ends(old);
    BOOST_TEST(tokens.kept().size() == 1U);
    tokens.replace("last");
    BOOST_TEST(tokens.kept().size() == 2U);
    tokens.me.call_ends(late);
    BOOST_TEST(tokens.kept() == names{"last"});
}

BOOST_AUTO_TEST_CASE(an_account_takes_a_replacement_over_when_it_renews_what_it_is_made_of)
{
    token_bench tokens("first");
    const auto call = tokens.me.call_begins();
    tokens.who.replace(secret("second"));
    BOOST_TEST(tokens.me.outdated());
    tokens.me.renew("host", "agent");
    BOOST_TEST(tokens.kept() == (names{"second", "first"}), boost::test_tools::per_element());
    tokens.me.call_ends(call);
    BOOST_TEST(tokens.kept() == names{"second"});
}

BOOST_AUTO_TEST_SUITE_END()
