#include "model/invalid_argument.hpp"

#include "support/printing.hpp"

BOOST_AUTO_TEST_SUITE(unit_model_invalid_argument)

using namespace venice_keys;

BOOST_AUTO_TEST_CASE(it_names_the_value_and_was_not_sent)
{
    const error why = detail::invalid_argument("base_url", "has a query");
    BOOST_TEST(why.message() == "invalid argument: base_url: has a query");
    BOOST_TEST(why.code == errc::invalid_argument);
    BOOST_TEST(!why.retryable());
}

BOOST_AUTO_TEST_SUITE_END()
