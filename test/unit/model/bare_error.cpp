// Failures where memory is lacking.
#include "model/bare_error.hpp"

#include "support/printing.hpp"
#include "unit/model/memory_watch.hpp"

#include <boost/asio/error.hpp>

#include <chrono>
#include <optional>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_model_bare_error)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace std::chrono_literals;
using memory_watch::no_memory;

namespace {

// Longer than a string that needs no memory.
const std::string detail = "what the transport has said of the connection";

error full()
{
    error why(errc::connection_lost, detail, boost::asio::error::connection_reset);
    why.delivery = delivery::sent_unanswered;
    why.http_status = 503;
    why.attempts = 3;
    why.creates = true;
    why.sends = false;
    why.retry_after = 5s;
    why.server_text = detail;
    return why;
}

} // namespace

BOOST_AUTO_TEST_CASE(with_memory_a_copy_is_whole)
{
    const error copy = copy_or_bare(full());
    BOOST_TEST(copy.message() == full().message());
    BOOST_TEST(copy.detail == detail);
    BOOST_TEST(copy.server_text == detail);
}

BOOST_AUTO_TEST_CASE(without_memory_a_copy_loses_its_texts_alone)
{
    const error why = full();
    error copy;
    {
        const no_memory now;
        copy = copy_or_bare(why);
    }
    BOOST_TEST(copy.detail == "");
    BOOST_TEST(copy.server_text == "");
    BOOST_TEST(copy.code == why.code);
    BOOST_TEST(copy.cause == why.cause);
    BOOST_TEST(copy.delivery == why.delivery);
    BOOST_TEST(copy.http_status == why.http_status);
    BOOST_TEST(copy.attempts == why.attempts);
    BOOST_TEST(copy.creates == why.creates);
    BOOST_TEST(copy.sends == why.sends);
    BOOST_TEST(copy.retry_after == why.retry_after);
}

BOOST_AUTO_TEST_CASE(words_are_left_out_where_there_is_no_memory_for_them)
{
    BOOST_TEST(worded_or_bare(errc::closed, detail).detail == detail);
    error bare;
    {
        const no_memory now;
        bare = worded_or_bare(errc::closed, detail);
    }
    BOOST_TEST(bare.code == errc::closed);
    BOOST_TEST(bare.detail == "");
}

BOOST_AUTO_TEST_SUITE_END()
