// What HTTP/1.1 and HTTP/2 share: which of them is spoken, and what is staged and not yet written.
#include "wire/conversation.hpp"

#include "support/printing.hpp"
#include "unit/support/conversation.hpp"

#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_wire_conversation)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
using state = wire::slot::state;

namespace {

constexpr auto each_protocol = {"http/1.1", "h2"};

std::vector<std::size_t> staged_in(wire::conversation& line)
{
    std::vector<std::size_t> numbers;
    line.for_each_staged(line.staged(),
                         [&](wire::slot& each) { numbers.push_back(static_cast<request_slot&>(each).number()); });
    return numbers;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_protocol_is_what_was_agreed_on_and_http1_without_a_word)
{
    BOOST_TEST(wire::make_conversation("h2", {})->protocol() == "h2");
    for (const std::string_view alpn : {"", "http/1.1", "h3", "H2"})
        BOOST_TEST(wire::make_conversation(alpn, {})->protocol() == "http/1.1", alpn);
    BOOST_TEST(wire::make_conversation("", {})->in_order());
    BOOST_TEST(!wire::make_conversation("h2", {})->in_order());
}

BOOST_AUTO_TEST_CASE(what_is_staged_keeps_its_order_and_can_be_withdrawn)
{
    for (const std::string_view alpn : each_protocol) {
        request_slot first(1);
        request_slot second(2);
        request_slot third(3);
        const auto line = wire::make_conversation(alpn, {});
        for (request_slot* const each : {&first, &second, &third})
            line->stage(*each);
        BOOST_TEST(first.where() == state::staged);
        BOOST_TEST(line->staged() == 3U);
        BOOST_TEST(line->withdraw(second, start_time));
        BOOST_TEST(second.where() == state::waiting);
        BOOST_TEST(staged_in(*line) == (std::vector<std::size_t>{1, 3}), boost::test_tools::per_element());
        line->stage(second); // again, behind the others
        BOOST_TEST(staged_in(*line) == (std::vector<std::size_t>{1, 3, 2}), boost::test_tools::per_element());
        line->take_staged().clear();
    }
}

BOOST_AUTO_TEST_CASE(what_was_written_is_abandoned_and_stays)
{
    for (const std::string_view alpn : each_protocol) {
        request_slot one(1);
        const auto line = wire::make_conversation(alpn, {});
        line->stage(one);
        secret_bytes out;
        line->gather(out, start_time);
        BOOST_TEST(one.where() == state::written);
        BOOST_TEST(!line->withdraw(one, start_time));
        BOOST_TEST(one.where() == state::abandoned);
        BOOST_TEST(line->owed() == 1U);
        BOOST_TEST(line->staged() == 0U);
        line->take_written().clear();
    }
}

BOOST_AUTO_TEST_CASE(some_of_what_is_staged_can_be_taken_out)
{
    for (const std::string_view alpn : each_protocol) {
        request_slot first(1);
        request_slot second(2);
        request_slot third(3);
        const auto line = wire::make_conversation(alpn, {});
        for (request_slot* const each : {&first, &second, &third})
            line->stage(*each);
        wire::slot_list odd =
            line->take_staged_if([](wire::slot& each) { return static_cast<request_slot&>(each).number() % 2 == 1; });
        BOOST_TEST(odd.size() == 2U);
        BOOST_TEST(staged_in(*line) == (std::vector<std::size_t>{2}), boost::test_tools::per_element());
        odd.clear();
        line->take_staged().clear();
    }
}

BOOST_AUTO_TEST_SUITE_END()
