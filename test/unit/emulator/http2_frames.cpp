#include "emulator/http2_frames.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(unit_emulator_http2_frames)

using namespace venice_keys::emulation;

BOOST_AUTO_TEST_CASE(a_reset_is_four_bytes_behind_nine)
{
    std::string out = "before";
    append_rst_stream(out, 0x01020304, 0x8);
    BOOST_TEST(out == std::string("before\0\0\4\3\0\1\2\3\4\0\0\0\x8", 19));
}

BOOST_AUTO_TEST_CASE(a_goaway_carries_its_last_stream_its_code_and_its_text)
{
    std::string out;
    append_goaway(out, 0x7FFFFFFF, 0xB, "slow");
    BOOST_TEST(out == std::string("\0\0\xC\7\0\0\0\0\0\x7F\xFF\xFF\xFF\0\0\0\xBslow", 21));
}

BOOST_AUTO_TEST_SUITE_END()
