// Promise 10, secrets stay secret: a server that echoes the token does not get it into an error of ours.
#include "codec/decode.hpp"
#include "codec/decode_refusal.hpp"
#include "codec/decode_update.hpp"

#include "support/printing.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_codec_promise_10_redaction)

using namespace venice_keys;
using namespace venice_keys::detail;

namespace {

constexpr std::string_view token = "VENICE-ADMIN-KEY_2Fq7.xW9~Lm+T4c/R8y==";

// The token with each character as U+00XX of JSON.
std::string escaped()
{
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string text;
    for (const char c : token) {
        text += "\\u00";
        text += hex[static_cast<unsigned char>(c) >> 4];
        text += hex[c & 0x0F];
    }
    return text;
}

std::string replaced(std::string_view text, std::string_view part, std::string_view by)
{
    std::string whole{text};
    for (std::size_t at = whole.find(part); at != std::string::npos; at = whole.find(part, at + by.size()))
        whole.replace(at, part.size(), by);
    return whole;
}

// Every text of the error, and the message made of them.
std::string everything(const error& why)
{
    std::string all =
        why.message() + '\n' + why.detail + '\n' + why.server_code + '\n' + why.server_text + '\n' + why.request_id;
    for (const field_issue& issue : why.issues)
        all += '\n' + issue.path + '\n' + issue.text;
    return all;
}

void check_clean(const error& why, std::string_view body)
{
    const std::string all = everything(why);
    BOOST_TEST(all.find(token) == std::string::npos, body);
    BOOST_TEST(all.find("2Fq7") == std::string::npos, body); // nor a part of it
    BOOST_TEST(all.find("[redacted]") != std::string::npos, body);
}

constexpr std::array<std::string_view, 16> bodies{
    R"({"error":"no user TOKEN"})",
    R"({"error":"TOKEN"})",
    R"({"error":"TOKENTOKEN"})",
    R"({"message":"TOKEN"})",
    R"({"error":{"message":"no user TOKEN","param":"x"}})",
    R"({"error":{"message":"m","param":"TOKEN"}})",
    R"({"error":{"code":"TOKEN"}})",
    R"({"error":"bad","details":{"TOKEN":{"_errors":["x"]}}})",
    R"({"error":"bad","details":{"a":{"_errors":["no TOKEN"]}}})",
    R"({"error":"bad","issues":[{"path":["a","TOKEN"],"message":"no TOKEN"}]})",
    R"({"error":"bad","issues":[{"path":"TOKEN","message":"m"}]})",
    R"({"unknown":"TOKEN"})",
    R"("TOKEN")",
    "no user TOKEN",
    "<html><title>no user TOKEN</title></html>",
    "<p>no <b>TOKEN</b></p>",
};

} // namespace

BOOST_AUTO_TEST_CASE(no_shape_of_body_carries_the_token)
{
    for (const std::string_view shape : bodies) {
        const std::string body = replaced(shape, "TOKEN", token);
        check_clean(codec::decode_refusal(401, body, secret{token}, 32), body);
    }
}

BOOST_AUTO_TEST_CASE(no_escape_hides_the_token)
{
    for (const std::string_view shape : bodies) {
        for (const std::string& spelling : {escaped(), replaced(token, "/", "\\/"), replaced(token, "+", "%2B"),
                                            replaced(token, "=", "&#61;"), replaced(token, "~", "\\u007e")}) {
            const std::string body = replaced(shape, "TOKEN", spelling);
            check_clean(codec::decode_refusal(500, body, secret{token}, 32), body);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_body_that_breaks_off_carries_no_token)
{
    for (const std::string_view shape : bodies) {
        for (const std::string& spelling : {std::string{token}, escaped()}) {
            const std::string body = "{\"x\":" + replaced(shape, "TOKEN", spelling);
            check_clean(codec::decode_refusal(502, body, secret{token}, 32), body);
        }
    }
}

BOOST_AUTO_TEST_CASE(cutting_comes_after_redaction)
{
    // The token lies across each place where a text is cut.
    for (std::size_t front = 0; front != 600; ++front) {
        const std::string text = std::string(front, 'x') + std::string{token};
        const error plain = codec::decode_refusal(400, text, secret{token}, 32);
        BOOST_REQUIRE_LE(plain.server_text.size(), 512u);
        BOOST_TEST_REQUIRE(plain.server_text.find("VEN") == std::string::npos);
        const std::string issue = R"({"issues":[{"path":")" + text + R"(","message":")" + text + R"("}]})";
        const error listed = codec::decode_refusal(400, issue, secret{token}, 32);
        BOOST_TEST_REQUIRE(everything(listed).find("VEN") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_path_that_spells_the_token_in_parts_is_redacted)
{
    const error why = codec::decode_refusal(
        400, R"({"issues":[{"path":["VENICE-ADMIN-KEY_2Fq7","xW9~Lm+T4c/R8y=="],"message":"m"}]})", secret{token}, 32);
    check_clean(why, "path in parts");
}

BOOST_AUTO_TEST_CASE(what_stands_between_the_halves_of_a_token_is_not_taken_away)
{
    const std::string_view left = token.substr(0, 20);
    const std::string_view right = token.substr(20);
    for (const std::string_view between : {"\\u0000", "\\n", "\\u200e", "\\u202e", "<b>", "\\u0085"}) {
        const std::string body =
            std::string{R"({"error":")"}.append(left).append(between).append(right).append(R"("})");
        BOOST_TEST(everything(codec::decode_refusal(400, body, secret{token}, 32)).find(token) == std::string::npos);
    }
    for (const std::string_view between : {"<b>", "<!-- -->", "<script></script>", "\x01", "\xFF", "\n"}) {
        const std::string body = std::string{"<p>"}.append(left).append(between).append(right);
        BOOST_TEST(everything(codec::decode_refusal(400, body, secret{token}, 32)).find(token) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_rejection_carries_no_token)
{
    for (const std::string& spelling : {std::string{token}, escaped()}) {
        for (const std::string_view shape :
             {R"({"success":false,"error":"no TOKEN"})",
              R"({"success":false,"error":"x","issues":[{"path":["TOKEN"],"message":"TOKEN"}]})"}) {
            const std::string body = replaced(shape, "TOKEN", spelling);
            const result<api_key> answer = codec::decode_update(body, secret{token}, 32);
            BOOST_REQUIRE(!answer);
            check_clean(answer.error(), body);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_malformed_answer_carries_no_token)
{
    for (const std::string_view shape :
         {R"({"data":{"TOKEN":1})", R"({"data":{"id":["TOKEN"]}})", R"({"success":false,"unknown":"TOKEN"})",
          R"(TOKEN)", R"({"data":{"id":"TOKEN"},"data":1})", R"({"data":"TOKEN"})"}) {
        const std::string body = replaced(shape, "TOKEN", token);
        const result<api_key> answer = codec::decode_update(body, secret{token}, 32);
        BOOST_REQUIRE(!answer);
        BOOST_TEST(everything(answer.error()).find("2Fq7") == std::string::npos, body);
    }
}

BOOST_AUTO_TEST_CASE(several_secrets_are_kept_out_at_once)
{
    const std::array<secret, 3> known{secret{"OLD-TOKEN-77"}, secret{token}, secret{"0xSIGNATURE"}};
    const secret_list secrets{std::span<const secret>{known}};
    const std::string body = R"({"success":false,"error":"OLD-TOKEN-77 TOKEN 0xSIGNATURE","issues":[{"path":)"
                             R"(["OLD-TOKEN-77"],"message":"0xSIGN\u0041TURE TOKEN"}]})";
    const auto check = [](const error& why) {
        const std::string all = everything(why);
        for (const std::string_view part : {"OLD", "2Fq7", "SIGN"})
            BOOST_TEST(all.find(part) == std::string::npos, all);
        BOOST_TEST(why.server_text == "[redacted] [redacted] [redacted]");
    };
    const std::string echo = replaced(body, "TOKEN ", std::string{token} + " ");
    check(codec::decode_refusal(400, echo, secrets, 32));
    check(codec::decode_update(echo, secrets, 32).error());
    check(codec::decode_list(echo, secrets, 32).error());
    check(codec::decode_details(echo, secrets, 32).error());
    check(codec::decode_creation(echo, secrets, 32).error());
    check(codec::decode_challenge(echo, secrets, 32).error());
}

BOOST_AUTO_TEST_CASE(a_creation_that_fails_keeps_the_new_key_out_of_its_error)
{
    // Whatever is wrong with the answer, the key that it brings may be in use by now.
    for (const std::string_view shape :
         {R"({"data":{"apiKey":"TOKEN"},"success":true} x)", R"({"data":{"apiKey":{"a":"TOKEN"},"id":[]}})",
          R"({"data":{"apiKey":["TOKEN"],"id":"k"}})", R"({"data":{"apiKey":"TOKEN","apiKey":"TOKEN","id":"k"}})",
          R"({"data":"TOKEN"})", R"({"data":{"id":"k","apiKey":"TOKEN)", R"({"data":{"id":"k","apiKey":"TOKEN"}} x)",
          R"({"data":{"id":"k","apiKey":"TOKEN"},"success":false})",
          R"({"data":{"id":"k","apiKey":"TOKEN"},"success":false,"error":"made TOKEN"})",
          R"({"error":{"message":"made TOKEN"},"success":false,"data":{"apiKey":"TOKEN"}})"}) {
        for (const std::string& spelling : {std::string{token}, escaped()}) {
            const std::string body = replaced(shape, "TOKEN", spelling);
            const result<created_key> answer = codec::decode_creation(body, secret{"another"}, 32);
            BOOST_REQUIRE(!answer);
            const std::string all = everything(answer.error());
            BOOST_TEST(all.find("2Fq7") == std::string::npos, body);
            BOOST_TEST(all.find(R"(\u0056)") == std::string::npos, body);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_challenge_that_fails_keeps_its_token_out_of_its_error)
{
    for (const std::string_view shape :
         {R"({"data":{"token":"TOKEN"},"success":false})", R"({"data":{"token":"TOKEN","token":1}})",
          R"({"data":{"token":["TOKEN"]}})"}) {
        const std::string body = replaced(shape, "TOKEN", token);
        const result<wallet_challenge> answer = codec::decode_challenge(body, secret{"another"}, 32);
        BOOST_REQUIRE(!answer);
        BOOST_TEST(everything(answer.error()).find("2Fq7") == std::string::npos, body);
    }
}

BOOST_AUTO_TEST_CASE(a_challenge_in_a_message_is_kept_out_of_the_reason_too)
{
    for (const std::string_view shape :
         {R"({"data":{"message":"TOKEN"},"success":false,"error":"no TOKEN"})",
          R"({"success":false,"error":"no TOKEN","data":{"token":"t-1","message":"TOKEN"}})"}) {
        const result<wallet_challenge> answer =
            codec::decode_challenge(replaced(shape, "TOKEN", "2Fq7 sign in"), secret{"another"}, 32);
        BOOST_REQUIRE(!answer);
        BOOST_TEST(everything(answer.error()).find("2Fq7") == std::string::npos, shape);
    }
}

BOOST_AUTO_TEST_CASE(nothing_is_told_of_a_refused_creation_with_a_secret_in_it)
{
    // In no form that the service's keys have: only the member's name tells that there is one.
    const error why = codec::decode_refusal(500, R"({"error":"made 2Fq7xW9L","data":{"apiKey":"2Fq7xW9L"}})",
                                            secret{"another"}, 32, {false, true});
    BOOST_TEST(why.server_text == "");
    BOOST_TEST(everything(why).find("2Fq7") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(whatever_the_status_no_text_of_a_creation_holds_the_new_key)
{
    // As the service makes keys, and otherwise.
    for (const std::string_view made : {"VENICE_INFERENCE_KEY_2Fq7xW9L", "VENICE_ADMIN_KEY_2Fq7xW9L", "2Fq7xW9L"}) {
        for (const std::string_view shape :
             {R"({"data":{"apiKey":"TOKEN","id":"k"},"success":true})", R"({"apiKey":"TOKEN","id":"k"})",
              R"({"error":"made","data":{"apiKey":"TOKEN"}})", R"({"data":{"apiKey":"TOKEN","id":"k)",
              R"({"data":{"token":"TOKEN"},"success":true})", R"([{"apiKey":"TOKEN"}])", R"("TOKEN")"}) {
            const std::string body = replaced(shape, "TOKEN", made);
            for (const unsigned status : {302u, 400u, 404u, 408u, 500u, 503u, 520u}) {
                const error why = codec::decode_refusal(status, body, secret{"another"}, 32, {false, true});
                BOOST_TEST(everything(why).find("2Fq7") == std::string::npos, status << ' ' << body);
                BOOST_TEST(why.issues.empty());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(what_looks_like_a_key_of_the_service_is_in_no_text)
{
    for (const std::string_view shape : bodies) {
        for (const std::string_view made : {"VENICE_INFERENCE_KEY_2Fq7xW9L", "VENICE_ADMIN_KEY_2Fq7",
                                            "VENICE\\u005FADMIN_KEY_\\u0032Fq7", "VENICE%5FADMIN%5FKEY%5F2Fq7"}) {
            const std::string body = replaced(shape, "TOKEN", made);
            check_clean(codec::decode_refusal(400, body, secret{"another"}, 32), body);
        }
    }
    const error prefix = codec::decode_refusal(400, "no VENICE_ADMIN_KEY_ in front", secret{"another"}, 32);
    BOOST_TEST(prefix.server_text == "no VENICE_ADMIN_KEY_ in front");
}

BOOST_AUTO_TEST_CASE(the_refusal_of_a_creation_still_says_why)
{
    const auto text_of = [](std::string_view body) {
        return codec::decode_refusal(400, body, secret{"another"}, 32, {false, true}).server_text;
    };
    BOOST_TEST(text_of(R"({"error":"There may be at most 500 active API keys"})") ==
               "There may be at most 500 active API keys");
    BOOST_TEST(text_of("<html><title>413 Too Large</title></html>") == "413 Too Large");
    BOOST_TEST(text_of("try later") == "try later");
    BOOST_TEST(text_of(R"({"error":"bad","details":{"token":"expired"}})") == "bad");
}

BOOST_AUTO_TEST_SUITE_END()
