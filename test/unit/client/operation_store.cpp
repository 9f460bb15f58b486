#include "client/operation_store.hpp"

#include "support/printing.hpp"
#include "unit/support/call_bench.hpp"

BOOST_AUTO_TEST_SUITE(unit_client_operation_store)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;

BOOST_AUTO_TEST_CASE(an_operation_that_was_given_back_is_the_next_one_in_another_life)
{
    call_bench it;
    update_call& first = it.maker.make();
    update_call& second = it.maker.make();
    BOOST_TEST(&first != &second);
    const auto life = first.life();
    first.recycle();
    BOOST_TEST(&it.maker.make() == &first);
    BOOST_TEST(first.life() == life + 1);
}

BOOST_AUTO_TEST_CASE(a_room_for_a_result_is_used_again_and_empty_then)
{
    call_bench it;
    auto& store = it.maker.updates;
    auto room = store.take_spare();
    const auto* const where = room.get();
    room->emplace().id = "a-key";
    store.give_back(std::move(room));
    room = store.take_spare();
    BOOST_TEST(room.get() == where);
    BOOST_TEST(!room->has_value());
    BOOST_TEST(store.take_spare().get() != where);
}

BOOST_AUTO_TEST_CASE(handlers_that_are_let_go_are_destroyed_and_not_called)
{
    call_bench it;
    it.maker.make();
    it.maker.make();
    BOOST_TEST(it.maker.updates.let_go().size() == 2U);
    BOOST_TEST(it.maker.ended[0].count == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
