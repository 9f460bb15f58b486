// Promise 5, creations: each travels alone, on a connection that is not likely to have been given up, and once.
#include "support/printing.hpp"
#include "unit/support/pool_bench.hpp"

#include <algorithm>
#include <array>

BOOST_AUTO_TEST_SUITE(unit_pool_promise_05_creations)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

constexpr std::array creations{policy::operation::create, policy::operation::web3_create};

// One connection that is up and has answered call 0.
struct creating_bench {
    explicit creating_bench(const pool_settings& settings = test_pool_settings(1)) : bench(settings)
    {
        submit(1);
        come_up_and_prove(0);
    }

    fake_call& create(policy::operation what = policy::operation::create)
    {
        fake_call& made = bench.add(what);
        bench.pump();
        return made;
    }
    void submit(std::size_t count) { bench.submit(count); }
    void come_up_and_prove(std::size_t which) { bench.come_up_and_prove(which); }
    [[nodiscard]] texts unanswered(std::size_t which) { return bench.unanswered(which); }
    void wait(std::chrono::steady_clock::duration time) { bench.wait(time); }
    void serve(std::size_t which, std::size_t count = 1, unsigned status = 200)
    {
        if (net[which].writing())
            net[which].finish_write();
        bench.answer(which, count, {}, status);
        if (net[which].open() && net[which].writing())
            net[which].finish_write();
    }
    // Serves everything on every connection, one answer at a time, and tells in which order it was asked for.
    texts serve_all()
    {
        texts order;
        for (bool any = true; any;) {
            any = false;
            for (std::size_t i = 0; i < net.made.size(); ++i) {
                if (net[i].connecting())
                    net[i].come_up();
                if (!net[i].open() || unanswered(i).empty())
                    continue;
                order.push_back(unanswered(i).front());
                serve(i);
                any = true;
            }
        }
        return order;
    }

    pool_bench bench;
    fake_network& net = bench.net;
    pool& connections = bench.connections;
    std::deque<fake_call>& calls = bench.calls;
};

} // namespace

BOOST_AUTO_TEST_CASE(nothing_is_sent_behind_a_creation_until_it_is_answered)
{
    for (const auto what : creations) {
        creating_bench it;
        it.create(what);
        it.submit(3);
        it.create(what);
        BOOST_TEST(it.unanswered(0) == texts{"1"}, boost::test_tools::per_element());
        it.net[0].finish_write();
        it.submit(1);
        BOOST_TEST(it.unanswered(0) == texts{"1"}, boost::test_tools::per_element());
        BOOST_TEST(it.connections.waiting() == 5u);
        it.serve(0);
        BOOST_TEST(it.connections.waiting() < 5u);
    }
}

BOOST_AUTO_TEST_CASE(a_creation_waits_until_what_is_before_it_is_answered_and_nothing_gets_between)
{
    creating_bench it;
    it.submit(4);
    it.create();
    it.submit(2);
    it.serve(0);
    BOOST_TEST(it.unanswered(0) == (texts{"2", "3", "4"}), boost::test_tools::per_element());
    it.serve(0, 2);
    BOOST_TEST(it.unanswered(0) == texts{"4"}, boost::test_tools::per_element());
    it.serve(0);
    BOOST_TEST(it.unanswered(0) == texts{"5"}, boost::test_tools::per_element());
    it.serve(0);
    BOOST_TEST(it.unanswered(0) == (texts{"6", "7"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(others_go_on_another_connection_meanwhile)
{
    creating_bench it(test_pool_settings(2));
    it.create();
    it.submit(2);
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.come_up_and_prove(1);
    BOOST_TEST(it.calls[2].was_answered());
    BOOST_TEST(it.unanswered(1) == texts{"3"}, boost::test_tools::per_element());
    BOOST_TEST(it.unanswered(0) == texts{"1"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_connection_that_has_just_answered_takes_a_creation)
{
    creating_bench it(test_pool_settings(2));
    it.wait(1s);
    it.create();
    BOOST_TEST(it.net.made.size() == 1u);
    BOOST_TEST(it.unanswered(0) == texts{"1"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_idle_connection_makes_room_for_a_new_one)
{
    creating_bench it;
    it.wait(1'001ms);
    it.create();
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    BOOST_TEST(it.net[1].connecting());
    it.submit(1); // does not get in before it
    it.net[1].come_up();
    BOOST_TEST(it.unanswered(1) == texts{"1"}, boost::test_tools::per_element());
    it.serve(1);
    BOOST_TEST(it.unanswered(1) == texts{"2"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(where_there_is_room_for_another_the_idle_connection_stays)
{
    creating_bench it(test_pool_settings(2));
    it.wait(1'001ms);
    it.create();
    BOOST_TEST(it.net[0].open());
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.net[1].come_up();
    BOOST_TEST(it.unanswered(0).empty());
    BOOST_TEST(it.unanswered(1) == texts{"1"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(once_a_byte_has_left_it_is_not_sent_again_whatever_ends_it)
{
    for (const auto what : creations)
        for (int how = 0; how < 5; ++how) {
            BOOST_TEST_CONTEXT("the way no. " << how)
            {
                creating_bench it(test_pool_settings(2));
                const fake_call& which = it.create(what);
                fake_transport& link = it.net[0];
                switch (how) {
                case 0:
                    link.end();
                    break;
                case 1:
                    link.end(false, boost::asio::error::connection_reset);
                    break;
                case 2:
                    link.bring(answer_to("somebody else's"));
                    break;
                case 3:
                    link.bring("no HTTP\r\n\r\n");
                    break;
                default:
                    link.finish_write(boost::asio::error::broken_pipe); // a part of it may have left
                    link.end(false, boost::asio::error::connection_reset);
                    break;
                }
                BOOST_TEST_REQUIRE(which.ends() == 1u);
                BOOST_TEST_REQUIRE(which.why().has_value());
                BOOST_TEST(which.why()->delivery == delivery::sent_unanswered);
                BOOST_TEST(which.why()->attempts == 1u);
                it.wait(30s);
                BOOST_TEST(it.connections.waiting() == 0u);
                BOOST_TEST(it.connections.counters().requests_written == 2u);
            }
        }
}

BOOST_AUTO_TEST_CASE(before_its_first_byte_it_may_go_elsewhere)
{
    creating_bench it;
    it.submit(1);
    it.bench.answer(0); // before the write is known to have ended
    const fake_call& which = it.create();
    BOOST_TEST(which.where() == wire::slot::state::staged);
    it.net[0].end();
    BOOST_TEST(which.ends() == 0u);
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.net[1].come_up();
    BOOST_TEST(it.unanswered(1) == texts{"2"}, boost::test_tools::per_element());
    it.serve(1);
    BOOST_TEST(which.was_answered());
    BOOST_TEST(which.attempts() == 1u);
}

BOOST_AUTO_TEST_CASE(a_stream_of_other_calls_does_not_starve_a_creation)
{
    for (const std::size_t connections : {1u, 3u}) {
        creating_bench it(test_pool_settings(connections));
        it.submit(connections * 20);
        for (std::size_t i = 1; i < it.net.made.size(); ++i)
            it.come_up_and_prove(i);
        const fake_call& which = it.create();
        std::size_t answers = 0;
        for (; !which.was_answered() && answers < 1'000; ++answers) {
            it.submit(2); // more come than are served
            const std::size_t next = answers % connections;
            if (!it.unanswered(next).empty())
                it.serve(next);
        }
        BOOST_TEST(which.was_answered());
        BOOST_TEST(answers <= connections * 17); // the one connection is emptied, and no more
    }
}

BOOST_AUTO_TEST_CASE(a_stream_of_creations_does_not_starve_other_calls)
{
    for (const std::size_t connections : {1u, 3u}) {
        creating_bench it(test_pool_settings(connections));
        for (int i = 0; i < 50; ++i)
            it.bench.add(policy::operation::create);
        it.bench.add_many(20);
        it.bench.pump();
        const texts order = it.serve_all();
        BOOST_TEST_REQUIRE(order.size() == 70u);
        std::ptrdiff_t before = 0; // creations before the first of the others, and after the last of them
        std::ptrdiff_t behind = 0;
        std::size_t others = 0;
        for (const std::string& each : order) {
            const bool creation = it.calls[std::stoul(each)].rule().creates;
            others += creation ? 0U : 1U;
            before += creation && others == 0 ? 1 : 0;
            behind += creation && others == 20 ? 1 : 0;
        }
        BOOST_TEST(before <= static_cast<std::ptrdiff_t>(connections));
        BOOST_TEST(behind < 50); // they do not wait until all the others are done
        for (const fake_call& each : it.calls)
            BOOST_TEST(each.was_answered());
    }
}

BOOST_AUTO_TEST_CASE(creations_go_in_the_order_in_which_they_came)
{
    creating_bench it;
    for (int i = 0; i < 5; ++i)
        it.create();
    BOOST_TEST(it.serve_all() == (texts{"1", "2", "3", "4", "5"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_creation_may_take_its_time_while_someone_waits_for_it)
{
    creating_bench it;
    fake_call& which = it.create();
    it.net[0].finish_write();
    it.wait(test_session_limits().stall_timeout * 10);
    BOOST_TEST(it.net[0].open());
    BOOST_TEST(!it.connections.withdraw(which));
    it.submit(1);
    BOOST_TEST(it.unanswered(0) == texts{"1"}, boost::test_tools::per_element()); // it still has it alone
    it.bench.wait_until_due();
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST(which.was_released());
    BOOST_TEST(which.ends() == 0u);
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.net[1].come_up();
    BOOST_TEST(it.unanswered(1) == texts{"2"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_abandoned_creation_that_is_answered_after_all_leaves_the_connection_in_use)
{
    creating_bench it;
    fake_call& which = it.create();
    BOOST_TEST(!it.connections.withdraw(which));
    it.serve(0);
    BOOST_TEST(which.was_released());
    it.submit(2);
    BOOST_TEST(it.unanswered(0) == (texts{"2", "3"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_creation_that_is_withdrawn_while_it_waits_gives_the_connection_back)
{
    creating_bench it(test_pool_settings(1, 2));
    it.submit(2);
    it.net[0].finish_write();
    fake_call& which = it.create();
    it.serve(0); // this would let another one in
    it.submit(1);
    BOOST_TEST(it.unanswered(0) == texts{"2"}, boost::test_tools::per_element());
    BOOST_TEST(it.connections.withdraw(which));
    it.bench.pump();
    BOOST_TEST(it.unanswered(0) == (texts{"2", "4"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_creation_that_is_asked_again_after_429_travels_alone_as_well)
{
    creating_bench it;
    const fake_call& which = it.create();
    it.serve(0, 1, 429);
    it.submit(4);
    BOOST_TEST(it.unanswered(0).size() == 4u);
    it.wait(100ms); // the longest pause
    it.submit(1);
    BOOST_TEST(it.unanswered(0).size() == 4u);
    it.serve(0, 4);
    BOOST_TEST(it.unanswered(0) == texts{"1"}, boost::test_tools::per_element());
    it.serve(0);
    BOOST_TEST(which.was_answered());
    BOOST_TEST(which.attempts() == 2u);
}

BOOST_AUTO_TEST_CASE(a_creation_behind_slow_calls_gets_a_connection_when_there_is_room_for_one)
{
    // All connections are busy, and one is to be emptied. Then there is room, after a back-off.
    creating_bench it(test_pool_settings(4, 1));
    it.submit(4);
    for (std::size_t i = 1; i < 4; ++i)
        it.net[i].come_up();
    const fake_call& which = it.create();
    BOOST_TEST(!it.connections.withdraw(it.calls[4])); // nobody but the creation wants another
    it.net[3].end();                                   // before it has answered: a back-off begins
    BOOST_TEST(it.connections.connections() == 3u);
    it.bench.wait_until_due();
    BOOST_TEST(it.connections.deadline() > it.net.now);
    BOOST_TEST_REQUIRE(it.net.made.size() == 5u);
    it.net[4].come_up();
    BOOST_TEST(it.unanswered(4) == texts{"5"}, boost::test_tools::per_element());
    it.serve(4);
    BOOST_TEST(which.was_answered());
    for (std::size_t i = 1; i < 4; ++i)
        BOOST_TEST(it.calls[i].ends() == 0u); // as slow as they are
}

BOOST_AUTO_TEST_CASE(a_creation_that_can_not_have_a_new_connection_yet_gets_one_that_has_done_its_work)
{
    auto settings = test_pool_settings(2, 4);
    settings.retry.base_delay = settings.retry.max_delay = 1h;
    creating_bench it(settings);
    it.submit(1);
    BOOST_TEST_REQUIRE(it.net.made.size() == 1u);
    it.create();
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.net[1].refuse();
    it.submit(2); // they don't keep the connection busy
    BOOST_TEST(it.unanswered(0) == texts{"1"}, boost::test_tools::per_element());
    it.serve(0);
    BOOST_TEST(it.unanswered(0) == texts{"2"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
