// A call with its request (one of client/requests.hpp): it reads the answer and keeps the result until that is handed
// over. A waiting call has no room for a result, because thousands may wait.
#pragma once

#include "client/answer_error.hpp"
#include "client/completion.hpp"
#include "client/operation.hpp"
#include "client/requests.hpp"

#include <venice_keys/secret.hpp>

#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace venice_keys::detail {

// Whose call it is, when its life begins, and until when that may last.
struct lifetime {
    std::shared_ptr<account> who;
    time_point now;
    time_point deadline;
};

template <class Request>
class operation_store;

template <class Request>
class operation_of final : public operation {
public:
    using value_type = typename Request::value_type;

    explicit operation_of(operation_store<Request>& home) noexcept : operation(Request::what), home_(home) {}

    // Begins a life.
    template <class... Values>
    void start(lifetime&& life, completion<value_type>&& to, Values&&... values)
    {
        const request_texts texts = request_.encode(home_.path(), std::forward<Values>(values)...);
        begin(std::move(life.who), life.now, life.deadline, texts.key);
        to_ = std::move(to);
        request(who().head(), {rule().method, texts.target, texts.body}, rule().exclusive);
    }
    // Begins a life that ends with `why`, before anything is sent.
    void refuse(error why, completion<value_type>&& to)
    {
        begin(nullptr, {}, time_point::max(), {});
        to_ = std::move(to);
        outcome_ = std::make_unique<result<value_type>>(std::move(why)); // the store's results are for turns alone
    }
    // Takes the handler away, so that it can be destroyed without being called.
    [[nodiscard]] completion<value_type> let_go() noexcept { return std::move(to_); }

    // Keeps the failure without its texts when there is no memory for them.
    void set_failure(error why) noexcept override
    {
        add_delivery(why, delivery());
        try {
            outcome() = std::move(why);
        } catch (const std::bad_alloc&) {
            keep_bare(why);
        }
    }
    [[nodiscard]] bool succeeded() const noexcept override { return outcome_ && outcome_->has_value(); }
    void deliver(executors& by) override
    {
        completion<value_type> to = std::move(to_);
        auto outcome = std::move(outcome_);
        auto& home = home_;
        std::optional<result<value_type>> bare;
        if (!outcome)
            bare.emplace(bare_failure());
        if (!in_pool())
            recycle();
        by.complete(std::move(to), std::move(outcome ? *outcome : *bare));
        if (outcome)
            home.give_back(std::move(outcome));
    }
    void recycle() override
    {
        to_ = {};
        outcome_.reset();
        if constexpr (carries_secrets)
            request_.clear();
        let_account_go();
        home_.give_back(*this);
    }

private:
    static constexpr bool carries_secrets = requires(const Request& each) { each.secrets(); };

    [[nodiscard]] reading read(wire::reply& answer, std::optional<std::chrono::milliseconds> retry_after,
                               error& why) override;
    // Of the key that it is about; empty when it is about none.
    [[nodiscard]] std::string_view id() const noexcept
    {
        if constexpr (requires { request_.id(); })
            return request_.id();
        else
            return {};
    }
    // The secrets that no text from an answer may show.
    [[nodiscard]] secret_list secrets() const noexcept
    {
        if constexpr (carries_secrets)
            return request_.secrets();
        else
            return secret_list(who().used_tokens());
    }
    [[nodiscard]] result<value_type>& outcome()
    {
        if (!outcome_)
            outcome_ = home_.take_spare();
        return *outcome_;
    }

    operation_store<Request>& home_;
    Request request_;
    completion<value_type> to_;
    std::unique_ptr<result<value_type>> outcome_; // null when there is none yet, or only a bare failure
};

template <class Request>
reading operation_of<Request>::read(wire::reply& answer, std::optional<std::chrono::milliseconds> retry_after,
                                    error& why)
{
    answer_context& with = home_.context();
    std::optional<result<value_type>> late; // for an answer that comes too late to be the result
    result<value_type>& got = completed() ? late.emplace() : outcome();
    const bool is_success = answer.status >= 200 && answer.status <= 299;
    if (is_success)
        request_.decode(answer.body, secrets(), with, got);
    else
        got = read_refusal(answer, rule(), id(), retry_after, secrets(), with);
    if (brings_secret(rule())) // whatever the status: the secret has been read by now
        cleanse(answer.body.data(), answer.body.size());
    if (with.observed && !answer.request_id.empty())
        make_request_id_fit(answer.request_id, secrets());
    // wrong_key() sets no status; the errors of the codec have one.
    const bool names_another_key = !got && got.error().code == errc::reply_mismatch && got.error().http_status == 0;
    if (!got && is_success)
        add_headers(got.error(), answer, retry_after, secrets());
    // A success other than the documented one, such as 202 or 204, need not have the documented body. It is an answer
    // all the same, unless it names another key.
    if (!got && is_success && answer.status != 200 && !names_another_key &&
        (got.error().code == errc::malformed_reply || got.error().code == errc::reply_mismatch))
        got.error().code = errc::unexpected_status;
    // A success that does not name the key, or is not JSON, may be the answer to another request.
    if (!got && (got.error().code == errc::reply_mismatch || got.error().code == errc::malformed_reply)) {
        why = std::move(got).error();
        return {session::attribution::mismatch};
    }
    if constexpr (std::is_void_v<value_type>)
        if (!got && got.error().code == errc::not_found && rule().gone_when_done && maybe_done_before())
            got = result<void>::success();
    if (got)
        return {session::attribution::matches};
    add_delivery(got.error(), delivery_once_answered());
    if (!completed())
        return {session::attribution::matches, &got.error()};
    why = std::move(got).error();
    return {session::attribution::matches, &why};
}

} // namespace venice_keys::detail
