// A pool on a fake network, and calls that write down what became of them.
#pragma once

#include "pool/pool.hpp"
#include "unit/support/fake_transport.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace venice_keys::test {

using namespace detail;
using namespace std::chrono_literals;
using policy::operation;
using texts = std::vector<std::string>;

inline const wire::request_head& pool_head()
{
    static const wire::request_head head("example.org", "test", secret("token"));
    return head;
}

// What the wall clock of the bench shows at the start, in seconds.
inline constexpr std::uint64_t wall_at_start = 784'111'777;

// The header lines of the limit of requests. `reset` is in the service's form.
inline std::string quota(std::uint64_t remaining, std::uint64_t reset)
{
    return "x-ratelimit-remaining-requests: " + std::to_string(remaining) +
           "\r\nx-ratelimit-reset-requests: " + std::to_string(reset) + "\r\n";
}

// A call that sends its number and wants it back. `key`: of an update or a deletion.
class fake_call final : public call {
public:
    explicit fake_call(std::size_t number, policy::operation what = policy::operation::get, std::string key = {},
                       time_point deadline = time_point::max())
        : call(what), number_(number), key_(std::move(key)), body_(std::to_string(number))
    {
        restart(deadline, key_);
        request(pool_head(), {rule().method, "/api_keys", body_}, rule().exclusive);
    }

    [[nodiscard]] std::size_t number() const noexcept { return number_; }
    [[nodiscard]] const std::string& key() const noexcept { return key_; }
    [[nodiscard]] std::size_t ends() const noexcept { return (answered_ ? 1U : 0U) + failures_; }
    [[nodiscard]] bool was_answered() const noexcept { return answered_; }
    [[nodiscard]] bool was_released() const noexcept { return releases_ != 0; }
    [[nodiscard]] std::size_t releases() const noexcept { return releases_; }
    // Why the call failed, or what refusal answered it.
    [[nodiscard]] const std::optional<error>& why() const noexcept { return why_; }
    // The pool has given it back.
    void left()
    {
        BOOST_TEST(++returns_ == 1U, "call " << number_ << " left the pool more than once");
        if (failures_ != 0)
            BOOST_TEST(failures_ == 1U, "call " << number_ << " failed more than once");
        else if (read_attempt_ != 0 && read_attempt_ == attempts())
            answered_ = true;
        else
            ++releases_;
    }

private:
    reading read(wire::reply& answer, std::optional<std::chrono::milliseconds> retry_after, error& why) override
    {
        why_.reset();
        read_attempt_ = where() == state::abandoned ? 0 : attempts();
        if (answer.status != 200) {
            why_ = error(code_of(answer), "status " + std::to_string(answer.status));
            why_->http_status = answer.status;
            why_->retry_after = retry_after;
            return {session::attribution::matches, &*why_};
        }
        if (answer.body == body_)
            return {session::attribution::matches};
        why = error(errc::reply_mismatch, "asked for " + body_ + ", got " + answer.body);
        return {session::attribution::mismatch};
    }
    // The same as in the codec, with fewer texts.
    static errc code_of(const wire::reply& answer)
    {
        if (answer.status == 401)
            return answer.body == "no admin" ? errc::forbidden : errc::authentication_failed;
        return answer.status == 429 && answer.body == "spent" ? errc::error_budget_spent : errc::unavailable;
    }
    void set_failure(error why) noexcept override
    {
        ++failures_;
        why_ = std::move(why);
    }

    std::size_t number_;
    std::string key_;
    std::string body_;
    unsigned read_attempt_ = 0; // the last whose answer was read for somebody who waits
    bool answered_ = false;
    std::size_t failures_ = 0;
    std::size_t releases_ = 0;
    std::size_t returns_ = 0;
    std::optional<error> why_;
};

inline std::string answer_to(std::string_view body, std::string_view fields = {}, unsigned status = 200)
{
    return "HTTP/1.1 " + std::to_string(status) + " So\r\n" + std::string(fields) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

inline pool_settings test_pool_settings(std::size_t connections = 4, std::size_t depth = 16)
{
    policy::error_budget_settings no_error_budget;
    no_error_budget.enabled = false;
    pool_settings settings{connections, depth, {}, no_error_budget, test_session_limits()};
    settings.pipelining = pipelining_state::works;
    return settings;
}

// Connections that grow old long before they are idle for too long, or an answer is late.
inline pool_settings growing_old(pool_settings settings)
{
    settings.session.idle_timeout = 24h;
    settings.session.stall_timeout = settings.session.answer_timeout = 1h;
    settings.max_connection_age = 10min;
    return settings;
}

// The owner of a pool: it finishes each turn as a client does.
struct pool_bench : net::turn_owner {
    explicit pool_bench(const pool_settings& settings = test_pool_settings())
        : connections(net, settings, net.clocks(), 1)
    {
        connections.use_token(mine, secret("token"));
    }

    fake_call& add(policy::operation what = policy::operation::get, std::string key = {},
                   time_point deadline = time_point::max())
    {
        return add_for(mine, what, std::move(key), deadline);
    }
    fake_call& add_for(account_queues& whose, policy::operation what = policy::operation::get, std::string key = {},
                       time_point deadline = time_point::max())
    {
        fake_call& made = calls.emplace_back(calls.size(), what, std::move(key), deadline);
        connections.submit(made, whose);
        return made;
    }
    void add_many(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i)
            add();
    }
    // Adds calls and lets the pool act.
    void submit(std::size_t count)
    {
        add_many(count);
        pump();
    }
    void pump()
    {
        collect();
        connections.pump(net.now);
        collect();
    }
    void collect()
    {
        if (const error* const why = connections.take_unreachable())
            unreachable.push_back(*why);
        while (call* const each = connections.take_ended())
            static_cast<fake_call*>(each)->left();
    }
    void wait(std::chrono::steady_clock::duration time)
    {
        net.now += time;
        connections.tick(net.now);
        pump();
    }
    // When the pool really has something to do. Its own deadline may be earlier.
    [[nodiscard]] time_point due()
    {
        connections.tick(net.now);
        return connections.deadline();
    }
    void wait_until_due()
    {
        BOOST_TEST_REQUIRE(connections.deadline() != time_point::max());
        const time_point when = due();
        net.now = when == time_point::max() ? net.now : std::max(when, net.now);
        wait({});
    }

    // What connection `which` owes, as the server sees it.
    [[nodiscard]] std::vector<std::string> unanswered(std::size_t which)
    {
        const auto& all = net[which].requests();
        answered_on.resize(net.made.size());
        return {all.begin() + static_cast<std::ptrdiff_t>(answered_on[which]), all.end()};
    }
    // Lets the server answer the next `count` requests on a connection in one piece.
    void answer(std::size_t which, std::size_t count = 1, std::string_view fields = {}, unsigned status = 200)
    {
        const auto owed = unanswered(which);
        BOOST_TEST_REQUIRE(owed.size() >= count);
        std::string bytes;
        for (std::size_t i = 0; i < count; ++i)
            bytes += answer_to(owed[i], fields, status);
        answered_on[which] += count;
        net[which].bring(bytes);
    }
    // Opens a connection that answers one call, with these fields; after a success it may be pipelined on.
    void come_up_and_prove(std::size_t which, std::string_view fields = {}, unsigned status = 200)
    {
        net[which].come_up();
        net[which].finish_write();
        answer(which, 1, fields, status);
    }

    // So many connections are up, have answered and owe nothing.
    void prove(std::size_t count)
    {
        submit(count);
        prove_those_that_connect(count);
    }
    // So many connections come up, and each answers one call.
    void prove_those_that_connect(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i)
            net[i].come_up();
        for (std::size_t i = 0; i < count; ++i) {
            net[i].finish_write();
            answer(i);
        }
    }

    void on_failure(boost::system::error_code cause) noexcept final { BOOST_ERROR("an event threw: " << cause); }
    void on_turn_end() final { pump(); }

    fake_network net{*this};
    std::deque<fake_call> calls;
    std::vector<error> unreachable;
    std::vector<std::size_t> answered_on;
    account_queues mine;
    pool connections;
};

} // namespace venice_keys::test
