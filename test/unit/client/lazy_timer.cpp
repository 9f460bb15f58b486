#include "client/lazy_timer.hpp"

#include "support/printing.hpp"

#include <boost/asio/error.hpp>

#include <functional>
#include <stdexcept>
#include <utility>

BOOST_AUTO_TEST_SUITE(unit_client_lazy_timer)

using namespace std::chrono_literals;
using time_point = std::chrono::steady_clock::time_point;

namespace {

// What a timer was asked to do, and its end when the test wants it.
struct watch {
    unsigned sets = 0;
    unsigned cancels = 0;
    bool fails = false;
    time_point when{};
    std::function<void(boost::system::error_code)> waits;

    void end(boost::system::error_code ec = {})
    {
        if (const auto waited = std::exchange(waits, nullptr))
            waited(ec);
    }
};

class fake_timer {
public:
    explicit fake_timer(watch& seen) : seen_(&seen) {}

    void expires_at(time_point when)
    {
        if (seen_->fails)
            throw std::runtime_error("no memory");
        seen_->end(boost::asio::error::operation_aborted);
        seen_->when = when;
        ++seen_->sets;
    }
    void cancel()
    {
        ++seen_->cancels;
        seen_->end(boost::asio::error::operation_aborted);
    }
    template <class Handler>
    void async_wait(Handler handler)
    {
        seen_->waits = std::move(handler);
    }

private:
    watch* seen_;
};

struct bench {
    void arm(time_point when)
    {
        timer.arm(when, [this] {
            timer.fired();
            ++fired;
        });
    }

    watch seen;
    venice_keys::detail::lazy_timer<fake_timer> timer{seen};
    unsigned fired = 0;
};

constexpr time_point noon{12h};

} // namespace

BOOST_AUTO_TEST_CASE(it_is_set_when_the_deadline_comes_nearer)
{
    bench it;
    it.arm(noon);
    it.arm(noon - 1s);
    BOOST_TEST(it.seen.sets == 2U);
    BOOST_TEST(it.seen.when == noon - 1s);
    BOOST_TEST(it.fired == 0U); // what was cancelled does not fire
    it.seen.end();
    BOOST_TEST(it.fired == 1U);
}

BOOST_AUTO_TEST_CASE(it_is_left_alone_when_the_deadline_moves_away)
{
    bench it;
    it.arm(noon);
    it.arm(noon);
    it.arm(noon + 1h);
    BOOST_TEST(it.seen.sets == 1U);
    BOOST_TEST(it.seen.when == noon);
    it.seen.end();
    BOOST_TEST(it.fired == 1U); // too early
    it.arm(noon + 1h);
    BOOST_TEST(it.seen.sets == 2U);
    BOOST_TEST(it.seen.when == noon + 1h);
}

BOOST_AUTO_TEST_CASE(it_is_cancelled_once_when_there_is_no_deadline)
{
    bench it;
    it.arm(time_point::max());
    BOOST_TEST(it.seen.cancels == 0U);
    it.arm(noon);
    it.arm(time_point::max());
    it.arm(time_point::max());
    BOOST_TEST(it.seen.cancels == 1U);
    BOOST_TEST(it.fired == 0U);
    it.arm(noon + 1h);
    BOOST_TEST(it.seen.sets == 2U);
}

BOOST_AUTO_TEST_CASE(one_that_could_not_be_set_is_set_the_next_time)
{
    bench it;
    it.seen.fails = true;
    BOOST_CHECK_THROW(it.arm(noon), std::runtime_error);
    it.seen.fails = false;
    it.arm(noon);
    BOOST_TEST(it.seen.sets == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
