#include "client/answer_error.hpp"

#include "support/printing.hpp"

#include <string>

BOOST_AUTO_TEST_SUITE(unit_client_answer_error)

using namespace venice_keys;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

error refusal(policy::operation what, std::string_view id, unsigned status = 404,
              std::string body = R"({"error":"API key not found"})")
{
    wire::reply answer;
    answer.status = status;
    answer.body = std::move(body);
    const detail::answer_context with{32, 30s, false, codec::update_decoder(32)};
    return detail::read_refusal(answer, policy::rule_of(what), id, {}, secret("t0ken-of-mine"), with);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_key_that_is_not_found_is_named)
{
    for (const auto what : {policy::operation::update, policy::operation::get, policy::operation::remove}) {
        const error why = refusal(what, "key-1");
        BOOST_TEST(why.code == errc::not_found);
        BOOST_TEST(why.detail == "the account has no active key with the id 'key-1'; list_keys gives the ids");
    }
    BOOST_TEST(refusal(policy::operation::update, "key-1", 400).code == errc::not_found);
    BOOST_TEST(refusal(policy::operation::update, "key-1", 500).detail == "");
    BOOST_TEST(refusal(policy::operation::list, "").code == errc::unexpected_status);
}

BOOST_AUTO_TEST_CASE(a_token_that_was_taken_for_an_id_is_not_shown)
{
    for (const char* const id : {"t0ken-of-mine", "VENICE_ADMIN_KEY_of-another"}) {
        BOOST_TEST(refusal(policy::operation::remove, id).detail ==
                   "the account has no active key with the id '[redacted]'; list_keys gives the ids");
        const std::string wrong = detail::wrong_key(id, id, secret("t0ken-of-mine")).detail;
        BOOST_TEST(wrong == "the answer is about key [redacted], not [redacted]");
    }
    BOOST_TEST(refusal(policy::operation::remove, std::string(5000, 'x')).detail.size() < 300u);
}

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
