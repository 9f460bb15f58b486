#include "codec/decode_refusal.hpp"

#include "support/printing.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_codec_decode_refusal)

using namespace venice_keys;
using namespace venice_keys::detail;
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
        BOOST_TEST(code_of_status(status) == expected, "status " << status);
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_is_an_answer_with_a_status_and_a_text)
{
    const error why = decode_refusal(404, R"({"error":"no such key"})", secret{"t"}, 32);
    BOOST_TEST(why.code == errc::not_found);
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

BOOST_AUTO_TEST_CASE(a_refused_token_is_told_once_and_with_what_to_do)
{
    BOOST_TEST(decode_refusal(401, R"({"error":"Authentication failed"})", secret{"s3cret"}, 32).message() ==
               "authentication failed (HTTP 401): the service knows no such token, or its key has expired or was "
               "deleted; give another token by credentials::replace (VENICE_API_KEY); answered");
    BOOST_TEST(decode_refusal(401, R"({"error":"Admin API key required"})", secret{"s3cret"}, 32).message() ==
               "forbidden (HTTP 401): the service wants an ADMIN key (Admin API key required), and the token is of "
               "another kind; give one of an ADMIN key by credentials::replace (VENICE_API_KEY); answered");
}

BOOST_AUTO_TEST_CASE(a_key_that_is_no_admin_key_is_not_refused_itself)
{
    for (const char* const body : {R"({"error":"Admin API key required"})", "ADMIN API KEY REQUIRED",
                                   R"({"error":{"message":"Admin API key required.","code":"x"}})"}) {
        const error why = decode_refusal(401, body, secret{"t"}, 32);
        BOOST_TEST(why.code == errc::forbidden);
        BOOST_TEST(why.http_status == 401u);
        BOOST_TEST(why.detail == "the service wants an ADMIN key (Admin API key required), and the token is of another "
                                 "kind; give one of an ADMIN key by credentials::replace (VENICE_API_KEY)");
        BOOST_TEST(!why.retryable());
    }
    for (const char* const body : {"", R"({"error":"Authentication failed"})", "Admin API key"})
        BOOST_TEST(decode_refusal(401, body, secret{"t"}, 32).code == errc::authentication_failed);
    BOOST_TEST(decode_refusal(400, "Admin API key required", secret{"t"}, 32).code == errc::invalid_request);
}

BOOST_AUTO_TEST_CASE(a_spent_error_budget_is_no_rate_limit)
{
    for (
        const char* const body :
        {R"({"error":"Too many failed attempts (> 50) resulting in a non-success status code. Please wait 30 seconds and try again."})",
         "Too many failed attempts (> 20) resulting in a non-success status code. Please wait 30s and try again."}) {
        const error why = decode_refusal(429, body, secret{"xyz"}, 32);
        BOOST_TEST(why.code == errc::error_budget_spent);
        BOOST_TEST(why.http_status == 429u);
        BOOST_TEST(why.retryable());
        BOOST_TEST(!why.maybe_applied());
    }
    for (const char* const body : {"", R"({"error":"Too many requests"})", "failed attempts"})
        BOOST_TEST(decode_refusal(429, body, secret{"xyz"}, 32).code == errc::rate_limited);
    BOOST_TEST(decode_refusal(503, "Too many failed attempts", secret{"xyz"}, 32).code == errc::unavailable);
}

BOOST_AUTO_TEST_CASE(an_empty_body_is_no_obstacle)
{
    const error why = decode_refusal(500, "", secret{"t"}, 32);
    BOOST_TEST(why.code == errc::server_error);
    BOOST_TEST(why.server_text.empty());
    BOOST_TEST(why.message() == "server error (HTTP 500); answered");
}

namespace {

constexpr codec::question about_a_key{};
constexpr codec::question about_none{false, false};

error refusal(unsigned status, std::string_view body, codec::question asked = about_a_key)
{
    return decode_refusal(status, body, secret{"the-token"}, 32, asked);
}

// The shapes in which a text comes.
std::vector<std::string> shapes_of(std::string_view text)
{
    const std::string it{text};
    return {R"({"error":")" + it + R"("})",
            R"({"error":{"message":")" + it + R"(","type":"invalid_request_error","param":null,"code":null}})",
            R"({"error":")" + it + R"(","details":{"_errors":[]},"issues":[]})",
            R"({"message":")" + it + R"("})",
            R"({"success":false,"error":")" + it + R"(","request_id":"r1"})",
            R"({"error":"Invalid request","details":")" + it + R"("})",
            "\xEF\xBB\xBF{\"error\":\"" + it + "\"}",
            "\"" + it + "\"",
            it};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_key_that_is_unknown_or_expired_is_not_found_by_400_and_by_404)
{
    for (const std::string_view text :
         {"API key not found or expired", "API key not found", "API key could not be found", "Api Key Not Found.",
          "api key could not be found!", "  API  key not found ", "Key not found",
          "API key not found. See https://docs.venice.ai/errors", "API key not found or expired. Make a new one.",
          "API key could not be found! It may have been deleted.", "The API key does not exist... Try another.",
          "API key not found. See https://docs.venice.ai/api-reference/error-codes for what each error means, and get "
          "in "
          "touch with support, who ask for the id of the request, if you think that there is one."}) {
        for (const std::string& body : shapes_of(text)) {
            for (const unsigned status : {400u, 404u}) {
                const error why = refusal(status, body);
                BOOST_TEST(why.code == errc::not_found, status << ' ' << body);
                BOOST_TEST(why.detail.empty());
                BOOST_TEST(!why.retryable());
                BOOST_TEST(!why.maybe_applied());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_400_that_only_mentions_a_key_is_an_invalid_request)
{
    for (const std::string_view text :
         {"API key not found in request body", "API key not found in header", "API key not found in header. See x",
          "API key not found: see x", "API key not found, sorry", "API key not found.See x",
          "API key not found. Send it in the Authorization header.", "API key not found. Provide an API key.",
          "API key not founded. See x", "Bad request. API key not found.", "The description of the API key is too long",
          "Invalid API key type", "API key", "not found", "Not Found", "", "There may be at most 500 active API keys",
          "API key is required"}) {
        for (const std::string& body : shapes_of(text))
            BOOST_TEST(refusal(400, body).code == errc::invalid_request, body);
    }
    BOOST_TEST(refusal(400, R"({"error":"bad","details":{"id":{"_errors":["API key not found"]}}})").code ==
               errc::invalid_request);
    BOOST_TEST(refusal(422, R"({"error":"API key not found"})").code == errc::invalid_request);
    for (const std::string& body : shapes_of("API key not found"))
        BOOST_TEST(refusal(400, body, about_none).code == errc::invalid_request, body);
}

BOOST_AUTO_TEST_CASE(a_404_that_is_not_about_a_key_is_no_word_about_one)
{
    for (const std::string_view body :
         {"",
          "404 page not found",
          "<html><title>404 Not Found</title></html>",
          "<!DOCTYPE html><p>API key not found",
          R"({"error":"Not Found"})",
          R"({"error":"Not found."})",
          R"({"message":"no Route matched with those values"})",
          R"({"error":"Cannot PATCH /api_keys"})",
          R"({"error":"No such path"})",
          R"({"statusCode":404})",
          "{}",
          R"({"error":{"message":"Unknown endpoint","code":"unknown_url"}})",
          "Not Found",
          "no such thing",
          R"({"error":{"code":"404","message":"The deployment could not be found on Vercel."}})",
          R"({"status":"error","code":404,"message":"Application not found"})",
          R"({"error":"Service not found"})",
          R"({"message":"no such tenant"})",
          R"({"error":"API key not found in header"})",
          R"({"error":"API key not found. Send it in the Authorization header."})"}) {
        const error why = refusal(404, body);
        BOOST_TEST(why.code == errc::unexpected_status, body);
        BOOST_TEST(why.detail == "the service does not know this path: check config::base_url (VENICE_BASE_URL), which "
                                 "should end in /api/v1");
        BOOST_TEST(!why.retryable());
        BOOST_TEST(!why.maybe_applied());
    }
    for (const std::string& body : shapes_of("API key not found"))
        BOOST_TEST(refusal(404, body, about_none).code == errc::unexpected_status, body);
}

BOOST_AUTO_TEST_CASE(a_check_of_a_signature_that_could_not_be_made_may_be_tried_again)
{
    for (const std::string& body : shapes_of("Could not verify wallet signature")) {
        error why = refusal(400, body, {false, true});
        if (body.front() == '"') // a text alone may be a secret
            continue;
        BOOST_TEST(why.code == errc::unavailable, body);
        why.creates = true;
        BOOST_TEST(why.retryable());
        BOOST_TEST(!why.maybe_applied());
    }
    for (const std::string& body : shapes_of("Wallet signature does not match"))
        BOOST_TEST(!refusal(400, body, {false, true}).retryable(), body);
    BOOST_TEST(
        refusal(400, R"({"error":"Could not verify wallet signature. Please try again."})", {false, true}).code ==
        errc::unavailable);
    BOOST_TEST(refusal(400, R"({"error":"Could not verify wallet signature of this form"})", {false, true}).code ==
               errc::invalid_request);
}

BOOST_AUTO_TEST_CASE(a_402_says_whether_it_is_the_token_or_the_money)
{
    const error no_token =
        refusal(402, R"({"x402Version":1,"error":"Payment required","accepts":[{"scheme":"exact"}]})");
    BOOST_TEST(no_token.code == errc::payment_required);
    BOOST_TEST(no_token.detail == "the service saw no Authorization, and asks for payment instead (x402)");
    const error limit = refusal(402, R"({"error":"API key USD spend limit exceeded. Raise it."})");
    BOOST_TEST(limit.code == errc::payment_required);
    BOOST_TEST(limit.detail.empty());
    BOOST_TEST(limit.server_text == "API key USD spend limit exceeded. Raise it.");
    BOOST_TEST(limit.server_code.empty());
    const error empty = refusal(402, R"({"error":"Insufficient balance","code":"INSUFFICIENT_BALANCE"})");
    BOOST_TEST(empty.code == errc::payment_required);
    BOOST_TEST(empty.server_code == "INSUFFICIENT_BALANCE");
    BOOST_TEST(empty.detail.empty());
}

BOOST_AUTO_TEST_CASE(a_403_keeps_its_text)
{
    const error why = refusal(403, R"({"error":"Not available in your country","code":"REGION"})");
    BOOST_TEST(why.code == errc::forbidden);
    BOOST_TEST(why.server_text == "Not available in your country");
    BOOST_TEST(why.server_code == "REGION");
}

BOOST_AUTO_TEST_CASE(the_code_and_the_request_id_of_a_body_are_kept_short_printable_and_clean)
{
    const error beside = refusal(500, R"({"error":"x","code":"C1","request_id":"req-1"})");
    BOOST_TEST(beside.server_code == "C1");
    BOOST_TEST(beside.request_id == "req-1");
    const error inside = refusal(500, R"({"error":{"message":"m","code":"C2","request_id":"req-2"}})");
    BOOST_TEST(inside.server_code == "C2");
    BOOST_TEST(inside.request_id == "req-2");
    BOOST_TEST(inside.server_text == "m");
    const std::string token = "the-token-of-mine";
    const std::string odd = token + "\\n\\u001b" + std::string(1'000, 'x');
    const error why = decode_refusal(500, R"({"error":"x","code":")" + odd + R"(","request_id":")" + odd + R"("})",
                                     secret{token}, 32);
    for (const std::string& text : {why.server_code, why.request_id}) {
        BOOST_TEST(text.size() == 128u);
        BOOST_TEST(text.starts_with("[redacted] xxx"), text);
    }
    BOOST_TEST(refusal(500, R"({"error":"x","code":17,"request_id":null})").server_code.empty());
    BOOST_TEST(refusal(500, R"({"code":"cut)").server_code.empty());
}

BOOST_AUTO_TEST_CASE(half_of_a_surrogate_pair_does_not_hide_the_text)
{
    BOOST_TEST(refusal(400, R"({"error":"bad \ud83d","issues":[{"path":["x"],"message":"\ude00"}]})").server_text ==
               "bad \uFFFD");
}

BOOST_AUTO_TEST_SUITE_END()
