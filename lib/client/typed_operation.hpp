// An operation with a result of type T: reads the answer, keeps the result until it is handed over. While it waits it
// has no place for one, for thousands may wait.
#pragma once

#include "client/answer_error.hpp"
#include "client/handover.hpp"
#include "client/operation.hpp"

#include <deque>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace venice_keys::detail {

// Results, used again and again. Not thread-safe: for turns.
template <class T>
class outcome_store {
public:
    using pointer = std::unique_ptr<result<T>>;

    [[nodiscard]] pointer take()
    {
        if (spare_.empty())
            return std::make_unique<result<T>>();
        pointer one = std::move(spare_.back());
        spare_.pop_back();
        return one;
    }
    void give_back(pointer one)
    {
        *one = {};
        if (spare_.size() == most_spare)
            return;
        try {
            spare_.push_back(std::move(one));
        } catch (const std::bad_alloc&) {
            return; // it is freed instead
        }
    }

private:
    static constexpr std::size_t most_spare = 1'024;

    std::vector<pointer> spare_;
};

template <class T>
class typed_operation : public operation {
public:
    using value_type = T;

    // Begins a life that is over before anything is sent.
    void refuse(error why, handover<T>&& to)
    {
        begin(nullptr, {}, time_point::max(), {});
        to_ = std::move(to);
        outcome_ = std::make_unique<result<T>>(std::move(why)); // not in a turn
        give_up();
    }
    // Takes the handler away, so that it can be destroyed without being called.
    [[nodiscard]] handover<T> let_go() noexcept { return std::move(to_); }

protected:
    typed_operation(operation_host& host, policy::operation what, outcome_store<T>& outcomes) noexcept
        : operation(host, what), outcomes_(outcomes)
    {
    }
    ~typed_operation() = default;

    void complete_to(handover<T>&& to) noexcept { to_ = std::move(to); }

private:
    // Reads an answer with status 2xx.
    virtual void decode(const std::string& body, result<T>& into) = 0;
    // The life is over: lets go of what must not be kept, and gives the object back for another.
    virtual void give_back() = 0;

    [[nodiscard]] session::verdict read(wire::reply& answer, std::optional<std::chrono::milliseconds> retry_after,
                                        error& why) final
    {
        std::optional<result<T>> late; // than the result that was handed over, or is about to be
        result<T>& got = completed() ? late.emplace() : outcome();
        const bool is_success = answer.status >= 200 && answer.status <= 299;
        if (is_success)
            decode(answer.body, got);
        else
            got = read_refusal(answer, retry_after);
        if (brings_secret()) // whatever the status: the value has it now, or nobody
            cleanse(answer.body.data(), answer.body.size());
        if (host().settings().observer && !answer.request_id.empty()) // it is told the id of any answer
            make_request_id_fit(answer.request_id, secrets());
        // foreign_key() knows no status; what the codec finds wrong has one.
        const bool names_another_key = !got && got.error().code == errc::reply_mismatch && got.error().http_status == 0;
        if (!got && is_success)
            add_headers(got.error(), answer, retry_after, secrets());
        // Another success than the documented one need not have its body: 202, 204. It is an answer all the same,
        // unless it names another key.
        if (!got && is_success && answer.status != 200 && !names_another_key &&
            (got.error().code == errc::malformed_reply || got.error().code == errc::reply_mismatch))
            got.error().code = errc::unexpected_status;
        // Who answers with success and does not name the key, or is no JSON, may have answered somebody else.
        if (!got && (got.error().code == errc::reply_mismatch || got.error().code == errc::malformed_reply)) {
            why = std::move(got).error();
            return session::verdict::mismatch;
        }
        if constexpr (std::is_void_v<T>)
            if (!got && got.error().code == errc::not_found && rule().repeat_finds_nothing && maybe_done_before())
                got = result<void>::success();
        if (completed())
            late_refusal_ = got ? nullptr : std::make_unique<error>(std::move(got).error());
        return session::verdict::accepted;
    }

    [[nodiscard]] const error* refusal() const noexcept final
    {
        if (completed())
            return late_refusal_.get();
        return *outcome_ ? nullptr : &outcome_->error();
    }
    void answered() final
    {
        if (!*outcome_)
            settle(outcome_->error());
        host().complete(*this);
        host().release(*this);
    }
    void failed(error why) final
    {
        set_failure(std::move(why));
        host().complete(*this);
        host().release(*this);
    }
    void released() final { host().release(*this); }
    void set_failure(error why) noexcept final
    {
        settle(why);
        try {
            outcome() = std::move(why);
        } catch (const std::bad_alloc&) {
            keep_bare(why);
        }
    }

    void deliver() final
    {
        handover<T> to = std::move(to_);
        auto outcome = std::move(outcome_);
        operation_host& from = host();
        outcome_store<T>& outcomes = outcomes_;
        if (!outcome) {
            error why = bare_failure();
            why.creates = rule().creates;
            if (!in_pool())
                recycle();
            return from.hand_over(std::move(to), result<T>(std::move(why)));
        }
        if (!in_pool())
            recycle();
        from.hand_over(std::move(to), std::move(*outcome));
        outcomes.give_back(std::move(outcome));
    }
    void recycle() final
    {
        to_ = {};
        outcome_.reset();
        late_refusal_.reset();
        let_principal_go();
        give_back();
    }
    [[nodiscard]] bool succeeded() const noexcept final { return outcome_ && outcome_->has_value(); }

    [[nodiscard]] result<T>& outcome()
    {
        if (!outcome_)
            outcome_ = outcomes_.take();
        return *outcome_;
    }

    outcome_store<T>& outcomes_;
    handover<T> to_;
    typename outcome_store<T>::pointer outcome_; // null: none yet, or a bare failure
    std::unique_ptr<error> late_refusal_;        // what an answer that nobody waits for any more says
};

// The objects of one kind of operation, used again and again: those that are free, and where they all live; and what
// they share.
template <class Operation>
class operation_store {
public:
    explicit operation_store(operation_host& host) : host_(host), path_(operation::path(host, Operation::what)) {}

    [[nodiscard]] operation_host& host() noexcept { return host_; }
    // Of the resource, as policy/operations.hpp has it, up to its first brace.
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] outcome_store<typename Operation::value_type>& outcomes() noexcept { return outcomes_; }

    // Under the host's lock.
    [[nodiscard]] Operation& take()
    {
        if (free_.empty())
            return all_.emplace_back(*this);
        auto& call = static_cast<Operation&>(free_.front());
        free_.pop_front();
        return call;
    }
    void give_back(Operation& call)
    {
        call.next_life();
        const auto guard = host_.lock();
        free_.push_front(call);
    }
    void clear() noexcept { free_.clear(); }
    [[nodiscard]] std::deque<Operation>& all() noexcept { return all_; }

private:
    operation_host& host_;
    const std::string path_;
    outcome_store<typename Operation::value_type> outcomes_;
    std::deque<Operation> all_;
    boost::intrusive::list<operation, boost::intrusive::base_hook<turn_hook>> free_;
};

} // namespace venice_keys::detail
