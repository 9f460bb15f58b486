#include "client/operation_of.hpp"

#include "support/printing.hpp"
#include "unit/support/call_bench.hpp"

BOOST_AUTO_TEST_SUITE(unit_client_operation_of)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;

BOOST_AUTO_TEST_CASE(a_failure_is_handed_over_once_and_the_object_is_free_then)
{
    call_bench it;
    update_call& call = it.maker.make();
    BOOST_TEST(!call.completed());
    call.set_failure(error(errc::cancelled, "by hand"));
    BOOST_TEST(!call.succeeded());
    BOOST_TEST(it.maker.ended[0].count == 0U);
    call.deliver(it.maker.by);
    BOOST_TEST(it.maker.ended[0].count == 1U);
    BOOST_TEST(it.maker.ended[0].code == errc::cancelled);
    BOOST_TEST(it.maker.ended[0].detail == "by hand");
    BOOST_TEST(&it.maker.make() == &call);
}

BOOST_AUTO_TEST_CASE(a_call_that_is_refused_has_its_result_from_the_beginning)
{
    call_bench it;
    update_call& call = it.maker.updates.take();
    call.refuse(error(errc::invalid_argument, "usd: too much"), it.maker.completion());
    BOOST_TEST(call.completed());
    BOOST_TEST(!call.succeeded());
    call.deliver(it.maker.by);
    BOOST_TEST(it.maker.ended[0].count == 1U);
    BOOST_TEST(it.maker.ended[0].code == errc::invalid_argument);
    BOOST_TEST(!it.maker.make().completed()); // the same object
}

BOOST_AUTO_TEST_SUITE_END()
