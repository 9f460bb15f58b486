// What HTTP costs without a socket: reading answers, and a round on one connection of HTTP/1.1 and of HTTP/2.
#include "harness.hpp"
#include "texts.hpp"

#include "codec/encode.hpp"
#include "wire/multiplex.hpp"
#include "wire/pipeline.hpp"

#include <nghttp2/nghttp2.h>

#include <charconv>
#include <deque>
#include <memory>
#include <string>
#include <vector>

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

// A number of requests are staged, written in one piece and answered in one.
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
    vk::detail::secret_bytes out;
    std::deque<request> requests;
    vk::wire::pipeline conversation{vk::wire::conversation_limits{}};
};

std::string frame(unsigned type, unsigned flags, std::string_view payload)
{
    std::string bytes(9, '\0');
    bytes[1] = static_cast<char>(payload.size() >> 8U);
    bytes[2] = static_cast<char>(payload.size() & 0xFFU);
    bytes[3] = static_cast<char>(type);
    bytes[4] = static_cast<char>(flags);
    return bytes.append(payload);
}

// As nginx sends it: no field goes into the table, so that all answers are the same except for their streams.
std::string an_http2_head()
{
    const auto field = [](std::string_view name, std::string_view value) {
        const auto bytes = [](std::string_view text) {
            return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
        };
        return nghttp2_nv{bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NO_INDEX};
    };
    const std::string length = std::to_string(an_updated_key().size());
    const nghttp2_nv fields[] = {
        field(":status", "200"),
        field("date", "Mon, 23 Nov 2026 12:00:00 GMT"),
        field("content-type", "application/json; charset=utf-8"),
        field("content-length", length),
        field("x-ratelimit-limit-requests", "500"),
        field("x-ratelimit-remaining-requests", "499"),
        field("x-ratelimit-reset-requests", "1795435200"),
        field("cf-ray", "8f1c2d3e4f5a6b7c-AMS"),
    };
    nghttp2_hd_deflater* made = nullptr;
    require(nghttp2_hd_deflate_new(&made, 4096) == 0, "no HPACK encoder");
    const std::unique_ptr<nghttp2_hd_deflater, decltype(&nghttp2_hd_deflate_del)> encoder(made,
                                                                                          &nghttp2_hd_deflate_del);
    std::string block(1'024, '\0');
    const auto size = nghttp2_hd_deflate_hd(made, reinterpret_cast<std::uint8_t*>(block.data()), block.size(), fields,
                                            std::size(fields));
    require(size > 0, "an HTTP/2 head was not encoded");
    block.resize(static_cast<std::size_t>(size));
    return frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS, block);
}

// The same over HTTP/2, with as many streams.
struct multiplex {
    explicit multiplex(std::size_t depth)
    {
        vk::codec::encode_update(an_update(), body);
        const std::string answer_head = an_http2_head();
        const std::string data = frame(NGHTTP2_DATA, NGHTTP2_FLAG_END_STREAM, an_updated_key());
        for (std::size_t i = 0; i < depth; ++i) {
            requests.emplace_back(head, body);
            for (const std::string& each : {answer_head, data}) {
                streams_at.push_back(answers.size() + 5);
                answers += each;
            }
        }
        conversation.gather(out, {});
        const auto step = conversation.receive(frame(NGHTTP2_SETTINGS, 0, {}) + frame(NGHTTP2_SETTINGS, 1, {}), {});
        require(step.what == vk::wire::conversation::action::read, "SETTINGS were not taken");
    }
    void operator()()
    {
        out.clear();
        for (request& each : requests)
            conversation.stage(each);
        conversation.gather(out, {});
        for (std::size_t i = 0; i < streams_at.size(); ++i, next_stream += i % 2 == 0 ? 2U : 0U)
            for (std::size_t byte = 0; byte < 4; ++byte)
                answers[streams_at[i] + byte] = static_cast<char>(next_stream >> (24 - 8 * byte) & 0xFFU);
        std::string_view rest = answers;
        for (request& each : requests) {
            const auto step = conversation.receive(rest, {});
            require(step.what == vk::wire::conversation::action::answer && step.who == &each,
                    "an answer was not found");
            rest.remove_prefix(step.consumed);
            step.who->reset();
        }
        require(rest.empty() && conversation.in_flight() == 0, "something was left in a conversation");
    }

    vk::wire::request_head head{"api.venice.ai", "bench", vk::secret(token)};
    std::string body;
    std::string answers;
    std::vector<std::size_t> streams_at; // where the answers have the numbers of their streams
    std::uint32_t next_stream = 1;
    vk::detail::secret_bytes out;
    std::deque<request> requests;
    vk::wire::multiplex conversation{vk::wire::conversation_limits{}};
};

} // namespace

void add_wire(definitions& to)
{
    to.add<parse_reply>("parse_reply/content_length", {.rounds = 1'000}, coding::content_length);
    to.add<parse_reply>("parse_reply/chunked", {.rounds = 1'000}, coding::chunked);
    for (const std::size_t depth : {1U, 16U, 64U}) {
        to.add<pipeline>("pipeline/" + std::to_string(depth), {.rounds = 640 / depth, .items = depth}, depth);
        to.add<multiplex>("multiplex/" + std::to_string(depth), {.rounds = 640 / depth, .items = depth}, depth);
    }
}

} // namespace micro
