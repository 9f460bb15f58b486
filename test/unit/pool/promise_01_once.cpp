// Promise 1, once: one script of steps, replayed once for each step and each way to fail, with the network failing at
// that step.
#include "support/printing.hpp"
#include "unit/support/pool_bench.hpp"

#include <array>

BOOST_AUTO_TEST_SUITE(unit_pool_promise_01_once)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

enum class fault {
    orderly_end,
    reset,
    half_an_answer,
    stall,
    wrong_answer,
    surplus,
    overflow,
    garbage,
    failed_write,
    connection_close,
};

constexpr std::array every_fault{fault::orderly_end,  fault::reset,           fault::half_an_answer, fault::stall,
                                 fault::wrong_answer, fault::surplus,         fault::overflow,       fault::garbage,
                                 fault::failed_write, fault::connection_close};

// The server's side of the script: a network that does the next thing it can, and fails at chosen steps.
class script {
public:
    explicit script(const pool_settings& settings) : it(settings) {}

    // False when there was nothing left to do.
    bool step(std::optional<fault> how)
    {
        for (std::size_t i = 0; i < it.net.made.size(); ++i) {
            fake_transport& link = it.net[i];
            if (link.closed())
                continue;
            if (link.connecting())
                return how ? fail_connecting(link, *how) : (link.come_up(), true);
            if (link.writing())
                return how ? fail(i, *how) : (link.finish_write(), true);
            if (!it.unanswered(i).empty())
                return how ? fail(i, *how) : (it.answer(i), true);
        }
        if (it.connections.waiting() == 0)
            return false;
        it.wait_until_due();
        return true;
    }

    pool_bench it;

private:
    bool fail_connecting(fake_transport& link, fault how)
    {
        if (how == fault::stall)
            it.wait(test_session_limits().connect_timeout);
        else
            link.refuse();
        return true;
    }

    bool fail(std::size_t which, fault how)
    {
        fake_transport& link = it.net[which];
        const auto owed = it.unanswered(which);
        const std::string next = owed.empty() ? "" : owed.front();
        switch (how) {
        case fault::orderly_end:
            link.end(true);
            break;
        case fault::reset:
            link.end(false, boost::asio::error::connection_reset);
            break;
        case fault::half_an_answer:
            link.bring(answer_to(next).substr(0, 20));
            if (link.open())
                link.end(true);
            break;
        case fault::stall:
            it.wait(test_session_limits().stall_timeout);
            break;
        case fault::wrong_answer:
            link.bring(answer_to("not " + next));
            break;
        case fault::surplus:
            it.answer(which, owed.size());
            if (link.open())
                link.bring(answer_to("more"));
            break;
        case fault::overflow:
            link.overflow();
            break;
        case fault::garbage:
            link.bring("SSH-2.0-OpenSSH\r\n\r\n");
            break;
        case fault::failed_write:
            if (link.writing())
                link.finish_write(boost::asio::error::broken_pipe);
            if (link.open())
                link.end(false, boost::asio::error::connection_reset);
            break;
        case fault::connection_close:
            if (!owed.empty())
                it.answer(which, 1, "Connection: close\r\n");
            break;
        }
        return true;
    }
};

// Nine updates and a creation, more than one connection takes at once. Returns how many steps that took.
std::size_t run(const pool_settings& settings, std::optional<fault> how, std::size_t first, std::size_t second)
{
    script play(settings);
    play.it.add_many(4);
    const fake_call& create = play.it.add(policy::operation::create);
    play.it.add_many(5);
    play.it.pump();
    std::size_t steps = 0;
    while (play.step(steps == first || steps == second ? how : std::nullopt))
        BOOST_TEST_REQUIRE(++steps < 1000u);
    for (const fake_call& each : play.it.calls) {
        BOOST_TEST(each.ends() == 1u);
        BOOST_TEST(each.releases() == 0u);
        // Two faults are within everyone's attempts. A creation, and what is too large, may not be asked for again.
        const bool may_fail = &each == &create || how == fault::overflow;
        if (!may_fail)
            BOOST_TEST(each.was_answered());
        if (each.why())
            BOOST_TEST(each.why()->delivery == delivery::sent_unanswered);
    }
    std::size_t times = 0;
    for (const auto& link : play.it.net.made)
        times += static_cast<std::size_t>(std::ranges::count(link->requests(), std::to_string(create.number())));
    BOOST_TEST(times == 1u);
    return steps;
}

constexpr std::size_t never = 1'000'000;

} // namespace

BOOST_AUTO_TEST_CASE(every_call_ends_once_when_nothing_fails)
{
    BOOST_TEST(run(test_pool_settings(1, 4), std::nullopt, never, never) > 10u);
}

BOOST_AUTO_TEST_CASE(every_call_ends_once_whichever_step_fails)
{
    for (const auto& settings : {test_pool_settings(1, 4), test_pool_settings(2, 3), test_pool_settings(4, 1)}) {
        const std::size_t steps = run(settings, std::nullopt, never, never);
        for (const fault how : every_fault)
            for (std::size_t which = 0; which < steps; ++which)
                BOOST_TEST_CONTEXT("fault " << static_cast<int>(how) << " at step " << which)
                {
                    run(settings, how, which, never);
                }
    }
}

BOOST_AUTO_TEST_CASE(every_call_ends_once_whichever_two_steps_fail)
{
    const auto settings = test_pool_settings(2, 4);
    const std::size_t steps = run(settings, std::nullopt, never, never);
    for (const fault how : every_fault)
        for (std::size_t first = 0; first < steps; ++first)
            for (std::size_t second = first + 1; second < steps + 10; ++second)
                BOOST_TEST_CONTEXT("fault " << static_cast<int>(how) << " at steps " << first << " and " << second)
                {
                    run(settings, how, first, second);
                }
}

BOOST_AUTO_TEST_CASE(every_call_ends_once_when_the_pool_is_closed_at_any_step)
{
    const auto settings = test_pool_settings(2, 4);
    const std::size_t steps = run(settings, std::nullopt, never, never);
    for (std::size_t last = 0; last < steps; ++last) {
        script play(settings);
        play.it.add_many(8);
        play.it.pump();
        for (std::size_t i = 0; i < last && play.step(std::nullopt); ++i)
            continue;
        play.it.connections.close(error(errc::closed));
        for (const fake_call& each : play.it.calls)
            BOOST_TEST(each.ends() == 1u);
        for (const auto& link : play.it.net.made)
            BOOST_TEST(link->closed());
    }
}

BOOST_AUTO_TEST_SUITE_END()
