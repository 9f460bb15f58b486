// What the peers in C++ share: arguments, the request, what the answer is read into, and the line of JSON at the end.
#pragma once

#include "../measuring.hpp"

#include <boost/json.hpp>

#include <cstddef>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace peers {

using bench::clock;
using bench::token;

inline constexpr std::string_view target = "/api/v1/api_keys";

struct settings : bench::options {
    bool http2 = false;
    bool lockstep = false;

    std::size_t connections = 0; // 0: the program's own choice
};

// The ids, which are sent in turn.
class key_ids {
public:
    explicit key_ids(const settings& wanted)
    {
        for (std::size_t i = 0; i != wanted.ids(); ++i)
            all_.push_back(bench::make_id(i));
    }
    [[nodiscard]] const std::string& operator[](std::size_t update) const { return all_[update % all_.size()]; }
    [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }

private:
    std::vector<std::string> all_;
};

inline std::string body_for(std::string_view id)
{
    return fmt::format(R"({{"id":"{}","consumptionLimit":{{"usd":50,"diem":null}},"limitPeriod":"MONTH",)"
                       R"("description":"tenant 42","expiresAt":null}})",
                       id);
}

// The key as the answer has it.
struct updated_key {
    std::string id;
    std::string type;
    std::optional<double> usd;
    std::optional<double> diem;
    std::optional<double> vcu;
    std::string limit_period;
    std::string model_privacy;
    std::string description;
    std::string last6_chars;
    std::optional<std::string> created_at;
    std::optional<std::string> expires_at;
    std::optional<std::string> last_used_at;
};

// Throws what Boost.JSON throws.
inline updated_key read_key(std::string_view body)
{
    const boost::json::value whole = boost::json::parse(body);
    const boost::json::object& data = whole.at("data").as_object();
    const boost::json::object& limits = data.at("consumptionLimits").as_object();
    const auto text = [&data](std::string_view name) {
        return std::string(std::string_view(data.at(name).as_string()));
    };
    const auto text_or_null = [&](std::string_view name) -> std::optional<std::string> {
        return data.at(name).is_null() ? std::nullopt : std::optional(text(name));
    };
    const auto amount = [&limits](std::string_view name) -> std::optional<double> {
        const boost::json::value& one = limits.at(name);
        return one.is_null() ? std::nullopt : std::optional(one.to_number<double>());
    };
    if (!whole.at("success").as_bool())
        throw std::runtime_error("success is false");
    return {text("id"),
            text("apiKeyType"),
            amount("usd"),
            amount("diem"),
            amount("vcu"),
            text("limitPeriod"),
            text("modelPrivacy"),
            text("description"),
            text("last6Chars"),
            text_or_null("createdAt"),
            text_or_null("expiresAt"),
            text_or_null("lastUsedAt")};
}

// Measures the updates that count. When it begins, those for warming up have all ended.
class measurement {
public:
    explicit measurement(const settings& of) : of_(of) { latencies_.reserve(of.updates); }

    // Call this when nothing is under way.
    void begin()
    {
        measures_ = true;
        before_ = bench::usage::now();
    }
    void answered(clock::time_point asked_at)
    {
        if (!measures_)
            return;
        latencies_.push_back(clock::now() - asked_at);
        if (latencies_.size() == of_.updates)
            after_ = bench::usage::now();
    }

    void print(std::string_view program)
    {
        fmt::print("{{{}}}\n", bench::figures(program, latencies_, before_, after_));
    }

private:
    const settings& of_;
    bool measures_ = false;
    std::vector<clock::duration> latencies_;
    bench::usage before_;
    bench::usage after_;
};

// `send` gets a number of updates and returns when all have ended. It is called for the warm-up, and for the measuring.
template <class Send>
void warm_up_and_measure(const settings& wanted, measurement& measured, Send send)
{
    if (wanted.warm_up != 0)
        send(wanted.warm_up);
    std::this_thread::sleep_for(wanted.settle);
    measured.begin();
    send(wanted.updates);
}

// main() of a peer. `run` throws when an update fails.
template <class Run>
int main_of(int argc, char** argv, std::string_view program, Run run)
{
    settings wanted;
    tools::arguments told(std::string{program}, "Sends updates and says what they cost, as one line of JSON.");
    wanted.add_to(told);
    told.required("--port");
    told.required("--ca");
    told.flag("--http2", wanted.http2, "Where the peer has it");
    told.number("--connections", wanted.connections, 0, 1'000, "The most, where the peer has it; 0: its own choice");
    told.flag("--lockstep", wanted.lockstep, "Where the peer has it: all in flight at once, then all answers");
    if (const auto code = told.read(argc, argv))
        return *code;
    try {
        measurement measured(wanted);
        run(wanted, measured);
        measured.print(program);
        return 0;
    } catch (const std::exception& failure) {
        fmt::print(stderr, "{}: {}\n", program, tools::plain_text(failure));
        return 1;
    }
}

} // namespace peers
