// Answers: those that can't be used, and refusals of the service.
#include "messages/stage.hpp"
#include "messages/table.hpp"

namespace messages {

namespace {

using vk::fault;

std::string with_body(const std::string& body, const std::string& fields = {}, const std::string& status = "200 OK")
{
    return "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

void add_bodies(table& all, stage& on)
{
    all.begin("Bodies that can't be used",
              "A success that is not what the operation answers. The body itself is never shown: a key may be in it.");
    const auto add = [&](std::string when, const std::string& body, std::string what) {
        all.add(std::move(when), on.update_error(fault::raw(with_body(body))), std::move(what));
    };
    const std::string check = "see what answers at `config::base_url`";
    add("a web page in place of JSON", "<html>log in</html>", check);
    // Not "fine", which might become "false": how far that is read depends on Boost.JSON's version.
    add("another text", "OK", check);
    add("an empty body", "", check);
    add("half of the JSON", R"({"data":)", "see what is between client and service");
    add("more than the JSON", "{} {}", check);
    add("JSON of another kind", "[]", check);
    add("JSON without a key", R"({"success":true})", check);
    add("a key in another form", R"({"data":[],"success":true})", check);
    add("another key", R"({"data":{"id":"key-9"},"success":true})", "report it: an answer went astray");
    add("a name twice", R"({"data":{"id":"a","id":"b"}})", check);
    add("a number that no number can hold", R"({"data":{"id":"a","consumptionLimits":{"usd":1e400}}})", check);
    add("deep nesting", R"({"x":)" + std::string(100, '[') + std::string(100, ']') + "}",
        "raise the setting if the answer is right");
    const auto list = [&](std::string when, const std::string& body) {
        on.emulator.add_fault(fault::raw(with_body(body)));
        all.add(std::move(when),
                on.error_of<std::vector<vk::key_details>>(
                    on.settings(), on.who(),
                    [](vk::client& client, auto handler) { client.list_keys(std::move(handler)); }),
                check);
    };
    list("a list that is none", R"({"data":{}})");
    list("a list with something else in it", R"({"data":[null]})");
    list("a list with a key without an id", R"({"data":[{}]})");
    all.by_hand("a list that is longer than its bytes", vk::errc::malformed_reply,
                "data[0].unread is one too many for an answer of this size, at byte 20", check);
}

void add_heads(table& all, stage& on)
{
    all.begin("Answers that break the protocol", "The client gives the connection up.");
    const std::string front = "see what is between client and service";
    const auto add = [&](std::string when, std::string bytes, std::string what) {
        all.add(std::move(when), on.update_error(fault::raw(std::move(bytes))), std::move(what));
    };
    add("bytes that are no HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", "check the port in `config::base_url`");
    add("a status below 100", with_body("{}", {}, "099 Odd"), front);
    add("a folded header", with_body("{}", "X-Odd: a\r\n b\r\n"), front);
    add("another transfer coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", front);
    add("another content coding", with_body("{}", "Content-Encoding: gzip\r\n"), front);
    add("another protocol", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", front);
    std::string interim;
    for (int i = 0; i != 9; ++i)
        interim += "HTTP/1.1 103 Early Hints\r\n\r\n";
    add("interim answers without end", interim + with_body("{}"), front);
    vk::config small = on.settings();
    small.max_header_bytes = 1'024;
    small.max_header_count = 20;
    small.max_reply_bytes = 100;
    const auto large = [&](std::string when, std::string bytes) {
        all.add(std::move(when), on.update_error(small, fault::raw(std::move(bytes))),
                "raise the setting if the answer is right");
    };
    large("a body over the limit", with_body(std::string(101, 'x')));
    large("a head over the limit", with_body("{}", "X-Long: " + std::string(2'000, 'x') + "\r\n"));
    std::string many;
    for (int i = 0; i != 30; ++i)
        many += "A: b\r\n";
    large("too many header fields", with_body("{}", many));
    const auto by_hand = [&](std::string when, vk::errc code, std::string text) {
        all.by_hand(std::move(when), code, std::move(text), front);
    };
    by_hand("a part of an answer that no buffer takes", vk::errc::reply_too_large,
            "a part of an answer is larger than config::max_header_bytes allows");
    by_hand("more after the last answer", vk::errc::protocol_error, "bytes came after an answer that said close");
    by_hand("an answer to nothing", vk::errc::protocol_error, "bytes came although no request was outstanding");
    by_hand("several requests that were read as one", vk::errc::protocol_error,
            "the server answered 400 and closed while requests were behind that one");
}

void add_http2(table& all)
{
    stage on{vk::protocol::http2};
    all.call(on.id(), "KEY-ID");
    all.begin("HTTP/2", "What only this protocol can do.");
    const std::string again = "look whether it was applied, or try again";
    all.add("the server resets the request", on.update_error(fault::rst(fault::code::cancel)), again);
    all.add("the same, with a protocol error", on.update_error(fault::rst(fault::code::protocol_error)), again);
    all.add("the server ends the connection",
            on.update_error(
                fault::goaway(fault::last::at).with_code(fault::code::internal_error).then(fault::ending::close)),
            again);
    const std::string front = "see what is between client and service";
    const auto by_hand = [&](std::string when, vk::errc code, std::string text) {
        all.by_hand(std::move(when), code, std::move(text), front);
    };
    by_hand(
        "the server ends the connection, and says why", vk::errc::connection_lost,
        "the connection ended before the answer; the server ends the connection (GOAWAY, INTERNAL_ERROR): going down");
    by_hand("an answer that breaks the rules", vk::errc::protocol_error,
            "the answer breaks the rules of HTTP/2: Violation in HTTP messaging rule");
    by_hand("frames that break the rules", vk::errc::protocol_error,
            "the server broke the rules of HTTP/2 (PROTOCOL_ERROR): SETTINGS expected");
    by_hand("an answer on another stream", vk::errc::protocol_error, "an answer came on stream 5, which was owed none");
    by_hand("a head without an end", vk::errc::protocol_error, "more than eight CONTINUATION frames came");
    by_hand("a flood", vk::errc::protocol_error, "too many frames came that bring no answer");
    by_hand("a request that does not fit", vk::errc::protocol_error, "the request could not be put into frames");
    by_hand("a cancelled call", vk::errc::cancelled, "nobody waited for the answer, and its stream was reset");
}

void add_refusals(table& all, stage& on)
{
    all.begin("Refusals of the service", "What stands behind our words is the service's own text.");
    const auto add = [&](std::string when, unsigned status, const std::string& body, std::string what) {
        all.add(std::move(when), on.update_error(fault::answer(status).body(body)), std::move(what));
    };
    add("no such key", 400, R"({"error":"API key not found or expired"})", "see whether the id is right");
    add("a field is wrong", 400, R"({"error":"Invalid request","details":{"expiresAt":{"_errors":["Invalid date"]}}})",
        "mend the field");
    add("an unknown token", 401, R"({"error":"Authentication failed"})", "give a valid token");
    add("an INFERENCE key", 401, R"({"error":"Admin API key required"})", "give the token of an ADMIN key");
    add("no balance", 402, R"({"error":"Insufficient balance","code":"INSUFFICIENT_BALANCE"})", "pay");
    add("no token", 402, R"({"x402Version":1})", "see what removes the header Authorization");
    add("forbidden", 403, R"({"error":"Forbidden"})", "ask the service");
    add("an unknown path", 404, "<html>Not Found</html>", "end `config::base_url` in /api/v1");
    add("too many requests", 429, R"({"error":"Rate limit exceeded"})", "wait");
    add("too many failures", 429,
        R"({"error":"Too many failed attempts (> 50) resulting in a non-success status code."})",
        "see why the others failed, and wait");
    add("the service fails", 500, R"({"error":"Internal error"})", "try again later");
    add("the service is not there", 503, R"({"error":"Down for maintenance"})", "try again later");
    add("a redirection", 302, "", "give its target as `config::base_url`");
    all.add("a success that is none", on.update_error(fault::raw(with_body(R"({"success":false,"error":"Not now"})"))),
            "see what it says");
    on.emulator.add_fault(fault::raw(with_body(R"({"data":{},"success":true})")));
    all.add("a challenge without its token",
            on.error_of<vk::wallet_challenge>(
                on.settings(), on.who(),
                [](vk::client& client, auto handler) { client.web3_challenge(std::move(handler)); }),
            "see what answers at `config::base_url`");
    vk::config twice = on.settings();
    twice.retry.max_attempts = 2;
    twice.retry.base_delay = std::chrono::milliseconds{1};
    on.emulator.add_fault(fault::close());
    all.add("an earlier attempt was lost", on.update_error(twice, fault::answer(500).times(0)), "try again later");
    on.emulator.clear_faults();
    all.by_hand("the rest of a refusal is lost", vk::errc::server_error,
                "the rest of the answer could not be read (the connection ended in the middle of an answer)",
                "try again later");
}

} // namespace

void add_answers(table& all)
{
    stage on;
    all.call(on.id(), "KEY-ID");
    add_bodies(all, on);
    add_heads(all, on);
    add_http2(all);
    add_refusals(all, on);
}

} // namespace messages
