#include "client/inbox.hpp"

#include "support/printing.hpp"
#include "unit/support/call_bench.hpp"
#include "unit/support/pool_bench.hpp"

#include <optional>

BOOST_AUTO_TEST_SUITE(unit_client_inbox)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;

namespace {

struct bench {
    explicit bench(threading how = threading::multi, std::size_t most = 100)
        : settings(settings_of(how, most)), box(guard, stats, settings)
    {
    }

    static config settings_of(threading how, std::size_t most)
    {
        config made;
        made.threading = how;
        made.max_queue = most;
        return made;
    }

    update_call& expect()
    {
        box.expect();
        return maker.make();
    }
    // Whether its caller is to post a turn.
    bool put() { return box.put(expect()).has_value(); }
    std::size_t take_all()
    {
        const std::size_t before = taken.size();
        box.take_all(taken);
        return taken.size() - before;
    }
    [[nodiscard]] std::optional<errc> refusal() const
    {
        const auto why = box.refusal();
        return why ? std::optional(why->why()) : std::nullopt;
    }

    pool_bench nobody;
    detail::calls calls{nobody.connections, "example.org", "test"};
    update_maker maker;
    detail::maybe_mutex guard{true};
    detail::shared_stats stats;
    config settings;
    detail::inbox box;
    detail::operation_list taken;
};

} // namespace

BOOST_AUTO_TEST_CASE(one_turn_is_posted_for_all_calls_that_come_before_it)
{
    bench it;
    BOOST_TEST(it.put());
    BOOST_TEST(!it.put());
    BOOST_TEST(!it.put());
    BOOST_TEST(it.take_all() == 3U);
    BOOST_TEST(it.put());
    BOOST_TEST(it.take_all() == 1U);
    BOOST_TEST(it.take_all() == 0U);
}

BOOST_AUTO_TEST_CASE(calls_are_taken_in_their_order_behind_those_that_were_taken_before)
{
    bench it;
    update_call& first = it.expect();
    static_cast<void>(it.box.put(first));
    it.take_all();
    static_cast<void>(it.put());
    static_cast<void>(it.put());
    it.take_all();
    BOOST_TEST(it.taken.size() == 3U);
    BOOST_TEST(&it.taken.front() == &first);
}

BOOST_AUTO_TEST_CASE(calls_that_are_on_their_way_or_wait_anywhere_count_against_the_most)
{
    bench it(threading::multi, 4);
    it.stats.add_waiting_calls(1);
    update_call& on_its_way = it.expect();
    static_cast<void>(it.put());
    BOOST_TEST(!it.refusal().has_value());
    static_cast<void>(it.put());
    BOOST_TEST(it.refusal() == errc::queue_full);
    it.box.forget();
    on_its_way.recycle();
    BOOST_TEST(!it.refusal().has_value());
    it.take_all(); // they wait elsewhere now
    BOOST_TEST(it.stats.read().waiting_calls == 3U);
    static_cast<void>(it.put());
    BOOST_TEST(it.refusal() == errc::queue_full);
}

BOOST_AUTO_TEST_CASE(none_starts_when_the_client_is_to_close)
{
    bench it;
    it.box.refuse_all();
    BOOST_TEST(it.refusal() == errc::closed);
}

BOOST_AUTO_TEST_CASE(a_call_is_taken_back_when_no_turn_could_be_posted)
{
    bench it;
    update_call& call = it.expect();
    const auto turn = it.box.put(call);
    BOOST_TEST_REQUIRE(turn.has_value());
    BOOST_TEST(it.box.take_back(call, *turn));
    BOOST_TEST(it.take_all() == 0U);
    call.recycle();
}

BOOST_AUTO_TEST_CASE(behind_a_call_that_was_taken_back_the_next_posts_a_turn)
{
    bench it;
    update_call& call = it.expect();
    const auto turn = it.box.put(call);
    BOOST_TEST(!it.put());
    BOOST_TEST_REQUIRE(turn.has_value());
    BOOST_TEST(it.box.take_back(call, *turn));
    call.recycle();
    BOOST_TEST(it.put());
    BOOST_TEST(it.take_all() == 2U);
}

BOOST_AUTO_TEST_CASE(a_call_that_another_turn_has_taken_is_not_taken_back)
{
    bench it;
    update_call& call = it.expect();
    const auto turn = it.box.put(call);
    it.take_all();
    BOOST_TEST_REQUIRE(turn.has_value());
    BOOST_TEST(!it.box.take_back(call, *turn));
    BOOST_TEST(it.taken.size() == 1U);
}

BOOST_AUTO_TEST_CASE(with_one_thread_calls_that_handlers_start_need_no_turn)
{
    bench it(threading::single);
    it.box.hold();
    BOOST_TEST(!it.put());
    BOOST_TEST(!it.put());
    BOOST_TEST(it.box.resume());
    BOOST_TEST(it.take_all() == 2U);
    it.box.hold();
    BOOST_TEST(!it.box.resume());
    BOOST_TEST(it.put());
}

BOOST_AUTO_TEST_CASE(with_many_threads_nothing_is_held)
{
    bench it;
    it.box.hold();
    BOOST_TEST(it.put());
    BOOST_TEST(!it.box.resume());
    BOOST_TEST(it.take_all() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
