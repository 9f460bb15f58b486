#include "net/input_buffer.hpp"

#include "support/printing.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_net_input_buffer)

using venice_keys::net::input_buffer;
using step = venice_keys::net::byte_layer::outcome;

namespace {

// Gives its texts one by one, and then waits or ends.
class records {
public:
    explicit records(std::vector<std::string> texts, step then = step::needs_bytes)
        : texts_(std::move(texts)), then_(then)
    {
    }

    step read(char* to, std::size_t room, std::size_t& got)
    {
        BOOST_TEST_REQUIRE(room != 0U);
        got = 0;
        if (texts_.empty())
            return then_;
        std::string& first = texts_.front();
        got = std::min(room, first.size());
        std::copy_n(first.data(), got, to);
        first.erase(0, got);
        if (first.empty())
            texts_.erase(texts_.begin());
        return step::done;
    }

private:
    std::vector<std::string> texts_;
    step then_;
};

} // namespace

BOOST_AUTO_TEST_CASE(all_that_has_come_is_seen_together)
{
    input_buffer it(10);
    records from({"abc", "de", "f"});
    BOOST_TEST(it.fill(from, 100) == step::needs_bytes);
    BOOST_TEST(it.bytes() == "abcdef");
}

BOOST_AUTO_TEST_CASE(how_the_layer_has_ended_is_passed_on_with_what_came_before)
{
    for (const step end : {step::ended, step::failed, step::needs_write}) {
        input_buffer it(10);
        records from({"abc"}, end);
        BOOST_TEST(it.fill(from, 100) == end);
        BOOST_TEST(it.bytes() == "abc");
    }
}

BOOST_AUTO_TEST_CASE(no_more_is_read_once_it_is_enough)
{
    input_buffer it(100);
    records from({"abc", "def", "ghi"});
    BOOST_TEST(it.fill(from, 4) == step::done);
    BOOST_TEST(it.bytes() == "abcdef"); // records are not cut for it
    it.take(1);
    BOOST_TEST(it.make_room());
    BOOST_TEST(it.fill(from, 1) == step::done);
    BOOST_TEST(it.bytes() == "bcdefghi");
    BOOST_TEST(it.fill(from, 1) == step::needs_bytes);
}

BOOST_AUTO_TEST_CASE(a_full_block_asks_the_layer_for_nothing)
{
    input_buffer it(4);
    records from({"abcdefgh"});
    BOOST_TEST(it.fill(from, 100) == step::done);
    BOOST_TEST(it.bytes() == "abcd");
    BOOST_TEST(it.fill(from, 100) == step::done);
    BOOST_TEST(it.bytes() == "abcd");
}

BOOST_AUTO_TEST_CASE(what_was_not_taken_stays_in_front_of_what_comes)
{
    for (std::size_t taken = 1; taken <= 4; ++taken) {
        input_buffer it(4);
        records from({"abcdefgh"});
        BOOST_TEST(it.fill(from, 100) == step::done);
        it.take(taken);
        BOOST_TEST(it.bytes() == std::string_view("abcd").substr(taken));
        BOOST_TEST(it.make_room());
        BOOST_TEST(it.fill(from, 100) == step::done);
        BOOST_TEST(it.bytes() == std::string_view("abcdefgh").substr(taken, 4));
    }
}

BOOST_AUTO_TEST_CASE(there_is_no_room_when_nothing_of_a_full_block_was_taken)
{
    input_buffer it(4);
    records from({"abcd"});
    BOOST_TEST(it.fill(from, 100) == step::done);
    BOOST_TEST(!it.make_room());
    BOOST_TEST(it.bytes() == "abcd");
}

BOOST_AUTO_TEST_CASE(while_there_is_room_behind_them_bytes_stay_where_they_are)
{
    input_buffer it(8);
    records from({"abcd"});
    BOOST_TEST(it.fill(from, 100) == step::needs_bytes);
    it.take(2);
    const char* const where = it.bytes().data();
    BOOST_TEST(it.make_room());
    BOOST_TEST(it.bytes().data() == where, "they were moved");
    BOOST_TEST(it.bytes() == "cd");
}

BOOST_AUTO_TEST_CASE(a_layer_that_has_nothing_leaves_nothing)
{
    input_buffer it(4);
    records from({});
    BOOST_TEST(it.fill(from, 100) == step::needs_bytes);
    BOOST_TEST(it.bytes() == "");
    BOOST_TEST(it.make_room());
}

BOOST_AUTO_TEST_SUITE_END()
