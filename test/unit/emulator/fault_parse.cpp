#include "emulator/fault_access.hpp"
#include "support/printing.hpp"

#include <string>
#include <string_view>
#include <tuple>
#include <utility>

BOOST_AUTO_TEST_SUITE(unit_emulator_fault_parse)

namespace {

using namespace std::chrono_literals;
using venice_keys::fault;
using venice_keys::fault_access;

std::string complaint(std::string_view text)
{
    const auto parsed = fault::parse(text);
    return parsed ? "none" : parsed.error().detail;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_kind_alone_keeps_the_defaults)
{
    const auto rule = fault::parse("close");
    BOOST_TEST_REQUIRE(rule);
    const fault_access says{*rule};
    BOOST_TEST(says->kind == fault::kind::close);
    BOOST_TEST(says->after == 0U);
    BOOST_TEST(says->times == 1U);
    BOOST_TEST(says->every == 0U);
    BOOST_TEST(says->probability == 1.0);
    BOOST_TEST(says.applied() == fault::apply::never);
    BOOST_TEST(says->only_for.empty());
    BOOST_TEST(says->only_method.empty());
    BOOST_TEST(says->retry_after.empty());
}

BOOST_AUTO_TEST_CASE(every_kind_has_its_name)
{
    BOOST_TEST(fault_access(*fault::parse("reset"))->kind == fault::kind::reset);
    BOOST_TEST(fault_access(*fault::parse("stall"))->kind == fault::kind::stall);
    BOOST_TEST(fault_access(*fault::parse("swap"))->kind == fault::kind::swap);
    BOOST_TEST(fault_access(*fault::parse("malformed"))->kind == fault::kind::malformed);
    const auto delay = fault::parse("delay=250ms");
    BOOST_TEST_REQUIRE(delay);
    BOOST_TEST(fault_access(*delay)->kind == fault::kind::delay);
    BOOST_TEST(fault_access(*delay)->time == 250ms);
    BOOST_TEST(fault_access{*delay}.applied() == fault::apply::before);
    BOOST_TEST(fault_access(*fault::parse("delay=2s"))->time == 2s);
    const auto answer = fault::parse("answer=503");
    BOOST_TEST_REQUIRE(answer);
    BOOST_TEST(fault_access(*answer)->kind == fault::kind::answer);
    BOOST_TEST(fault_access(*answer)->status == 503U);
    const auto cut = fault::parse("cut=40");
    BOOST_TEST_REQUIRE(cut);
    BOOST_TEST(fault_access(*cut)->kind == fault::kind::cut);
    BOOST_TEST(fault_access(*cut)->bytes == 40U);
}

BOOST_AUTO_TEST_CASE(what_servers_do_again_and_again_has_no_end)
{
    const auto service = fault::parse("service=100ms");
    BOOST_TEST_REQUIRE(service);
    BOOST_TEST(fault_access(*service)->kind == fault::kind::delay);
    BOOST_TEST(fault_access(*service)->time == 100ms);
    BOOST_TEST(fault_access(*service)->times == 0U);
    using behind = fault::behind;
    for (const auto& [text, what] : {std::pair{"close", behind::close}, std::pair{"drop", behind::drop},
                                     std::pair{"ignore", behind::ignore}, std::pair{"refuse", behind::refuse}}) {
        const auto rule = fault::parse(std::string{"overread="} + text);
        BOOST_TEST_REQUIRE(rule);
        BOOST_TEST(fault_access(*rule)->kind == fault::kind::overread);
        BOOST_TEST(fault_access(*rule)->behind == what);
        BOOST_TEST(fault_access(*rule)->times == 0U);
        BOOST_TEST(fault_access{*rule}.applied() == fault::apply::before);
    }
    BOOST_TEST(fault_access(*fault::parse("overread=drop,times=2"))->times == 2U);
}

BOOST_AUTO_TEST_CASE(a_stream_can_be_reset_with_any_code_behind_any_part_of_its_answer)
{
    using code = fault::code;
    using part = fault::part;
    for (const auto& [text, why] :
         {std::pair{"rst=cancel", code::cancel}, std::pair{"rst=internal_error", code::internal_error},
          std::pair{"rst=0xFf", static_cast<code>(255)}, std::pair{"rst=4294967295", static_cast<code>(0xFFFF'FFFF)},
          std::pair{"refuse", code::refused_stream}, std::pair{"calm", code::enhance_your_calm},
          std::pair{"http11", code::http_1_1_required}}) {
        const auto rule = fault::parse(text);
        BOOST_TEST_REQUIRE(rule);
        BOOST_TEST(fault_access(*rule)->kind == fault::kind::rst, text);
        BOOST_TEST(fault_access(*rule)->code == why, text);
        BOOST_TEST(fault_access(*rule)->part == part::none, text);
        BOOST_TEST(fault_access{*rule}.applied() == fault::apply::never, text);
        BOOST_TEST(!fault_access{*rule}.answers(), text);
    }
    for (const auto& [text, sent] :
         {std::pair{"head", part::head}, std::pair{"half", part::half}, std::pair{"whole", part::whole}}) {
        const auto rule = fault::parse(std::string{"rst=0,part="} + text);
        BOOST_TEST_REQUIRE(rule);
        BOOST_TEST(fault_access(*rule)->part == sent);
        BOOST_TEST(fault_access{*rule}.applied() == fault::apply::before);
        BOOST_TEST(fault_access{*rule}.answers());
    }
}

BOOST_AUTO_TEST_CASE(a_goaway_says_what_has_been_processed_and_why_it_ends)
{
    using last = fault::last;
    for (const auto& [text, processed, answers] :
         {std::tuple{"none", last::none, false}, std::tuple{"below", last::below, false},
          std::tuple{"at", last::at, true}, std::tuple{"all", last::all, true}}) {
        const auto rule = fault::parse(std::string{"goaway="} + text);
        BOOST_TEST_REQUIRE(rule);
        BOOST_TEST(fault_access(*rule)->kind == fault::kind::goaway);
        BOOST_TEST(fault_access(*rule)->last == processed);
        BOOST_TEST(fault_access{*rule}.answers() == answers);
        BOOST_TEST(fault_access{*rule}.applied() == (answers ? fault::apply::before : fault::apply::never));
        BOOST_TEST(fault_access(*rule)->ending == fault::ending::finish);
        BOOST_TEST(fault_access(*rule)->code == fault::code::no_error);
    }
    const auto rule = fault::parse("goaway=at,code=enhance_your_calm,text=slow down,then=close");
    BOOST_TEST_REQUIRE(rule);
    BOOST_TEST(fault_access(*rule)->code == fault::code::enhance_your_calm);
    BOOST_TEST(fault_access(*rule)->text == "slow down");
    BOOST_TEST(fault_access(*rule)->ending == fault::ending::close);
    BOOST_TEST(fault_access{*rule}.applied() == fault::apply::never);
}

BOOST_AUTO_TEST_CASE(settings_can_change_for_a_while)
{
    const auto streams = fault::parse("streams=0,lasting=500ms");
    BOOST_TEST_REQUIRE(streams);
    BOOST_TEST(fault_access(*streams)->kind == fault::kind::streams);
    BOOST_TEST(fault_access(*streams)->number == 0U);
    BOOST_TEST(fault_access(*streams)->time == 500ms);
    BOOST_TEST(fault_access{*streams}.applied() == fault::apply::before);
    const auto window = fault::parse("window=2147483647");
    BOOST_TEST_REQUIRE(window);
    BOOST_TEST(fault_access(*window)->kind == fault::kind::window);
    BOOST_TEST(fault_access(*window)->number == 0x7FFF'FFFFU);
    BOOST_TEST(fault_access(*window)->time == 0ms);
}

BOOST_AUTO_TEST_CASE(a_connection_can_be_silent_for_ever_or_for_a_while)
{
    BOOST_TEST(fault_access{*fault::parse("silent")}.applied() == fault::apply::never);
    const auto rule = fault::parse("silent=2s");
    BOOST_TEST_REQUIRE(rule);
    BOOST_TEST(fault_access(*rule)->kind == fault::kind::silent);
    BOOST_TEST(fault_access(*rule)->time == 2s);
    BOOST_TEST(fault_access{*rule}.applied() == fault::apply::before);
}

BOOST_AUTO_TEST_CASE(raw_bytes_may_be_any)
{
    const auto rule = fault::parse(R"(raw=\x00\x0a\xfF\xyz\x)");
    BOOST_TEST_REQUIRE(rule);
    BOOST_TEST(fault_access(*rule)->raw == std::string("\0\x0A\xFFxyzx", 7));
}

BOOST_AUTO_TEST_CASE(every_modifier_is_understood)
{
    const auto rule = fault::parse("reset,after=10,times=3,every=7,random=0.25,applied=late,only=some-id,method=POST");
    BOOST_TEST_REQUIRE(rule);
    const fault_access says{*rule};
    BOOST_TEST(says->after == 10U);
    BOOST_TEST(says->times == 3U);
    BOOST_TEST(says->every == 7U);
    BOOST_TEST(says->probability == 0.25);
    BOOST_TEST(says.applied() == fault::apply::late);
    BOOST_TEST(says->only_for == "some-id");
    BOOST_TEST(says->only_method == "POST");
    BOOST_TEST(fault_access{*fault::parse("close,applied=before")}.applied() == fault::apply::before);
    BOOST_TEST(fault_access{*fault::parse("cut=1,applied=never")}.applied() == fault::apply::never);
}

BOOST_AUTO_TEST_CASE(raw_bytes_may_hold_line_breaks_commas_and_backslashes)
{
    const auto rule = fault::parse(R"(raw=HTTP/1.1 200 OK\r\nA: 1\, 2=3\\\r\n\r\n,times=2)");
    BOOST_TEST_REQUIRE(rule);
    BOOST_TEST(fault_access(*rule)->raw == "HTTP/1.1 200 OK\r\nA: 1, 2=3\\\r\n\r\n");
    BOOST_TEST(fault_access(*rule)->times == 2U);
}

BOOST_AUTO_TEST_CASE(an_answer_may_say_when_to_come_again)
{
    const auto seconds = fault::parse("answer=503,retry-after=2,times=0");
    BOOST_TEST_REQUIRE(seconds);
    BOOST_TEST(fault_access(*seconds)->retry_after == "2");
    const auto date = fault::parse(R"(answer=429,retry-after=Sun\, 06 Nov 1994 08:49:37 GMT)");
    BOOST_TEST_REQUIRE(date);
    BOOST_TEST(fault_access(*date)->retry_after == "Sun, 06 Nov 1994 08:49:37 GMT");
}

BOOST_AUTO_TEST_CASE(an_answer_may_say_what_went_wrong)
{
    const auto rule = fault::parse("answer=400,text=Could not verify wallet signature");
    BOOST_TEST_REQUIRE(rule);
    BOOST_TEST(fault_access(*rule)->text == "Could not verify wallet signature");
    BOOST_TEST(fault_access { *fault::parse(R"(answer=403,body={"error":"no"\,"code":"C"})") }
               -> body == R"({"error":"no","code":"C"})");
    BOOST_TEST(complaint("close,body=x").find("'body' is for 'answer'") != std::string::npos);
    BOOST_TEST(complaint("close,text=x").find("'text' is for 'answer' and 'goaway' alone") != std::string::npos);
    BOOST_TEST(complaint("answer=400,text").find("'text' needs a value") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named)
{
    BOOST_TEST(fault::parse("").error().code == venice_keys::errc::invalid_argument);
    BOOST_TEST(complaint("explode").find("unknown kind 'explode'") != std::string::npos);
    BOOST_TEST(complaint("close,aftr=1").find("unknown modifier 'aftr'") != std::string::npos);
    BOOST_TEST(complaint("close,").find("unknown modifier ''") != std::string::npos);
    BOOST_TEST(complaint("close=1").find("'close' takes no value") != std::string::npos);
    BOOST_TEST(complaint("delay").find("'delay' needs a value") != std::string::npos);
    BOOST_TEST(complaint("delay=5").find("wants a time such as 250ms or 2s, of at most 24 hours, not '5'") !=
               std::string::npos);
    BOOST_TEST(complaint("delay=100000000s").find("wants a time") != std::string::npos);
    BOOST_TEST(complaint("service=-1s").find("'service' wants a time") != std::string::npos);
    BOOST_TEST(complaint("overread=eat").find("'overread' wants close, drop, ignore or refuse, not 'eat'") !=
               std::string::npos);
    BOOST_TEST(complaint("answer=99").find("'answer' wants a status") != std::string::npos);
    BOOST_TEST(complaint("cut=-1").find("'cut' wants a number of bytes, not '-1'") != std::string::npos);
    BOOST_TEST(complaint("close,after=x").find("'after' wants") != std::string::npos);
    BOOST_TEST(complaint("close,times").find("'times' needs a value") != std::string::npos);
    BOOST_TEST(complaint("close,every=1.5").find("'every' wants") != std::string::npos);
    BOOST_TEST(complaint("close,random=1.5").find("'random' wants a probability") != std::string::npos);
    BOOST_TEST(complaint("close,random=nan").find("'random' wants a probability") != std::string::npos);
    BOOST_TEST(complaint("close,applied=soon").find("'applied' wants before, never or late") != std::string::npos);
    BOOST_TEST(complaint("close,only=").find("'only' wants") != std::string::npos);
    BOOST_TEST(complaint("close,method=").find("'method' wants a method") != std::string::npos);
    BOOST_TEST(complaint("close,method=post").find("'method' wants a method such as POST") != std::string::npos);
    BOOST_TEST(complaint("close,retry-after=2").find("'retry-after' is for 'answer'") != std::string::npos);
    BOOST_TEST(complaint("answer=503,retry-after").find("'retry-after' needs a value") != std::string::npos);
    BOOST_TEST(complaint(R"(answer=503,retry-after=2\r\nX: 1)").find("'retry-after' wants") != std::string::npos);
    BOOST_TEST(complaint("rst").find("'rst' needs a value: an error code of HTTP/2") != std::string::npos);
    BOOST_TEST(complaint("rst=CANCEL").find("'rst' wants an error code") != std::string::npos);
    BOOST_TEST(complaint("rst=0x100000000").find("'rst' wants an error code") != std::string::npos);
    BOOST_TEST(complaint("refuse=1").find("'refuse' takes no value") != std::string::npos);
    BOOST_TEST(complaint("silent=0ms").find("'silent' wants a time") != std::string::npos);
    BOOST_TEST(complaint("goaway=above").find("'goaway' wants none, below, at or all") != std::string::npos);
    BOOST_TEST(complaint("goaway=at,then=wait").find("'then' wants finish or close") != std::string::npos);
    BOOST_TEST(complaint("goaway=at,code=x").find("'code' wants an error code") != std::string::npos);
    BOOST_TEST(complaint("rst=0,code=1").find("'code' is for 'goaway' alone") != std::string::npos);
    BOOST_TEST(complaint("close,then=close").find("'then' is for 'goaway' alone") != std::string::npos);
    BOOST_TEST(complaint("rst=0,part=most").find("'part' wants none, head, half or whole") != std::string::npos);
    BOOST_TEST(complaint("goaway=at,part=head").find("'part' is for 'rst'") != std::string::npos);
    BOOST_TEST(complaint("streams=2147483648").find("'streams' wants a number of 0 to 2147483647") !=
               std::string::npos);
    BOOST_TEST(complaint("window=-1").find("'window' wants a number") != std::string::npos);
    BOOST_TEST(complaint("window=1,lasting=1").find("'lasting' wants a time") != std::string::npos);
    BOOST_TEST(complaint("delay=1s,lasting=1s").find("'lasting' is for 'streams' and 'window'") != std::string::npos);
    BOOST_TEST(complaint("raw").find("'raw' needs a value") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
