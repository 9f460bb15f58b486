#include "emulator/service.hpp"

#include "emulator/fault_access.hpp"
#include "support/printing.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace unit_emulator_service {

using namespace std::chrono_literals;
using namespace venice_keys;
using namespace venice_keys::emulation;

const timestamp noon = std::chrono::sys_days{2026y / 11 / 23} + 12h;

struct fixture {
    decision take(fault rule)
    {
        shared.add_fault(std::move(rule));
        return shared.take(update(), noon);
    }

    [[nodiscard]] request update() const
    {
        request asked;
        asked.method = "PATCH";
        asked.target = "/api/v1/api_keys";
        asked.authorization = "Bearer good";
        asked.content_type = "application/json";
        asked.body = R"({"id":")" + shared.keys().at(0).id + R"(","description":"new"})";
        asked.connection = 3;
        asked.stream = stream;
        return asked;
    }

    [[nodiscard]] std::size_t applied() const { return shared.journal().size(); }

    std::uint32_t stream = 0;
    service shared{resource_options{"good", 1, true, 1000}, 2, noon};
};

} // namespace unit_emulator_service

BOOST_FIXTURE_TEST_SUITE(unit_emulator_service, fixture)

BOOST_AUTO_TEST_CASE(without_a_fault_a_request_is_simply_answered)
{
    const decision out = shared.take(update(), noon);
    BOOST_TEST(!out.strike.has_value());
    BOOST_TEST(out.answer.status == 200U);
    BOOST_TEST(applied() == 1U);
    BOOST_TEST(shared.journal().at(0).connection == 3U);
    BOOST_TEST(shared.journal().at(0).stream == 0U);
    BOOST_TEST(shared.journal().at(0).protocol == protocol::http1);
    BOOST_TEST(shared.stats().requests == 1U);
    BOOST_TEST(shared.stats().faults == 0U);
}

BOOST_AUTO_TEST_CASE(faults_without_an_answer_leave_the_keys_alone_unless_told_otherwise)
{
    for (const fault& rule : {fault::close(), fault::reset(), fault::stall(), fault::raw("x"), fault::answer(500)})
        BOOST_TEST(take(rule).strike.has_value());
    BOOST_TEST(applied() == 0U);
    BOOST_TEST(shared.stats().faults == 5U);
    BOOST_TEST(take(fault::close().applied(fault::apply::before)).strike.has_value());
    BOOST_TEST(take(fault::answer(500).applied(fault::apply::before)).strike.has_value());
    BOOST_TEST(applied() == 2U);
}

BOOST_AUTO_TEST_CASE(faults_with_an_answer_apply_the_update_unless_told_otherwise)
{
    for (const fault& rule : {fault::delay(1s), fault::cut(3), fault::swap(), fault::malformed()})
        BOOST_TEST(take(rule).strike.has_value());
    BOOST_TEST(applied() == 4U);
    const decision out = take(fault::cut(3).applied(fault::apply::never));
    BOOST_TEST(applied() == 4U);
    BOOST_TEST(out.answer.body.find(R"("description":"new")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_decision_carries_what_the_fault_says)
{
    BOOST_TEST(fault_access(take(fault::delay(250ms)).strike.value())->time == 250ms);
    BOOST_TEST(fault_access(take(fault::cut(40)).strike.value())->bytes == 40U);
    BOOST_TEST(fault_access(take(fault::raw("bytes")).strike.value())->raw == "bytes");
    BOOST_TEST(take(fault::answer(503)).answer.status == 503U);
    BOOST_TEST(fault_access(take(fault::swap()).strike.value())->kind == fault::kind::swap);
    BOOST_TEST(take(fault::answer(503).retry_after("2")).answer.retry_after == "2");
    BOOST_TEST(take(fault::answer(503).body("<html>")).answer.body == "<html>");
    BOOST_TEST(take(fault::answer(402).text("limit")).answer.body == R"({"error":"limit"})");
}

BOOST_AUTO_TEST_CASE(faults_of_http_2_apply_the_update_where_they_answer_it)
{
    stream = 1;
    for (const fault& rule : {fault::refuse(), fault::goaway(fault::last::below), fault::silent(),
                              fault::goaway(fault::last::at).then(fault::ending::close)})
        BOOST_TEST(take(rule).strike.has_value());
    BOOST_TEST(applied() == 0U);
    BOOST_TEST(take(fault::refuse().applied(fault::apply::before)).strike.has_value());
    BOOST_TEST(applied() == 1U);
    BOOST_TEST(shared.journal().at(0).stream == 1U);
    BOOST_TEST(shared.journal().at(0).protocol == protocol::http2);
    for (const fault& rule : {fault::rst(fault::code::cancel).after_part(fault::part::head), fault::silent(1s),
                              fault::goaway(fault::last::at), fault::streams(1), fault::window(1)}) {
        const decision out = take(rule);
        BOOST_TEST(out.answer.body.find(R"("description":"new")") != std::string::npos);
    }
    BOOST_TEST(applied() == 6U);
    const decision out = take(fault::goaway(fault::last::at).applied(fault::apply::never));
    BOOST_TEST(out.answer.body.find(R"("description":"new")") != std::string::npos);
    BOOST_TEST(applied() == 6U);
}

BOOST_AUTO_TEST_CASE(malformed_is_200_whatever_the_answer_would_have_been)
{
    shared.add_fault(fault::malformed());
    request asked = update();
    asked.authorization = "Bearer wrong";
    const decision out = shared.take(asked, noon);
    BOOST_TEST(out.answer.status == 200U);
    BOOST_TEST(out.answer.body.find("error") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_late_update_waits_to_be_applied)
{
    const decision out = take(fault::close().applied(fault::apply::late));
    BOOST_TEST(out.apply_late);
    BOOST_TEST(applied() == 0U);
    shared.apply_late(update(), noon + 200ms);
    BOOST_TEST(applied() == 1U);
}

BOOST_AUTO_TEST_CASE(after_stop_nothing_is_applied_late)
{
    BOOST_TEST(take(fault::close().applied(fault::apply::late)).apply_late);
    shared.stop();
    shared.apply_late(update(), noon + 200ms);
    BOOST_TEST(applied() == 0U);
}

BOOST_AUTO_TEST_CASE(failures_are_the_answers_of_status_400_and_up)
{
    shared.take(update(), noon);
    BOOST_TEST(shared.stats().failures == 0U);
    request stranger = update();
    stranger.authorization = "Bearer wrong";
    shared.take(stranger, noon);
    BOOST_TEST(shared.stats().failures == 1U);
    BOOST_TEST(shared.stats().unauthorized == 1U);
    take(fault::answer(400));
    take(fault::answer(399));
    BOOST_TEST(shared.stats().failures == 2U);
    shared.count_failure();
    BOOST_TEST(shared.stats().failures == 3U);
    BOOST_TEST(shared.stats().unauthorized == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_not_answered_is_no_failure)
{
    for (const fault& rule : {fault::close(), fault::reset(), fault::stall(), fault::raw("HTTP/1.1 500 No\r\n\r\n")})
        take(rule);
    BOOST_TEST(shared.stats().failures == 0U);
}

BOOST_AUTO_TEST_CASE(refusals_while_blocked_are_failures_but_not_more_lock_outs)
{
    for (int i = 0; i < 51; ++i)
        take(fault::answer(404));
    BOOST_TEST(shared.stats().lockouts == 1U);
    for (int i = 0; i < 30; ++i)
        shared.take(update(), noon);
    BOOST_TEST(shared.stats().failures == 81U);
    BOOST_TEST(shared.stats().lockouts == 1U);
}

BOOST_AUTO_TEST_CASE(the_token_can_be_replaced)
{
    shared.set_token("better");
    BOOST_TEST(shared.token() == "better");
    BOOST_TEST(shared.take(update(), noon).answer.status == 401U);
}

BOOST_AUTO_TEST_CASE(an_added_keys_secret_is_a_token)
{
    api_key admin;
    admin.type = key_type::admin;
    request asked = update();
    asked.authorization = "Bearer " + shared.add_key(admin, noon);
    BOOST_TEST(shared.take(asked, noon).answer.status == 200U);
    BOOST_TEST(shared.keys().size() == 3U);
}

BOOST_AUTO_TEST_CASE(connections_are_numbered_from_one)
{
    BOOST_TEST(shared.count_connection() == 1U);
    BOOST_TEST(shared.count_connection() == 2U);
    shared.count_handshake();
    BOOST_TEST(shared.stats().connections == 2U);
    BOOST_TEST(shared.stats().handshakes == 1U);
}

BOOST_AUTO_TEST_CASE(cleared_faults_do_not_strike)
{
    shared.add_fault(fault::close().times(0));
    shared.clear_faults();
    BOOST_TEST(!shared.take(update(), noon).strike.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
