#include "support/printing.hpp"

#include <venice_keys/error.hpp>

#include <array>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

BOOST_AUTO_TEST_SUITE(unit_model_error)

using namespace venice_keys;
using namespace std::chrono_literals;

namespace {

constexpr int first_code = static_cast<int>(errc::no_result);
constexpr int last_code = static_cast<int>(errc::unexpected_status);

error refusal(errc code, unsigned status)
{
    error why{code};
    why.http_status = status;
    why.delivery = delivery::answered;
    return why;
}

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(codes_are_of_one_category_with_a_text_each)
{
    BOOST_TEST(error_category().name() == "venice_keys");
    std::set<std::string> texts;
    for (int code = first_code; code <= last_code; ++code) {
        const boost::system::error_code ec = static_cast<errc>(code);
        BOOST_TEST(ec.category() == error_category(), ec);
        BOOST_TEST(ec.value() == code);
        BOOST_TEST(ec.failed());
        BOOST_TEST(ec.message() != "unknown error");
        std::array<char, 100> buffer{};
        BOOST_TEST(ec.message(buffer.data(), buffer.size()) == ec.message());
        texts.insert(ec.message());
    }
    BOOST_TEST(texts.size() == static_cast<std::size_t>(last_code - first_code + 1));
    BOOST_TEST(error_category().message(last_code + 1) == "unknown error");
    BOOST_TEST(error_category().message(0) == "unknown error");
}

BOOST_AUTO_TEST_CASE(each_code_has_a_name_for_machines)
{
    std::set<std::string_view> names;
    for (int code = first_code; code <= last_code; ++code) {
        const std::string_view name = name_of(static_cast<errc>(code));
        BOOST_TEST(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos, name);
        names.insert(name);
    }
    BOOST_TEST(names.size() == static_cast<std::size_t>(last_code - first_code + 1));
    BOOST_TEST(!names.contains("unknown"));
    BOOST_TEST(name_of(errc::connection_lost) == "connection_lost");
    BOOST_TEST(name_of(errc::outcome_unknown) == "outcome_unknown");
    BOOST_TEST(name_of(static_cast<errc>(last_code + 1)) == "unknown");
}

BOOST_AUTO_TEST_CASE(values_of_codes_are_stable)
{
    BOOST_TEST(static_cast<int>(errc::no_result) == 1);
    BOOST_TEST(static_cast<int>(errc::deadline_exceeded) == 9);
    BOOST_TEST(static_cast<int>(errc::rate_limited) == 22);
    BOOST_TEST(static_cast<int>(errc::unexpected_status) == 26);
}

BOOST_AUTO_TEST_CASE(a_code_compares_with_its_errc)
{
    BOOST_TEST(error{errc::not_found}.code == errc::not_found);
    BOOST_TEST(error{errc::not_found}.code != errc::forbidden);
    BOOST_TEST(error{}.code == errc::no_result);
}

BOOST_AUTO_TEST_CASE(an_error_gives_its_code_for_a_switch_and_by_name)
{
    for (int code = first_code; code <= last_code; ++code) {
        const error failure{static_cast<errc>(code)};
        BOOST_TEST(static_cast<int>(failure.why()) == code);
        BOOST_TEST(name_of(failure) == name_of(static_cast<errc>(code)));
    }
    const error failed{errc::not_found};
    switch (failed.why()) { // a switch needs a constant for each case
    case errc::not_found:
        break;
    default:
        BOOST_ERROR("why() is " << name_of(failed));
    }
    static_assert(noexcept(failed.why())&& noexcept(name_of(failed)));
}

BOOST_AUTO_TEST_CASE(a_code_of_another_category_is_no_errc)
{
    error failure;
    failure.code = make_error_code(boost::system::errc::no_such_file_or_directory); // 2, as errc::invalid_argument
    BOOST_TEST((failure.why() == errc::no_result));
    BOOST_TEST(name_of(failure) == name_of(errc::no_result));
}

BOOST_AUTO_TEST_CASE(a_message_says_what_why_and_how_far)
{
    error why = refusal(errc::not_found, 404);
    why.server_text = "no such key";
    why.attempts = 1;
    why.request_id = "8f2c";
    BOOST_TEST(why.message() == "not found (HTTP 404): no such key; answered after 1 attempt; request id 8f2c");
    why.attempts = 2;
    why.retry_after = 1500ms;
    BOOST_TEST(why.message() == "not found (HTTP 404): no such key; answered after 2 attempts; retry after 1500 ms; "
                                "request id 8f2c");
}

BOOST_AUTO_TEST_CASE(a_message_has_the_cause_beside_the_detail_and_each_only_once)
{
    const boost::system::error_code refused = make_error_code(boost::system::errc::connection_refused);
    BOOST_TEST(error(errc::connect_failed, "127.0.0.1:443", refused).message() ==
               "connection failed: 127.0.0.1:443; " + refused.message() + "; not sent");
    BOOST_TEST(error(errc::connect_failed, "127.0.0.1:443: " + refused.message(), refused).message() ==
               "connection failed: 127.0.0.1:443: " + refused.message() + "; not sent");
    BOOST_TEST(error(errc::connect_failed, "", refused).message() ==
               "connection failed: " + refused.message() + "; not sent");
}

BOOST_AUTO_TEST_CASE(a_message_says_a_code_once)
{
    for (const char* const text : {"Authentication failed", "authentication failed.", "Authentication Failed!"}) {
        error why = refusal(errc::authentication_failed, 401);
        why.server_text = text;
        BOOST_TEST(why.message() == "authentication failed (HTTP 401); answered");
        why.detail = "the service knows no such token";
        why.issues = {{"", text}};
        BOOST_TEST(why.message() == "authentication failed (HTTP 401): the service knows no such token; answered");
        why.server_text += " as of today";
        BOOST_TEST(why.message().ends_with(why.server_text + "; answered"), why.message());
    }
}

BOOST_AUTO_TEST_CASE(a_message_leaves_a_code_out_that_the_detail_tells_of)
{
    error why{errc::deadline_exceeded, "no server listens at h:443", make_error_code(errc::connect_failed)};
    BOOST_TEST(why.message() == "deadline exceeded: no server listens at h:443; not sent");
    why.detail.clear();
    BOOST_TEST(why.message() == "deadline exceeded: connection failed; not sent");
}

BOOST_AUTO_TEST_CASE(a_message_has_the_code_of_the_body_beside_the_status)
{
    error why = refusal(errc::payment_required, 402);
    why.server_text = "Insufficient balance";
    why.server_code = "INSUFFICIENT_BALANCE";
    BOOST_TEST(why.message() == "payment required (HTTP 402, INSUFFICIENT_BALANCE): Insufficient balance; answered");
}

BOOST_AUTO_TEST_CASE(a_message_lists_the_issues)
{
    error why = refusal(errc::invalid_request, 400);
    why.server_text = "Invalid";
    why.issues = {{"consumptionLimit.usd", "too big"}, {"", "and more"}};
    BOOST_TEST(why.message() ==
               "invalid request (HTTP 400): Invalid; consumptionLimit.usd: too big; and more; answered");
}

BOOST_AUTO_TEST_CASE(a_message_without_details_is_the_code_and_the_delivery)
{
    BOOST_TEST(error{errc::cancelled}.message() == "cancelled; not sent");
    error lost{errc::connection_lost};
    lost.delivery = delivery::sent_unanswered;
    lost.attempts = 3;
    BOOST_TEST(lost.message() == "connection lost; sent, not answered after 3 attempts");
}

BOOST_AUTO_TEST_CASE(where_no_call_was_made_a_message_says_nothing_of_its_delivery)
{
    BOOST_TEST(error(errc::invalid_argument, "timeout: 0 ms is not in 1 ms … 24 h").message() ==
               "invalid argument: timeout: 0 ms is not in 1 ms … 24 h");
    BOOST_TEST(error{}.message() == "no result");
    error late{errc::invalid_argument, "credentials: the token is empty"}; // it was replaced while the call was sent
    late.delivery = delivery::sent_unanswered;
    late.attempts = 1;
    BOOST_TEST(late.message() ==
               "invalid argument: credentials: the token is empty; sent, not answered after 1 attempt");
}

BOOST_AUTO_TEST_CASE(where_a_call_has_no_request_a_message_says_nothing_of_its_delivery)
{
    error why{errc::cancelled, "warm_up() was waiting for connections"};
    why.sends = false;
    BOOST_TEST(why.message() == "cancelled: warm_up() was waiting for connections");
    why.delivery = delivery::sent_unanswered; // the worst of what close() cut off
    BOOST_TEST(why.message() == "cancelled: warm_up() was waiting for connections");
}

BOOST_AUTO_TEST_CASE(a_message_tells_an_answer_that_could_not_be_used_from_none)
{
    for (const errc code : {errc::protocol_error, errc::reply_mismatch, errc::reply_too_large, errc::malformed_reply}) {
        error why{code, "the answer is not JSON, at byte 0"};
        why.delivery = delivery::sent_unanswered;
        why.attempts = 3;
        BOOST_TEST(
            why.message().ends_with(": the answer is not JSON, at byte 0; sent, no usable answer after 3 attempts"),
            why.message());
        error creation{errc::outcome_unknown, {}, code};
        creation.delivery = delivery::sent_unanswered;
        BOOST_TEST(contains(creation.message(), "; sent, no usable answer; "));
        why.delivery = delivery::answered;
        BOOST_TEST(why.message().ends_with("; answered after 3 attempts"), why.message());
    }
}

BOOST_AUTO_TEST_CASE(a_message_of_an_answer_admits_that_an_earlier_attempt_got_none)
{
    error why = refusal(errc::server_error, 500);
    why.delivery = delivery::sent_unanswered;
    why.attempts = 2;
    BOOST_TEST(why.message() ==
               "server error (HTTP 500); answered after 2 attempts, at least one of which was not answered");
}

BOOST_AUTO_TEST_CASE(a_message_is_one_line)
{
    error why{errc::tls_failed, "first\nsecond\r\nthird"};
    why.request_id = "a\x1B[2Jb";
    BOOST_TEST(why.message() == "TLS failed: first second third; not sent; request id a [2Jb");
}

BOOST_AUTO_TEST_CASE(an_error_prints_as_its_message)
{
    const error why{errc::queue_full, "100000 calls wait"};
    std::ostringstream out;
    out << why << " / " << delivery::answered << " / " << delivery::sent_unanswered << " / " << delivery::not_sent;
    BOOST_TEST(out.str() == why.message() + " / answered / sent, not answered / not sent");
}

BOOST_AUTO_TEST_CASE(what_may_pass_is_retryable_and_what_needs_a_change_is_not)
{
    const std::set<errc> passing = {errc::queue_full,        errc::resolve_failed,     errc::connect_failed,
                                    errc::deadline_exceeded, errc::connection_lost,    errc::protocol_error,
                                    errc::reply_mismatch,    errc::error_budget_spent, errc::rate_limited,
                                    errc::server_error,      errc::unavailable};
    for (int code = first_code; code <= last_code; ++code) {
        const error why{static_cast<errc>(code)};
        BOOST_TEST(why.retryable() == passing.contains(static_cast<errc>(code)), why.code.message());
    }
}

BOOST_AUTO_TEST_CASE(a_creation_that_may_have_been_applied_is_never_retryable)
{
    for (int code = first_code; code <= last_code; ++code) {
        for (const unsigned status : {0u, 201u, 400u, 408u, 429u, 500u, 503u}) {
            for (const delivery how_far : {delivery::not_sent, delivery::answered, delivery::sent_unanswered}) {
                error why{static_cast<errc>(code)};
                why.http_status = status;
                why.delivery = how_far;
                const bool before = why.retryable();
                why.creates = true;
                BOOST_TEST(why.retryable() == (before && !why.maybe_applied()), why.message());
            }
        }
    }
    error why = refusal(errc::unavailable, 503);
    BOOST_TEST(why.retryable());
    why.creates = true;
    BOOST_TEST(!why.retryable());
    error refused = refusal(errc::rate_limited, 429);
    refused.creates = true;
    BOOST_TEST(refused.retryable());
}

BOOST_AUTO_TEST_CASE(a_code_of_another_category_is_not_retryable)
{
    error why;
    why.code = {static_cast<int>(errc::unavailable), boost::system::generic_category()};
    BOOST_TEST(!why.retryable());
}

BOOST_AUTO_TEST_CASE(what_was_not_sent_is_not_applied_and_what_was_not_answered_may_be)
{
    for (int code = first_code; code <= last_code; ++code) {
        error why{static_cast<errc>(code)};
        BOOST_TEST(!why.maybe_applied(), why.code.message());
        why.delivery = delivery::sent_unanswered;
        BOOST_TEST(why.maybe_applied(), why.code.message());
    }
}

BOOST_AUTO_TEST_CASE(an_answer_rules_it_out_or_does_not)
{
    for (const unsigned status : {400u, 401u, 402u, 403u, 404u, 409u, 413u, 415u, 418u, 422u, 429u, 301u, 304u})
        BOOST_TEST(!refusal(errc::unexpected_status, status).maybe_applied(), status);
    for (const unsigned status : {408u, 500u, 501u, 502u, 503u, 504u, 520u})
        BOOST_TEST(refusal(errc::server_error, status).maybe_applied(), status);
    for (const unsigned status : {201u, 202u, 204u})
        BOOST_TEST(refusal(errc::unexpected_status, status).maybe_applied(), status);
    BOOST_TEST(refusal(errc::malformed_reply, 200).maybe_applied());
    BOOST_TEST(refusal(errc::reply_mismatch, 200).maybe_applied());
    BOOST_TEST(refusal(errc::reply_too_large, 200).maybe_applied());
    BOOST_TEST(refusal(errc::reply_too_large, 0).maybe_applied());
    BOOST_TEST(!refusal(errc::rejected, 200).maybe_applied());
    BOOST_TEST(!refusal(errc::rate_limited, 0).maybe_applied());
}

BOOST_AUTO_TEST_CASE(request_failed_carries_the_error_and_its_message)
{
    error why = refusal(errc::forbidden, 403);
    why.server_text = "no";
    const request_failed thrown{why};
    BOOST_TEST(thrown.what() == why.message());
    BOOST_TEST(thrown.error().code == errc::forbidden);
    const request_failed copy = thrown;
    BOOST_TEST(copy.what() == why.message());
    static_assert(std::is_nothrow_copy_constructible_v<request_failed>);
}

BOOST_AUTO_TEST_CASE(moving_an_error_does_not_throw)
{
    static_assert(std::is_nothrow_move_constructible_v<error> && std::is_nothrow_move_assignable_v<error>);
    error first{errc::closed, "a detail that is longer than any short string"};
    const error second = std::move(first);
    BOOST_TEST(contains(second.message(), "a detail that is longer"));
}

BOOST_AUTO_TEST_CASE(a_code_prints_its_name)
{
    std::ostringstream out;
    out << errc::connection_lost << ' ' << errc::outcome_unknown;
    BOOST_TEST(out.str() == "connection_lost outcome_unknown");
}

BOOST_AUTO_TEST_CASE(a_creation_whose_outcome_is_unknown_says_what_to_look_for)
{
    error why(errc::outcome_unknown);
    why.delivery = delivery::sent_unanswered;
    BOOST_TEST(why.message() == "outcome unknown; sent, not answered; there may be a key whose secret nobody has: look "
                                "for its description with list_keys");
    why.code = errc::connection_lost;
    BOOST_TEST(why.message() == "connection lost; sent, not answered");
}

BOOST_AUTO_TEST_SUITE_END()
