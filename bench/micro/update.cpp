// What the parts of one update cost without any I/O: encode, decode, parse an answer, one round through the pipeline.

#include "codec/decode_update.hpp"
#include "codec/encode_update.hpp"
#include "wire/pipeline.hpp"

#include <benchmark/benchmark.h>

#include <deque>
#include <string>

namespace vk = venice_keys;

namespace {

const std::string id = "e28e82dc-9df2-4b47-b726-d0a222ef2ab5";

vk::key_update an_update()
{
    return vk::key_update{id}
        .usd(50)
        .diem(vk::clear)
        .limit_period(vk::limit_period::month)
        .description("tenant 42")
        .expires_at(vk::clear);
}

std::string a_body()
{
    return R"({"data":{"apiKeyType":"ADMIN","consumptionLimits":{"usd":50,"diem":null,"vcu":null},)"
           R"("limitPeriod":"MONTH","modelPrivacy":"ALL","createdAt":"2026-10-01T12:00:00.000Z","expiresAt":null,"id":")" +
           id + R"(","last6Chars":"2V2jNW","lastUsedAt":null,"description":"tenant 42"},"success":true})";
}

std::string an_answer()
{
    const std::string body = a_body();
    return "HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\nContent-Type: application/json; charset=utf-8\r\n"
           "Content-Length: " +
           std::to_string(body.size()) +
           "\r\nConnection: keep-alive\r\nx-ratelimit-limit-requests: 500\r\nx-ratelimit-remaining-requests: 499\r\n"
           "x-ratelimit-reset-requests: 1795435200\r\nCF-RAY: 8f1c2d3e4f5a6b7c-AMS\r\n\r\n" +
           body;
}

class request final : public vk::wire::slot {
public:
    request(const vk::wire::request_head& head, std::string_view body)
    {
        slot::request(head, {"PATCH", "/api/v1/api_keys", body});
    }
};

void encode(benchmark::State& state)
{
    const vk::key_update update = an_update();
    std::string out;
    for (auto _ : state) {
        out.clear();
        vk::codec::encode_update(update, out);
        benchmark::DoNotOptimize(out.data());
    }
}
BENCHMARK(encode);

void decode(benchmark::State& state)
{
    const std::string body = a_body();
    const vk::secret token("a-token");
    vk::codec::update_decoder decoder(32);
    for (auto _ : state) {
        auto key = decoder.decode(body, token);
        if (!key)
            state.SkipWithError("the answer was not decoded");
        benchmark::DoNotOptimize(key);
    }
}
BENCHMARK(decode);

void parse_answer(benchmark::State& state)
{
    const std::string answer = an_answer();
    vk::wire::reply_parser parser{vk::wire::reply_limits{}};
    for (auto _ : state) {
        const auto step = parser.parse(answer);
        if (step.what != vk::wire::reply_parser::outcome::done)
            state.SkipWithError("the answer was not parsed");
    }
}
BENCHMARK(parse_answer);

// So many requests staged, written and answered; the time is for one.
void pipeline_round(benchmark::State& state)
{
    const auto depth = static_cast<std::size_t>(state.range(0));
    const vk::wire::request_head head("api.venice.ai", "bench", vk::secret("a-token"));
    std::string body;
    vk::codec::encode_update(an_update(), body);
    std::deque<request> requests;
    std::string answers;
    for (std::size_t i = 0; i < depth; ++i) {
        requests.emplace_back(head, body);
        answers += an_answer();
    }
    vk::wire::pipeline pipeline{vk::wire::reply_limits{}};
    vk::secret_bytes out;
    for (auto _ : state) {
        out.clear();
        for (request& each : requests)
            pipeline.stage(each);
        pipeline.gather(out, {});
        std::size_t taken = 0;
        for (std::size_t i = 0; i < depth; ++i) {
            const auto step = pipeline.receive(std::string_view(answers).substr(taken), {});
            if (step.what != vk::wire::pipeline::action::answer)
                state.SkipWithError("an answer was not found");
            taken += step.consumed;
            step.who->reset();
        }
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(depth));
}
BENCHMARK(pipeline_round)->Arg(1)->Arg(16);

} // namespace

BENCHMARK_MAIN();
