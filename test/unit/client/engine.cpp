#include "client/engine.hpp"

#include "support/printing.hpp"
#include "unit/support/call_bench.hpp"
#include "unit/support/fake_transport.hpp"
#include "unit/support/pool_bench.hpp"

#include <new>
#include <string>
#include <utility>

BOOST_AUTO_TEST_SUITE(unit_client_engine)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
using namespace std::chrono_literals;
using detail::waiters;
using goal = detail::waiters::goal;

namespace {

// Runs turns as a client does, on a network without sockets.
struct bench : net::turn_owner {
    ~bench() { calls.let_go(); }

    // These return the number by which it is cancelled, and under which its end is noted.
    std::size_t warm_up(std::size_t connections, time_point deadline = time_point::max())
    {
        return wait({{}, goal::connections, 0, deadline, connections});
    }
    std::size_t close(time_point deadline = time_point::max()) { return wait({{}, goal::end, 0, deadline}); }
    std::size_t update(std::string id = "a-key")
    {
        calls.arrivals().push_back(maker.make(std::move(id)));
        turn();
        return maker.ended.size() - 1;
    }
    void turn()
    {
        net::turn_owner::turn([this] {
            it.admit_all();
            it.destroy_if_asked();
        });
    }
    void pass_time(std::chrono::seconds time)
    {
        net.now += time;
        through.tick(net.now);
        on_turn_end();
    }
    void on_turn_end() override
    {
        it.move_on(net.now);
        it.finish(net.now);
        while (calls.any_done())
            calls.take_done().deliver(maker.by);
        while (it.who_waits().any_ended()) {
            waiters::list one = it.who_waits().take_ended();
            maker.by.complete(std::move(one.front().to), std::move(one.front().with));
        }
    }
    [[nodiscard]] const ends& end(std::size_t which) const { return maker.ended.at(which); }

    void on_failure(boost::system::error_code cause) noexcept override { it.give_all_up(cause); }

    fake_network net{*this};
    detail::calls calls{through, "example.org", "test"};
    update_maker maker;
    detail::engine it{calls, through};
    pool through{net, test_pool_settings(2), net.clocks(), 1};

private:
    std::size_t wait(waiters::waiter&& who)
    {
        who.to = {maker.ended.emplace_back().handler(), maker.by.home()};
        who.number = maker.ended.size() - 1;
        waiters::list one;
        one.push_back(std::move(who));
        it.wait(std::move(one));
        turn();
        return maker.ended.size() - 1;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(warming_up_opens_connections_and_ends_when_they_are_up)
{
    bench here;
    const auto warm = here.warm_up(2);
    BOOST_TEST_REQUIRE(here.net.made.size() == 2U);
    here.net[0].come_up();
    BOOST_TEST(here.end(warm).count == 0U);
    here.net[1].come_up();
    BOOST_TEST(here.end(warm).count == 1U);
    BOOST_TEST(here.end(warm).code == boost::system::error_code());
}

BOOST_AUTO_TEST_CASE(a_warm_up_that_is_out_of_time_says_what_it_waited_for)
{
    bench here;
    const auto warm = here.warm_up(1, here.net.now + 5s);
    BOOST_TEST(here.it.deadline() == here.net.now + 5s);
    here.pass_time(5s);
    BOOST_TEST(here.end(warm).code == errc::deadline_exceeded);
    BOOST_TEST(here.end(warm).detail ==
               "the time ran out while waiting for a connection (connecting to example.org:443)");
}

BOOST_AUTO_TEST_CASE(a_warm_up_ends_with_the_failure_when_another_try_would_be_in_vain)
{
    bench here;
    const auto warm = here.warm_up(1);
    here.net[0].refuse({errc::tls_failed, "a wrong name"}, net::outlook::permanent);
    BOOST_TEST(here.end(warm).code == errc::tls_failed);
}

BOOST_AUTO_TEST_CASE(a_warm_up_that_is_cancelled_opens_no_more_connections)
{
    bench here;
    const auto warm = here.warm_up(2);
    here.it.wait_no_longer(warm);
    BOOST_TEST(here.end(warm).count == 0U); // not before the end of the turn
    here.net[0].refuse();
    BOOST_TEST(here.end(warm).code == errc::cancelled);
    here.net[1].refuse();
    here.pass_time(10s);
    BOOST_TEST(here.net.made.size() == 2U);
}

BOOST_AUTO_TEST_CASE(closing_waits_for_what_is_under_way)
{
    bench here;
    const auto update = here.update();
    here.net[0].come_up();
    here.net[0].finish_write();
    const auto closed = here.close();
    const auto late = here.update();
    BOOST_TEST(here.end(late).code == errc::closed);
    BOOST_TEST(here.end(closed).count == 0U);
    here.net[0].bring(answer_to(R"({"data":{"id":"a-key"},"success":true})", {}, 404));
    BOOST_TEST(here.end(update).count == 1U);
    BOOST_TEST(here.end(closed).code == boost::system::error_code());
    BOOST_TEST(here.net[0].closed());
}

BOOST_AUTO_TEST_CASE(closing_cuts_off_what_is_not_done_in_its_time_and_says_so)
{
    bench here;
    const auto update = here.update();
    const auto warm = here.warm_up(2);
    const auto closed = here.close(here.net.now + 1s);
    BOOST_TEST(here.end(warm).code == errc::closed);
    BOOST_TEST(here.it.deadline() == here.net.now + 1s);
    here.pass_time(1s);
    BOOST_TEST(here.end(update).code == errc::closed);
    BOOST_TEST(here.end(closed).code == errc::closed);
    BOOST_TEST(here.end(closed).detail ==
               "the time that close() gave ran out before the answer came: 1 call was cut off, "
               "0 of them sent and not answered");
    const auto again = here.close();
    BOOST_TEST(here.end(again).code == boost::system::error_code());
}

BOOST_AUTO_TEST_CASE(a_close_that_is_cancelled_goes_on)
{
    bench here;
    const auto update = here.update();
    const auto closed = here.close(here.net.now + 1s);
    here.it.wait_no_longer(closed);
    here.pass_time(1s);
    BOOST_TEST(here.end(closed).code == errc::cancelled);
    BOOST_TEST(here.end(update).code == errc::closed);
}

BOOST_AUTO_TEST_CASE(destruction_ends_everything_and_what_comes_later)
{
    bench here;
    const auto update = here.update();
    const auto warm = here.warm_up(2);
    const auto closed = here.close();
    here.it.ask_to_destroy();
    here.turn();
    for (const auto each : {update, warm, closed})
        BOOST_TEST(here.end(each).code == errc::closed);
    BOOST_TEST(here.end(update).detail == "the client was destroyed");
    const auto late = here.close();
    BOOST_TEST(here.end(late).code == errc::closed);
    BOOST_TEST(here.end(late).detail == "the client was destroyed earlier");
    BOOST_TEST(here.it.deadline() == time_point::max());
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_in_the_turn_of_its_deadline_is_in_time)
{
    bench here;
    here.calls.arrivals().push_back(here.maker.make("a-key", here.net.now + 5s));
    here.turn();
    here.net[0].come_up();
    here.net[0].finish_write();
    here.net.now += 5s;
    here.net[0].bring(answer_to(R"({"data":{"id":"a-key","description":"","apiKeyType":"INFERENCE",)"
                                R"("consumptionLimits":{"usd":null,"diem":null}},"success":true})"));
    BOOST_TEST(here.end(0).count == 1U);
    BOOST_TEST(here.end(0).code == boost::system::error_code());
}

BOOST_AUTO_TEST_CASE(when_memory_runs_out_every_call_ends_and_the_client_is_as_good_as_new)
{
    bench here;
    const auto update = here.update();
    const auto warm = here.warm_up(2);
    static_cast<net::turn_owner&>(here).turn([] { throw std::bad_alloc(); });
    for (const auto each : {update, warm}) {
        BOOST_TEST(here.end(each).count == 1U);
        BOOST_TEST(here.end(each).code == errc::connection_lost);
    }
    BOOST_TEST(here.net[0].closed());
    const std::size_t before = here.net.made.size();
    const auto again = here.update();
    BOOST_TEST(here.end(again).count == 0U);
    BOOST_TEST(here.net.made.size() == before + 1);
}

BOOST_AUTO_TEST_SUITE_END()
