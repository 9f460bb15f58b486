// A conversation over HTTP/2, its peer, requests to put into it, and a log of what became of each.
#pragma once

#include "unit/support/conversation.hpp"
#include "unit/support/http2_peer.hpp"

#include "wire/multiplex.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace venice_keys::test {

using namespace detail;

// A request by any method, for a read is treated differently from a PATCH.
class http2_slot final : public wire::slot {
public:
    http2_slot(std::size_t number, std::string_view method, std::string body = {}, bool stall_exempt = false)
        : number_(number), method_(method), body_(std::move(body))
    {
        request(test_head(), {method_, "/api_keys?id=", body_}, stall_exempt);
    }

    [[nodiscard]] std::size_t number() const noexcept { return number_; }
    [[nodiscard]] const std::string& body() const noexcept { return body_; }

private:
    std::size_t number_;
    std::string method_;
    std::string body_;
};

struct http2_talk {
    using action = wire::conversation::action;
    using fate = wire::conversation::fate;

    explicit http2_talk(std::size_t updates = 0, wire::conversation_limits limits = {}, std::int32_t first_stream = 1)
        : line(limits, first_stream)
    {
        for (std::size_t i = 0; i < updates; ++i)
            add("PATCH", "request-" + std::to_string(i));
    }

    // Adds a request, and returns the number that it gets.
    std::size_t add(std::string_view method, std::string body = {}, bool stall_exempt = false)
    {
        slots.push_back(std::make_unique<http2_slot>(slots.size(), method, std::move(body), stall_exempt));
        return slots.size() - 1;
    }

    http2_slot& operator[](std::size_t which) { return *slots.at(which); }
    static std::int32_t stream(std::size_t nth) { return static_cast<std::int32_t>(2 * nth + 1); }

    // Returns what a write would get, after the peer has read it.
    std::string write(wire::time_point now = start_time)
    {
        secret_bytes out;
        line.gather(out, now);
        std::string bytes(out.begin(), out.end());
        peer.hear(bytes);
        return bytes;
    }
    std::string stage_and_write(wire::time_point now = start_time)
    {
        for (const auto& each : slots)
            if (each->where() == wire::slot::state::waiting)
                line.stage(*each);
        return write(now);
    }

    // Returns what the last step asked for, and logs what came before that.
    action feed(std::string_view bytes, wire::time_point now = start_time)
    {
        for (;;) {
            const auto step = line.receive(bytes, now);
            bytes.remove_prefix(step.consumed);
            if (!note(step))
                return step.what;
        }
    }
    action end(bool clean)
    {
        for (;;)
            if (const auto step = line.end_of_stream(clean); !note(step))
                return step.what;
    }

    // Gives the connection up, and logs what became of the requests that had a status, and of the others.
    void give_up()
    {
        for (;;) {
            const auto refused = line.take_refused();
            if (refused.who == nullptr)
                break;
            log.push_back("refused " + number_of(*refused.who) + " " + std::to_string(refused.answer->status));
        }
        auto rest = line.take_written();
        while (!rest.empty()) {
            log.push_back("unanswered " + number_of(rest.front()));
            rest.pop_front();
        }
    }

    // The log since the last call.
    std::vector<std::string> news() { return std::exchange(log, {}); }
    [[nodiscard]] std::string why() { return std::string(name_of(line.why())) + ": " + line.why().detail; }

    std::vector<std::unique_ptr<http2_slot>> slots; // declared before the conversation, which lets go of them first
    wire::multiplex line;
    http2_peer peer;
    std::vector<std::string> log;

private:
    static std::string number_of(const wire::slot& who)
    {
        return std::to_string(static_cast<const http2_slot&>(who).number());
    }

    bool note(const wire::conversation::step& step)
    {
        switch (step.what) {
        case action::answer: {
            std::string text =
                "answer " + number_of(*step.who) + " " + std::to_string(step.answer->status) + " " + step.answer->body;
            if (step.answer->broken != nullptr)
                text += " broken: " + std::string(name_of(*step.answer->broken)) + ": " + step.answer->broken->detail;
            log.push_back(std::move(text));
            return true;
        }
        case action::lost: {
            static constexpr const char* fates[] = {"unanswered", "refused", "outdated", "not_processed"};
            log.push_back("lost " + number_of(*step.who) + " " + fates[static_cast<std::size_t>(step.how)] + " " +
                          why());
            return true;
        }
        case action::read:
        case action::close:
        case action::fail:
            break;
        }
        return false;
    }
};

} // namespace venice_keys::test
