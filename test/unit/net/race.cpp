// The order of addresses, and the failure that is reported. The race itself needs sockets: see
// test/integration/racing.cpp.
#include "net/race.hpp"

#include "support/printing.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_net_race)

using namespace venice_keys::net;
using boost::asio::ip::make_address;
using venice_keys::errc;
using endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

namespace {

endpoints addresses(std::initializer_list<const char*> texts)
{
    endpoints all;
    for (const char* text : texts)
        all.emplace_back(make_address(text), 443);
    return all;
}

void check(std::initializer_list<const char*> resolved, std::initializer_list<const char*> tried)
{
    BOOST_TEST(interleave(addresses(resolved)) == addresses(tried), boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_CASE(nothing_stays_nothing)
{
    BOOST_TEST(interleave({}).empty());
}

BOOST_AUTO_TEST_CASE(one_family_keeps_its_order)
{
    check({"192.0.2.1"}, {"192.0.2.1"});
    check({"192.0.2.2", "192.0.2.1", "192.0.2.3"}, {"192.0.2.2", "192.0.2.1", "192.0.2.3"});
    check({"2001:db8::2", "2001:db8::1"}, {"2001:db8::2", "2001:db8::1"});
}

BOOST_AUTO_TEST_CASE(families_take_turns_from_the_first_on)
{
    check({"2001:db8::1", "2001:db8::2", "192.0.2.1", "192.0.2.2"},
          {"2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2"});
    check({"192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"},
          {"192.0.2.1", "2001:db8::1", "192.0.2.2", "2001:db8::2"});
}

BOOST_AUTO_TEST_CASE(what_is_more_of_comes_at_the_end_in_its_order)
{
    check({"2001:db8::1", "192.0.2.1", "192.0.2.2", "192.0.2.3"},
          {"2001:db8::1", "192.0.2.1", "192.0.2.2", "192.0.2.3"});
    check({"2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1"},
          {"2001:db8::1", "192.0.2.1", "2001:db8::2", "2001:db8::3"});
    check({"192.0.2.1", "192.0.2.2", "2001:db8::1", "192.0.2.3", "2001:db8::2", "192.0.2.4"},
          {"192.0.2.1", "2001:db8::1", "192.0.2.2", "2001:db8::2", "192.0.2.3", "192.0.2.4"});
}

BOOST_AUTO_TEST_CASE(every_address_is_started_once_and_all_must_fail)
{
    race it(addresses({"192.0.2.1", "192.0.2.2"}));
    BOOST_TEST(it.size() == 2u);
    BOOST_TEST(it.next().address() == make_address("192.0.2.1"));
    it.failed({venice_keys::error(errc::connect_failed, "first")});
    BOOST_TEST(!it.lost());
    BOOST_TEST(it.more());
    BOOST_TEST(it.next().address() == make_address("192.0.2.2"));
    BOOST_TEST(!it.more());
    it.failed({venice_keys::error(errc::connect_failed, "second")});
    BOOST_TEST(it.lost());
    BOOST_TEST(it.failure().why.detail == "second"); // the last
}

BOOST_AUTO_TEST_CASE(the_failure_is_that_of_the_address_that_got_furthest)
{
    using venice_keys::error;
    const connect_failure refused{error(errc::connect_failed, "refused")};
    const connect_failure hung_up{error(errc::tls_failed, "hung up")};
    const connect_failure untrusted{error(errc::tls_failed, "untrusted"), outlook::permanent};
    const auto reported = [](std::vector<connect_failure> all) {
        race it(endpoints(all.size()));
        for (connect_failure& each : all)
            it.failed(std::move(each));
        return it.failure();
    };
    BOOST_TEST(reported({hung_up, refused}).why.detail == "hung up");
    BOOST_TEST(reported({refused, hung_up}).why.detail == "hung up");
    BOOST_TEST(reported({hung_up, refused}).next == outlook::passing);
    for (const auto& order : {std::vector{untrusted, hung_up, refused}, std::vector{refused, untrusted, hung_up},
                              std::vector{hung_up, refused, untrusted}}) {
        BOOST_TEST(reported(order).why.detail == "untrusted");
        BOOST_TEST(reported(order).next == outlook::permanent);
    }
}

// Every way to mix up to four of each.
BOOST_AUTO_TEST_CASE(no_address_is_lost_and_each_family_keeps_its_order)
{
    for (unsigned length = 0; length <= 8; ++length) {
        for (unsigned pattern = 0; pattern < (1U << length); ++pattern) {
            endpoints resolved;
            for (unsigned i = 0; i < length; ++i) {
                const char* const front = (pattern & (1U << i)) != 0 ? "2001:db8::" : "192.0.2.";
                resolved.emplace_back(make_address(front + std::to_string(i + 1)), 443);
            }
            const endpoints tried = interleave(resolved);
            BOOST_TEST_REQUIRE(tried.size() == resolved.size());
            for (const bool v6 : {false, true}) {
                endpoints before;
                endpoints after;
                const auto of_family = [v6](const auto& each) {
                    return each.address().is_v6() == v6;
                };
                std::ranges::copy_if(resolved, std::back_inserter(before), of_family);
                std::ranges::copy_if(tried, std::back_inserter(after), of_family);
                BOOST_TEST(before == after, boost::test_tools::per_element());
            }
            if (!resolved.empty())
                BOOST_TEST(tried.front() == resolved.front());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
