// The admission by itself, and calls that wait in it. There is no connection: a test says what is sent and answered.
#pragma once

#include "pool/admission.hpp"
#include "unit/support/pool_bench.hpp"

#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace venice_keys::test {

using numbers = std::vector<std::size_t>;

struct admission_bench {
    explicit admission_bench(const policy::error_budget_settings& error_budget = {}) : it(error_budget, nobody) {}

    // Opens an account with this token.
    account_queues& open_account(const std::string& token)
    {
        account_queues& made = accounts.emplace_back();
        it.tokens().use_token(made, secret(token), now);
        return made;
    }
    // Makes a call that has not entered yet.
    fake_call& make(policy::operation what = policy::operation::get, std::string key = {},
                    time_point deadline = time_point::max())
    {
        return calls.emplace_back(calls.size(), what, std::move(key), deadline);
    }
    fake_call& add(account_queues& whose, policy::operation what = policy::operation::get, std::string key = {},
                   time_point deadline = time_point::max())
    {
        fake_call& made = make(what, std::move(key), deadline);
        it.enter(made, whose);
        return made;
    }
    fake_call& add_update(account_queues& whose, std::string key, time_point deadline = time_point::max())
    {
        return add(whose, policy::operation::update, std::move(key), deadline);
    }
    void add_many(account_queues& whose, std::size_t count, time_point deadline = time_point::max())
    {
        for (std::size_t i = 0; i < count; ++i)
            add(whose, policy::operation::get, {}, deadline);
    }

    // Sends what may go, up to `most` calls.
    numbers send(std::size_t most = 1'000'000, policy::request_kind kind = policy::request_kind::ordinary)
    {
        numbers sent;
        while (sent.size() < most && it.tokens().ready(kind, now))
            sent.push_back(static_cast<fake_call&>(it.tokens().next(kind)).number());
        return sent;
    }
    // Ends a call that was sent.
    void answer(std::size_t number, unsigned status = 200)
    {
        using policy::token_acceptance;
        const token_acceptance token = !calls[number].rule().authorized ? token_acceptance::none
                                       : status == 401                  ? token_acceptance::refused
                                       : status < 400                   ? token_acceptance::accepted
                                                                        : token_acceptance::none;
        it.tokens().sent_answered(calls[number], status, token, false, now);
        it.let_next_change_go(calls[number]);
    }
    void answer_all(const numbers& sent, unsigned status = 200)
    {
        for (const std::size_t each : sent)
            answer(each, status);
    }
    // Sends what may go; its answers say that the limit of requests is used up for so long.
    void send_and_use_up(std::chrono::steady_clock::duration reset)
    {
        const numbers sent = send();
        it.tokens().report(calls[sent.at(0)], 0, now + reset, now);
        answer_all(sent);
    }
    // Ends the calls that can't be served in time, which then make way for others. `last`: why the last of them failed.
    numbers give_up()
    {
        numbers ended;
        while (call* const which = it.tokens().unservable(last, now)) {
            it.let_next_change_go(*which);
            ended.push_back(static_cast<fake_call*>(which)->number());
        }
        return ended;
    }
    // Waits until the admission's own deadline, which is expected to be in this time.
    void wait(std::chrono::steady_clock::duration expected)
    {
        BOOST_TEST(it.deadline() == now + expected);
        now += expected;
        it.tokens().tick(now);
    }

    reporter nobody;
    std::deque<fake_call> calls;
    std::deque<account_queues> accounts;
    admission it;
    time_point now{std::chrono::hours(1)};
    error last;
};

inline numbers range(std::size_t from, std::size_t to)
{
    numbers all;
    for (; from < to; ++from)
        all.push_back(from);
    return all;
}

} // namespace venice_keys::test
