// A pipeline, requests to put into it, and a log of which request got which answer.
#pragma once

#include "wire/pipeline.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venice_keys::test {

using namespace detail;

inline const wire::request_head& test_head()
{
    static const wire::request_head head("example.org", "test", secret("token"));
    return head;
}

class request_slot final : public wire::slot {
public:
    explicit request_slot(std::size_t number, bool stall_exempt = false)
        : number_(number), body_("request-" + std::to_string(number))
    {
        request(test_head(), {"PATCH", "/api_keys", body_}, stall_exempt);
    }

    [[nodiscard]] std::size_t number() const noexcept { return number_; }
    [[nodiscard]] const std::string& body() const noexcept { return body_; }

private:
    std::size_t number_;
    std::string body_;
};

inline std::string reply_to(std::size_t number, std::string_view fields = {})
{
    const std::string body = "reply-" + std::to_string(number);
    return "HTTP/1.1 200 OK\r\n" + std::string(fields) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

inline const wire::time_point start_time{std::chrono::hours(1)};

struct conversation {
    explicit conversation(std::size_t count, wire::reply_limits limits = {}) : line({limits})
    {
        for (std::size_t i = 0; i < count; ++i)
            slots.push_back(std::make_unique<request_slot>(i));
    }

    request_slot& operator[](std::size_t which) { return *slots.at(which); }

    void stage(std::size_t which) { line.stage(*slots.at(which)); }

    // Returns what a write would get.
    std::string gather(wire::time_point now = start_time)
    {
        secret_bytes out;
        line.gather(out, now);
        return {out.begin(), out.end()};
    }

    void stage_and_write_all()
    {
        for (std::size_t i = 0; i < slots.size(); ++i)
            stage(i);
        (void)gather();
    }

    // Feeds a piece, keeps what is left, and notes the answers. Returns what the last step asked for.
    wire::pipeline::action feed(std::string_view piece, wire::time_point now = start_time)
    {
        left.append(piece);
        for (;;) {
            const auto step = line.receive(left, now);
            left.erase(0, step.consumed);
            if (step.what != wire::pipeline::action::answer)
                return step.what;
            note(*step.who, *step.answer);
        }
    }

    wire::pipeline::action end(bool clean)
    {
        const auto step = line.end_of_stream(clean);
        if (step.what == wire::pipeline::action::answer)
            note(*step.who, *step.answer);
        return step.what;
    }

    std::vector<std::size_t> owed()
    {
        auto taken = line.take_written();
        return numbers(taken);
    }

    std::vector<std::size_t> staged()
    {
        auto taken = line.take_staged();
        return numbers(taken);
    }

    std::vector<std::unique_ptr<request_slot>> slots; // declared before the pipeline, which lets go of them first
    wire::pipeline line;
    std::string left;
    // The request's number, the body, and whether the request had been abandoned.
    std::vector<std::tuple<std::size_t, std::string, bool>> answers;

private:
    void note(const wire::slot& who, const wire::reply& answer)
    {
        const auto& request = static_cast<const request_slot&>(who);
        answers.emplace_back(request.number(), answer.body, request.where() == wire::slot::state::abandoned);
    }

    static std::vector<std::size_t> numbers(wire::slot_list& taken)
    {
        std::vector<std::size_t> found;
        while (!taken.empty()) {
            found.push_back(static_cast<request_slot&>(taken.front()).number());
            taken.pop_front();
        }
        return found;
    }
};

} // namespace venice_keys::test
