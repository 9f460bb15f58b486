// What HTTP costs without a socket: reading answers, and a round through the pipeline of one connection.
#include "harness.hpp"
#include "texts.hpp"

#include "codec/encode_update.hpp"
#include "wire/pipeline.hpp"

#include <charconv>
#include <deque>

namespace vk = venice_keys;

namespace micro {

namespace {

enum class coding { content_length, chunked };

std::string in_hex(std::size_t number)
{
    std::string digits(16, '0');
    digits.erase(static_cast<std::size_t>(std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr -
                                          digits.data()));
    return digits;
}

std::string an_answer(coding how)
{
    const std::string body = an_updated_key();
    std::string answer = "HTTP/1.1 200 OK\r\n"
                         "Date: Mon, 23 Nov 2026 12:00:00 GMT\r\n"
                         "Content-Type: application/json; charset=utf-8\r\n"
                         "Connection: keep-alive\r\n"
                         "x-ratelimit-limit-requests: 500\r\n"
                         "x-ratelimit-remaining-requests: 499\r\n"
                         "x-ratelimit-reset-requests: 1795435200\r\n"
                         "CF-RAY: 8f1c2d3e4f5a6b7c-AMS\r\n";
    switch (how) {
    case coding::content_length:
        return answer + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    case coding::chunked:
        return answer + "Transfer-Encoding: chunked\r\n\r\n" + in_hex(body.size()) + "\r\n" + body + "\r\n0\r\n\r\n";
    }
    return answer;
}

struct parse_reply {
    explicit parse_reply(coding how) : answer(an_answer(how)) {}
    void operator()()
    {
        const auto step = parser.parse(answer);
        require(step.what == vk::wire::reply_parser::outcome::done && step.consumed == answer.size(),
                "an answer was not parsed");
    }

    std::string answer;
    vk::wire::reply_parser parser{vk::wire::reply_limits{}};
};

class request final : public vk::wire::slot {
public:
    request(const vk::wire::request_head& head, std::string_view body)
    {
        slot::request(head, {"PATCH", "/api/v1/api_keys", body});
    }
};

// So many requests staged, written in one piece and answered in one.
struct pipeline {
    explicit pipeline(std::size_t depth)
    {
        vk::codec::encode_update(an_update(), body);
        for (std::size_t i = 0; i < depth; ++i) {
            requests.emplace_back(head, body);
            answers += an_answer(coding::chunked);
        }
    }
    void operator()()
    {
        out.clear();
        for (request& each : requests)
            conversation.stage(each);
        conversation.gather(out, {});
        std::string_view rest = answers;
        for (request& each : requests) {
            const auto step = conversation.receive(rest, {});
            require(step.what == vk::wire::pipeline::action::answer && step.who == &each, "an answer was not found");
            rest.remove_prefix(step.consumed);
            step.who->reset();
        }
        require(rest.empty() && conversation.in_flight() == 0, "something was left in a pipeline");
    }

    vk::wire::request_head head{"api.venice.ai", "bench", vk::secret(token)};
    std::string body;
    std::string answers;
    vk::secret_bytes out;
    std::deque<request> requests;
    vk::wire::pipeline conversation{vk::wire::conversation_limits{}};
};

} // namespace

void add_wire(definitions& to)
{
    to.add<parse_reply>("parse_reply/content_length", {.rounds = 1'000}, coding::content_length);
    to.add<parse_reply>("parse_reply/chunked", {.rounds = 1'000}, coding::chunked);
    for (const std::size_t depth : {1U, 16U, 64U})
        to.add<pipeline>("pipeline/" + std::to_string(depth), {.rounds = 640 / depth, .items = depth}, depth);
}

} // namespace micro
