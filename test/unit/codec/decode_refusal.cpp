#include "codec/decode_refusal.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

BOOST_AUTO_TEST_SUITE(unit_codec_decode_refusal)

using namespace venice_keys;
using codec::code_of_status;
using codec::decode_refusal;

BOOST_AUTO_TEST_CASE(each_status_has_the_code_that_its_comment_promises)
{
    const std::map<unsigned, errc> special = {
        {400, errc::invalid_request},  {409, errc::invalid_request}, {413, errc::invalid_request},
        {415, errc::invalid_request},  {422, errc::invalid_request}, {401, errc::authentication_failed},
        {402, errc::payment_required}, {403, errc::forbidden},       {404, errc::not_found},
        {429, errc::rate_limited},     {408, errc::unavailable},     {502, errc::unavailable},
        {503, errc::unavailable},      {504, errc::unavailable},
    };
    for (unsigned status = 0; status != 1'000; ++status) {
        const auto found = special.find(status);
        const bool server_side = status >= 500 && status <= 599;
        const errc usual = server_side ? errc::server_error : errc::unexpected_status;
        const errc expected = found == special.end() ? usual : found->second;
        BOOST_TEST((code_of_status(status) == expected), "status " << status);
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_is_an_answer_with_a_status_and_a_text)
{
    const error why = decode_refusal(404, R"({"error":"no such key"})", secret{"t"}, 32);
    BOOST_TEST((why.code == errc::not_found));
    BOOST_TEST(why.http_status == 404u);
    BOOST_TEST(why.delivery == delivery::answered);
    BOOST_TEST(why.server_text == "no such key");
    BOOST_TEST(why.issues.empty());
    BOOST_TEST(why.detail.empty());
    BOOST_TEST(why.attempts == 0u);
    BOOST_TEST(why.request_id.empty());
    BOOST_TEST(!why.cause.failed());
    BOOST_TEST(!why.retry_after.has_value());
    BOOST_TEST(why.message() == "not found (HTTP 404): no such key; answered");
}

BOOST_AUTO_TEST_CASE(a_key_that_is_no_admin_key_is_not_refused_itself)
{
    for (const char* const body : {R"({"error":"Admin API key required"})", "ADMIN API KEY REQUIRED",
                                   R"({"error":{"message":"Admin API key required.","code":"x"}})"}) {
        const error why = decode_refusal(401, body, secret{"t"}, 32);
        BOOST_TEST((why.code == errc::forbidden));
        BOOST_TEST(why.http_status == 401u);
        BOOST_TEST(!why.retryable());
    }
    for (const char* const body : {"", R"({"error":"Authentication failed"})", "Admin API key"})
        BOOST_TEST((decode_refusal(401, body, secret{"t"}, 32).code == errc::authentication_failed));
    BOOST_TEST((decode_refusal(400, "Admin API key required", secret{"t"}, 32).code == errc::invalid_request));
}

BOOST_AUTO_TEST_CASE(a_spent_error_budget_is_no_rate_limit)
{
    for (
        const char* const body :
        {R"({"error":"Too many failed attempts (> 50) resulting in a non-success status code. Please wait 30 seconds and try again."})",
         "Too many failed attempts (> 20) resulting in a non-success status code. Please wait 30s and try again."}) {
        const error why = decode_refusal(429, body, secret{"xyz"}, 32);
        BOOST_TEST((why.code == errc::error_budget_spent));
        BOOST_TEST(why.http_status == 429u);
        BOOST_TEST(why.retryable());
        BOOST_TEST(!why.maybe_applied());
    }
    for (const char* const body : {"", R"({"error":"Too many requests"})", "failed attempts"})
        BOOST_TEST((decode_refusal(429, body, secret{"xyz"}, 32).code == errc::rate_limited));
    BOOST_TEST((decode_refusal(503, "Too many failed attempts", secret{"xyz"}, 32).code == errc::unavailable));
}

BOOST_AUTO_TEST_CASE(an_empty_body_is_no_obstacle)
{
    const error why = decode_refusal(500, "", secret{"t"}, 32);
    BOOST_TEST((why.code == errc::server_error));
    BOOST_TEST(why.server_text.empty());
    BOOST_TEST(why.message() == "server error (HTTP 500); answered");
}

BOOST_AUTO_TEST_SUITE_END()
