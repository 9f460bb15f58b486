#include "client/answer_error.hpp"

#include "support/printing.hpp"

#include <string>

BOOST_AUTO_TEST_SUITE(unit_client_answer_error)

using namespace venice_keys;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

BOOST_AUTO_TEST_CASE(a_refusal_gets_the_status_the_id_and_the_time_to_wait)
{
    wire::reply answer;
    answer.status = 429;
    answer.request_id = "8f2c-AMS";
    error why{errc::rate_limited};
    detail::add_headers(why, answer, 3s, secret("t0ken"));
    BOOST_TEST(why.http_status == 429u);
    BOOST_TEST(why.request_id == "8f2c-AMS");
    BOOST_TEST(why.retry_after == std::optional<milliseconds>(3s));
}

BOOST_AUTO_TEST_CASE(without_the_fields_there_is_nothing_to_add)
{
    wire::reply answer;
    answer.status = 500;
    error why{errc::server_error};
    detail::add_headers(why, answer, {}, secret("t0ken"));
    BOOST_TEST(why.request_id.empty());
    BOOST_TEST(!why.retry_after.has_value());
}

BOOST_AUTO_TEST_CASE(the_id_of_the_body_stays_when_the_head_has_none)
{
    wire::reply answer;
    error why{errc::server_error};
    why.request_id = "from-the-body";
    detail::add_headers(why, answer, {}, secret("t0ken"));
    BOOST_TEST(why.request_id == "from-the-body");
    answer.request_id = "8f2c-AMS";
    detail::add_headers(why, answer, {}, secret("t0ken"));
    BOOST_TEST(why.request_id == "8f2c-AMS");
}

BOOST_AUTO_TEST_CASE(a_request_id_is_short_and_printable_and_holds_no_token)
{
    wire::reply answer;
    answer.request_id = "id t0ken-of-mine \xFF" + std::string(1000, 'x');
    error why{errc::server_error};
    detail::add_headers(why, answer, {}, secret("t0ken-of-mine"));
    BOOST_TEST(why.request_id.size() <= 128u);
    BOOST_TEST(why.request_id.find("t0ken") == std::string::npos);
    BOOST_TEST(why.request_id.find("id [redacted] ?") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
