// A session on a fake network, and a log of what it reported to its listener.
#pragma once

#include "session/session.hpp"
#include "unit/support/conversation.hpp"
#include "unit/support/fake_transport.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace venice_keys::test {

using namespace detail;

// A session, and what it reported to its listener.
struct session_bench : session::listener, net::turn_owner {
    explicit session_bench(std::size_t count = 4) : one(net, test_session_limits(), net.clock(), *this)
    {
        for (std::size_t i = 0; i < count; ++i)
            slots.push_back(std::make_unique<request_slot>(i));
        one.open();
    }

    fake_transport& wire() { return net[0]; }
    void submit(std::size_t which) { one.submit(*slots.at(which)); }
    std::size_t flush() { return one.flush(net.now); }
    void wait(std::chrono::seconds time)
    {
        net.now += time;
        one.tick(net.now);
    }

    void on_open(session&, const net::connection_facts& how) override
    {
        ++opens;
        was_resumed = how.resumed;
    }
    session::attribution on_answer(session&, wire::slot& who, wire::reply& answer, error& why) override
    {
        const auto& request = static_cast<const request_slot&>(who);
        BOOST_TEST(!who.is_linked());
        if (answer.body != "reply-" + std::to_string(request.number())) {
            why = error(errc::reply_mismatch, answer.body);
            return session::attribution::mismatch;
        }
        answered.push_back(request.number());
        return session::attribution::matches;
    }
    void on_lost(session&, wire::slot& who, wire::conversation::fate how, error why) override
    {
        BOOST_TEST(!who.is_linked());
        lost.emplace_back(static_cast<const request_slot&>(who).number(), how, std::move(why));
    }
    void on_calm(session&) override { ++calms; }
    void on_outdated(session&) override { ++outdated; }
    void on_wants_write(session&) override { ++wishes_to_write; }
    void on_ending(session& which) override
    {
        BOOST_TEST(!which.usable());
        BOOST_TEST(!which.closed());
        ++endings;
    }
    void on_closed(session& which, error why) override
    {
        BOOST_TEST(which.closed());
        BOOST_TEST(!closed_with.has_value()); // only once
        closed_with = std::move(why);
        auto written = which.take_written();
        auto staged = which.take_staged();
        for (auto& each : written)
            owed.push_back(static_cast<request_slot&>(each).number());
        for (auto& each : staged)
            unsent.push_back(static_cast<request_slot&>(each).number());
    }
    void on_failure(boost::system::error_code cause) noexcept override { BOOST_ERROR("an event threw: " << cause); }
    void on_turn_end() override
    {
        ++turns;
        if (flush_each_turn)
            flush();
    }

    fake_network net{*this};
    std::vector<std::unique_ptr<request_slot>> slots;
    session one;
    unsigned opens = 0;
    unsigned endings = 0;
    unsigned turns = 0;
    bool was_resumed = false;
    bool flush_each_turn = true;
    std::vector<std::size_t> answered;
    std::vector<std::tuple<std::size_t, wire::conversation::fate, error>> lost;
    unsigned calms = 0;
    unsigned outdated = 0;
    unsigned wishes_to_write = 0;
    std::vector<std::size_t> owed;
    std::vector<std::size_t> unsent;
    std::optional<error> closed_with;
};

} // namespace venice_keys::test
