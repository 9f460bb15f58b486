#include "wire/frame_watch.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_wire_frame_watch)

using namespace venice_keys;
using namespace std::string_view_literals;

namespace {

// Types 1, 9, 9 and 0, of 3, 0, 300 and 1 bytes.
std::string four_frames()
{
    return std::string("\0\0\3\1\4\0\0\0\1abc"sv) + std::string("\0\0\0\x9\0\0\0\0\1"sv) +
           std::string("\0\1\x2C\x9\4\xFF\xFF\xFF\xFF"sv) + std::string(300, 'x') +
           std::string("\0\0\1\0\1\0\0\0\5y"sv);
}

} // namespace

BOOST_AUTO_TEST_CASE(frames_are_found_wherever_the_bytes_are_cut)
{
    const std::string bytes = four_frames();
    for (std::size_t step = 1; step <= bytes.size(); ++step) {
        wire::frame_watch watch;
        std::string passed;
        std::vector<std::size_t> seen;
        for (std::size_t at = 0; at < bytes.size(); at += step) {
            std::string_view rest = std::string_view(bytes).substr(at, step);
            while (!rest.empty()) {
                const auto piece = watch.next(rest);
                BOOST_TEST_REQUIRE(piece.taken > 0u);
                rest.remove_prefix(piece.taken);
                passed += piece.bytes;
                if (!piece.begins)
                    continue;
                BOOST_TEST(piece.bytes.size() >= 9u); // no part of a head
                seen.insert(seen.end(), {watch.head().type, watch.head().length, watch.head().flags,
                                         static_cast<std::size_t>(watch.head().stream), watch.continuations()});
            }
        }
        BOOST_TEST(passed == bytes);
        const std::vector<std::size_t> expected{1, 3, 4, 1, 0, 9, 0, 0, 1, 1, 9, 300, 4, 0x7FFF'FFFF, 2, 0, 1, 1, 5, 0};
        BOOST_TEST(seen == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(what_brings_something_costs_nothing_and_an_answer_gives_back)
{
    wire::frame_watch watch;
    for (std::size_t i = 0; i < 10'000; ++i) {
        BOOST_TEST(watch.charge());
        watch.refund();
        watch.refund(); // once a frame
    }
    for (std::size_t i = 0; i < wire::frame_watch::allowance; ++i)
        BOOST_TEST(watch.charge());
    BOOST_TEST(!watch.charge());
    watch.answered();
    for (std::size_t i = 1; i < wire::frame_watch::for_an_answer; ++i)
        BOOST_TEST(watch.charge());
    BOOST_TEST(!watch.charge());
}

BOOST_AUTO_TEST_SUITE_END()
