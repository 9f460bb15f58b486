#include "client/calls.hpp"

#include "support/event_recorder.hpp"
#include "support/printing.hpp"
#include "unit/support/call_bench.hpp"
#include "unit/support/fake_transport.hpp"
#include "unit/support/pool_bench.hpp"

#include <boost/asio/cancellation_type.hpp>

#include <memory>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_client_calls)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
using namespace std::chrono_literals;
using boost::asio::cancellation_type;

namespace {

// What the client does in its turns, on a network without sockets.
struct bench : net::turn_owner {
    ~bench() { calls.let_go(); }

    update_call& start(std::string id = "a-key", time_point deadline = time_point::max())
    {
        update_call& made = maker.make(std::move(id), deadline);
        admit(made);
        return made;
    }
    void admit(update_call& call, bool open = true)
    {
        calls.arrivals().push_back(call);
        calls.admit_all(open);
        through.pump(net.now);
    }
    void come_up()
    {
        net[0].come_up();
        net[0].finish_write();
    }
    void answer(std::string_view id = "a-key", unsigned status = 200)
    {
        net[0].bring(answer_to(R"({"data":{"id":")" + std::string(id) +
                                   R"(","description":"","apiKeyType":"INFERENCE",)"
                                   R"("consumptionLimits":{"usd":null,"diem":null}},"success":true})",
                               {}, status));
    }
    // Hands over what is done. Returns how many that were.
    std::size_t deliver()
    {
        std::size_t count = 0;
        for (; calls.any_done(); ++count)
            calls.take_done().deliver(maker.by);
        return count;
    }
    // Of the call that was made so many calls after the first.
    [[nodiscard]] const ends& end(std::size_t which) const { return maker.ended.at(which); }

    void on_failure(boost::system::error_code cause) noexcept override { BOOST_ERROR("an event threw: " << cause); }
    void on_turn_end() override
    {
        through.pump(net.now);
        calls.collect();
    }

    static pool_settings watched(const std::shared_ptr<::test::event_recorder>& by)
    {
        pool_settings made = test_pool_settings(1);
        made.report = reporter(by, "example.org", 443);
        return made;
    }

    std::shared_ptr<::test::event_recorder> seen = std::make_shared<::test::event_recorder>();
    fake_network net{*this};
    detail::calls calls{through, "example.org", "test"};
    update_maker maker;
    pool through{net, watched(seen), net.clocks(), 1};
};

} // namespace

BOOST_AUTO_TEST_CASE(an_answer_ends_its_call_and_the_object_is_used_again)
{
    bench it;
    update_call& call = it.start();
    const auto life = call.life();
    it.come_up();
    BOOST_TEST(!it.calls.idle());
    it.answer();
    BOOST_TEST(it.calls.idle());
    BOOST_TEST(it.end(0).count == 0U); // not before it is handed over
    BOOST_TEST(it.deliver() == 1U);
    BOOST_TEST(it.end(0).count == 1U);
    BOOST_TEST(it.end(0).code == boost::system::error_code());
    BOOST_TEST(&it.start() == &call);
    BOOST_TEST(call.life() != life);
}

BOOST_AUTO_TEST_CASE(a_call_that_is_cancelled_before_it_is_written_is_over)
{
    bench it;
    update_call& call = it.start();
    it.calls.cancel(call, call.life(), cancellation_type::total);
    BOOST_TEST(it.deliver() == 1U);
    BOOST_TEST(it.end(0).code == errc::cancelled);
    BOOST_TEST(it.end(0).detail == "the call was waiting for a connection (connecting to example.org:443)");
    BOOST_TEST(&it.start() == &call);
}

BOOST_AUTO_TEST_CASE(a_written_call_ends_at_once_and_its_object_is_used_again_when_the_answer_has_come)
{
    bench it;
    update_call& call = it.start();
    it.come_up();
    it.calls.cancel(call, call.life(), cancellation_type::total); // without effect on what is written
    BOOST_TEST(it.deliver() == 0U);
    it.calls.cancel(call, call.life(), cancellation_type::partial);
    BOOST_TEST(it.deliver() == 1U);
    BOOST_TEST(it.end(0).code == errc::cancelled);
    BOOST_TEST(&it.start("another-key") != &call);
    it.answer();
    BOOST_TEST(it.end(0).count == 1U);
    BOOST_TEST(&it.start("a-third-key") == &call);
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_between_a_cancellation_and_its_completion_changes_nothing)
{
    bench it;
    update_call& call = it.start();
    it.come_up();
    it.calls.cancel(call, call.life(), cancellation_type::terminal);
    it.answer();
    BOOST_TEST(it.deliver() == 1U);
    BOOST_TEST(it.end(0).count == 1U);
    BOOST_TEST(it.end(0).code == errc::cancelled);
    BOOST_TEST(&it.start() == &call);
}

BOOST_AUTO_TEST_CASE(a_refusal_that_nobody_waits_for_is_known_to_the_pool)
{
    bench it;
    update_call& call = it.start();
    it.come_up();
    it.calls.cancel(call, call.life(), cancellation_type::partial);
    it.answer("a-key", 404);
    BOOST_TEST_REQUIRE(!it.seen->lines().empty());
    BOOST_TEST(::test::event_recorder::has(it.seen->lines().back(), "error.type=unexpected_status"),
               it.seen->lines().back());
    BOOST_TEST(it.deliver() == 1U);
    BOOST_TEST(it.end(0).code == errc::cancelled);
}

BOOST_AUTO_TEST_CASE(a_cancellation_that_comes_late_is_without_effect)
{
    bench it;
    update_call& call = it.start();
    const auto life = call.life();
    it.come_up();
    it.answer();
    it.calls.cancel(call, life, cancellation_type::terminal); // it has its result
    it.deliver();
    BOOST_TEST(it.end(0).code == boost::system::error_code());
    BOOST_TEST(&it.start() == &call);
    it.calls.cancel(call, life, cancellation_type::terminal); // that was another life
    BOOST_TEST(it.deliver() == 0U);
    BOOST_TEST(!it.calls.idle());
}

BOOST_AUTO_TEST_CASE(calls_that_are_out_of_time_end_and_the_others_do_not)
{
    bench it;
    it.start("a", it.net.now + 2s);
    it.start("b", it.net.now + 1s);
    BOOST_TEST(it.calls.deadline() == it.net.now + 1s);
    it.calls.expire(it.net.now + 1s);
    BOOST_TEST(it.deliver() == 1U);
    BOOST_TEST(it.end(0).count == 0U);
    BOOST_TEST(it.end(1).code == errc::deadline_exceeded);
    BOOST_TEST(it.calls.deadline() == it.net.now + 2s);
}

BOOST_AUTO_TEST_CASE(a_call_that_was_refused_when_it_was_made_ends_as_it_is)
{
    bench it;
    update_call& call = it.maker.updates.take();
    call.refuse({errc::invalid_argument, "id: empty"}, it.maker.completion());
    it.admit(call, false);
    BOOST_TEST(it.deliver() == 1U);
    BOOST_TEST(it.end(0).code == errc::invalid_argument);
    BOOST_TEST(it.end(0).detail == "id: empty");
}

BOOST_AUTO_TEST_CASE(a_client_that_closes_takes_no_calls)
{
    bench it;
    it.admit(it.maker.make(), false);
    BOOST_TEST(it.deliver() == 1U);
    BOOST_TEST(it.end(0).code == errc::closed);
    BOOST_TEST(it.net.made.empty());
}

BOOST_AUTO_TEST_CASE(with_a_token_that_can_not_be_sent_calls_end_also_those_that_come_back)
{
    bench it;
    update_call& written = it.start("written");
    it.come_up();
    it.start("waits");
    it.maker.whose.replace(secret("not a token"));
    it.calls.token_replaced(*it.maker.who);
    BOOST_TEST(it.deliver() == 1U);
    BOOST_TEST(it.end(0).count == 0U);
    BOOST_TEST(it.end(1).code == errc::invalid_argument);
    BOOST_TEST(it.end(1).detail.starts_with("credentials: the token"));
    it.start("new");
    BOOST_TEST(it.deliver() == 1U);
    BOOST_TEST(it.end(2).code == errc::invalid_argument);
    it.net[0].end(); // what was written would be written again
    BOOST_TEST(written.at() != call::place::session);
    it.calls.fail_unusable();
    BOOST_TEST(it.deliver() == 1U);
    BOOST_TEST(it.end(0).code == errc::invalid_argument);
}

BOOST_AUTO_TEST_CASE(what_is_cut_short_is_counted_with_the_worst_of_it)
{
    bench it;
    it.start("written");
    it.come_up();
    it.start("waits");
    const error whole = it.calls.cut_short({errc::closed, "the end"});
    BOOST_TEST(whole.code == errc::closed);
    BOOST_TEST(whole.detail == "the end: 2 calls were cut off, 1 of them sent and not answered");
    BOOST_TEST(whole.delivery == delivery::sent_unanswered);
}

BOOST_AUTO_TEST_CASE(all_end_wherever_they_are)
{
    bench it;
    it.start("written");
    it.come_up();
    it.start("waits");
    it.calls.arrivals().push_back(it.maker.make("comes"));
    const error why(errc::connection_lost);
    it.through.close(why);
    it.calls.end_all(why);
    BOOST_TEST(it.calls.idle());
    BOOST_TEST(it.deliver() == 3U);
    for (std::size_t i = 0; i != 3; ++i) {
        BOOST_TEST(it.end(i).count == 1U);
        BOOST_TEST(it.end(i).code == errc::connection_lost);
    }
}

BOOST_AUTO_TEST_SUITE_END()
