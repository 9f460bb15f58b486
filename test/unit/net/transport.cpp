#include "net/transport.hpp"

#include "support/printing.hpp"

#include <boost/asio/error.hpp>

#include <new>
#include <stdexcept>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_net_transport)

namespace {

using boost::system::error_code;

struct owner final : venice_keys::net::turn_owner {
    void on_turn_end() override
    {
        ++ends;
        failures_before_end = failures.size();
    }
    void on_failure(error_code cause) noexcept override { failures.push_back(cause); }

    std::vector<error_code> failures;
    std::size_t failures_before_end = 0;
    unsigned ends = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_turn_ends_when_its_events_are_dealt_with)
{
    owner whose;
    bool done = false;
    whose.turn([&] {
        BOOST_TEST(whose.ends == 0U);
        done = true;
    });
    BOOST_TEST(done);
    BOOST_TEST(whose.ends == 1U);
    BOOST_TEST(whose.failures.empty());
}

BOOST_AUTO_TEST_CASE(what_the_allocator_or_asio_throws_is_a_failure_of_the_turn_and_the_turn_ends)
{
    owner whose;
    whose.turn([] { throw std::bad_alloc(); });
    BOOST_TEST_REQUIRE(whose.failures_before_end == 1U);
    BOOST_TEST(whose.failures[0] == boost::system::errc::not_enough_memory);
    whose.turn([] { throw boost::system::system_error(boost::asio::error::no_descriptors); });
    BOOST_TEST_REQUIRE(whose.failures_before_end == 2U);
    BOOST_TEST(whose.failures[1] == error_code(boost::asio::error::no_descriptors));
    BOOST_TEST(whose.ends == 2U);
}

BOOST_AUTO_TEST_CASE(a_failure_after_the_turn_is_dealt_with_in_another_turn)
{
    owner whose;
    whose.after_turn([] {});
    BOOST_TEST(whose.ends == 0U);
    whose.after_turn([] { throw std::bad_alloc(); });
    BOOST_TEST(whose.failures_before_end == 1U);
    BOOST_TEST(whose.ends == 1U);
}

BOOST_AUTO_TEST_CASE(what_else_is_thrown_is_a_fault_of_ours_and_is_not_swallowed)
{
    owner whose;
    BOOST_CHECK_THROW(whose.turn([] { throw std::logic_error("a fault"); }), std::logic_error);
    BOOST_TEST(whose.failures.empty());
}

BOOST_AUTO_TEST_SUITE_END()
