// Decides which of the waiting calls may be sent next. The calls of each account wait in its queues, and accounts
// rotate. The state of a token holds its accounts back, and a call that can't be served in its time is found at once.
// The table knows nothing of connections, and has no I/O and no clock: time is passed in.
#pragma once

#include "model/token_fingerprint.hpp"
#include "policy/token_state.hpp"
#include "pool/call.hpp"
#include "pool/reporter.hpp"

#include <venice_keys/secret.hpp>

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>

#include <cstdint>
#include <memory>
#include <unordered_map>

namespace venice_keys::detail {

class account_queues;
class token_table;

struct of_token_tag;
struct ready_tag;
struct held_tag;
struct unjudged_tag;

// The waiting calls of one account and kind: creations are apart, because the service limits them separately. Only the
// token table uses it; an account just holds it.
struct account_queue : boost::intrusive::list_base_hook<boost::intrusive::tag<of_token_tag>>,
                       boost::intrusive::list_base_hook<boost::intrusive::tag<ready_tag>>,
                       boost::intrusive::set_base_hook<boost::intrusive::tag<held_tag>> {
    using of_token_hook = boost::intrusive::list_base_hook<boost::intrusive::tag<of_token_tag>>;
    using ready_hook = boost::intrusive::list_base_hook<boost::intrusive::tag<ready_tag>>;
    using held_hook = boost::intrusive::set_base_hook<boost::intrusive::tag<held_tag>>;

    account_queue() = default;
    account_queue(const account_queue&) = delete;
    account_queue& operator=(const account_queue&) = delete;

    [[nodiscard]] bool empty() const noexcept { return calls.empty() && behind.empty(); }
    // Whether its token was found to hold it back. Otherwise it is among the ready queues, if it has calls.
    [[nodiscard]] bool held() const noexcept { return held_hook::is_linked(); }

    account_queues* owner = nullptr;
    policy::request_kind kind = policy::request_kind::ordinary;
    std::uint64_t in_rotation = 0; // larger when the queue was served, or came, later
    wire::slot_list calls;         // at the front of their key, or without a key order
    wire::slot_list behind;        // wait behind another change to their key
};

// What is known of one token, and the calls that wait until they may be sent with it.
class token_entry
    : public boost::intrusive::set_base_hook<>,
      public boost::intrusive::list_base_hook<boost::intrusive::tag<unjudged_tag>,
                                              boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    token_entry(const policy::error_budget_settings& settings, std::uint64_t number) : state_(settings), number_(number)
    {
    }

    [[nodiscard]] const policy::token_state& state() const noexcept { return state_; }

private:
    friend class token_table;

    using unjudged_hook = boost::intrusive::list_base_hook<boost::intrusive::tag<unjudged_tag>,
                                                           boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
    struct rotation_key {
        using type = std::uint64_t;
        const type& operator()(const account_queue& each) const noexcept { return each.in_rotation; }
    };
    struct deadline_key {
        using type = time_point;
        const type& operator()(const call& each) const noexcept { return each.deadline(); }
    };

    // The queues and calls of one kind.
    struct waiting {
        boost::intrusive::list<account_queue, boost::intrusive::base_hook<account_queue::of_token_hook>,
                               boost::intrusive::constant_time_size<false>>
            queues;
        // The queues that are held, in rotation: one that was asked in vain keeps its place.
        boost::intrusive::multiset<account_queue, boost::intrusive::base_hook<account_queue::held_hook>,
                                   boost::intrusive::key_of_value<rotation_key>,
                                   boost::intrusive::constant_time_size<false>>
            held;
        // Every call in the queues, those behind others included. Empty until judge() first needs the order, because
        // order costs something and most calls are sent before.
        boost::intrusive::multiset<call, boost::intrusive::base_hook<time_hook>,
                                   boost::intrusive::key_of_value<deadline_key>,
                                   boost::intrusive::constant_time_size<false>>
            by_deadline;
        time_point opens_at = time_point::min(); // judge() found that nothing of this kind may be sent before

        void enter_order(call& which)
        {
            if (!by_deadline.empty())
                by_deadline.insert(by_deadline.end(), which);
        }
        void leave_order(call& which)
        {
            if (which.time_hook::is_linked())
                by_deadline.erase(by_deadline.iterator_to(which));
        }
    };

    policy::token_state state_;
    policy::by_kind<waiting> waiting_;
    std::uint64_t number_;                   // in the order in which tokens came
    time_point wake_at_ = time_point::max(); // its time in `waking_`; max when it is not there
    error_budget_state reported_ = error_budget_state::passing;
    std::uint64_t refused_before_ = 0; // calls with a smaller number are older than the refusal of the token
};

// Where the calls of one account wait. It must live as long as any of them waits.
class account_queues {
public:
    account_queues() noexcept
    {
        for (const policy::request_kind kind : policy::request_kinds) {
            queues_[kind].owner = this;
            queues_[kind].kind = kind;
        }
    }

    [[nodiscard]] bool has_token() const noexcept { return token_ != nullptr; }

private:
    friend class token_table;

    std::shared_ptr<token_entry> token_;
    policy::by_kind<account_queue> queues_;
};

class token_table {
public:
    // `report` must outlive this object.
    token_table(const policy::error_budget_settings& error_budget, const reporter& report)
        : error_budget_(error_budget), report_(report)
    {
    }
    token_table(const token_table&) = delete;
    token_table& operator=(const token_table&) = delete;
    ~token_table();

    // Lets the account, and its calls that wait, act with this token from now on. Accounts with equal tokens share a
    // state.
    void use_token(account_queues& whose, const secret& token, time_point now);

    // Numbers a new call, and puts it into its account's queue or behind another change to its key.
    void enter(call& which, account_queues& whose, bool behind_another);
    // Puts a call that is to be sent again in front of its queue.
    void requeue(call& which);
    // Lets a call that waited behind another change to its key go when its token allows it.
    void advance(call& which);
    // Takes out a call that waits.
    void leave(call& which);

    // Whether a call of this kind may go now.
    [[nodiscard]] bool ready(policy::request_kind kind, time_point now);
    // The call that may go. Only after ready().
    [[nodiscard]] const call& front(policy::request_kind kind) const noexcept;
    // Takes that call out. It counts as sent until sent_answered() or sent_forgotten(). Only after ready().
    [[nodiscard]] call& next(policy::request_kind kind);
    // How many calls may go, as far as is known without asking each account.
    [[nodiscard]] std::size_t ready_calls() const noexcept { return ready_calls_; }

    // `reported`: whether the answer said what is left of the error budget.
    void sent_answered(call& which, unsigned status, policy::token_acceptance token, bool reported, time_point now);
    void sent_forgotten(call& which);
    // These note what an answer to this call said about the time to come. Call them before sent_answered().
    void hold_until(const call& which, time_point when, time_point now);
    void report(const call& which, std::uint64_t remaining, time_point reset_at, time_point now);
    void report_budget(const call& which, std::uint64_t remaining, time_point resets_at, time_point now)
    {
        which.token_->state_.report_budget(remaining, resets_at, now);
    }
    void budget_spent(const call& which, time_point until) { which.token_->state_.budget_spent(until); }

    // Takes out a call that can't be served in its time, and says why; null when there is none. Ask in each turn.
    [[nodiscard]] call* unservable(error& why, time_point now);
    // What holds a waiting call back.
    [[nodiscard]] policy::hold held_by(const call& which, time_point now) const noexcept;

    // Takes out every call that waits only for a connection.
    [[nodiscard]] wire::slot_list take_ready(time_point now);
    // Takes out every call that waits for no other change to its key.
    [[nodiscard]] wire::slot_list take_all();

    void tick(time_point now);
    // When tick() has something to do; time_point::max() for never.
    [[nodiscard]] time_point deadline() const noexcept;

    // How many calls wait here.
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }
    // How many tokens have an entry.
    [[nodiscard]] std::size_t size() const noexcept { return tokens_.size(); }

private:
    struct wake_key {
        using type = time_point;
        const type& operator()(const token_entry& each) const noexcept { return each.wake_at_; }
    };
    using ready_queues = boost::intrusive::list<account_queue, boost::intrusive::base_hook<account_queue::ready_hook>,
                                                boost::intrusive::constant_time_size<false>>;

    void begin(call& which, account_queue& where);
    void put(call& which, account_queue& where, bool in_front);
    void take_out(call& which);
    void take_out_of_queue(call& which, account_queue& where);
    void empty(account_queue& which, wire::slot_list& into);
    void make_ready(account_queue& which);
    void hold_back(account_queue& which, time_point now);
    void judge_later(token_entry& which);
    void judge(token_entry& which, policy::request_kind kind, time_point now);
    void give_up(call& which, policy::hold why, time_point until);
    void refuse_token(token_entry& which);
    void wake(token_entry& which);
    void wake_next(token_entry& which, policy::request_kind kind);
    void set_wake(token_entry& which, time_point when);
    void report_state(token_entry& which, time_point now);
    void forget_blank(time_point now);

    policy::error_budget_settings error_budget_;
    const reporter& report_;
    fingerprints fingerprints_; // a replaced token must not stay in memory because its state does
    std::unordered_map<token_fingerprint, std::shared_ptr<token_entry>, fingerprint_hash> tokens_;
    std::size_t sweep_at_ = 64;           // the number of tokens at which blank ones are looked for
    policy::by_kind<ready_queues> ready_; // in rotation
    boost::intrusive::multiset<token_entry, boost::intrusive::key_of_value<wake_key>> waking_;
    // Tokens that may be held for longer than when they were judged last, or that have other calls now.
    boost::intrusive::list<token_entry, boost::intrusive::base_hook<token_entry::unjudged_hook>,
                           boost::intrusive::constant_time_size<false>>
        unjudged_;
    wire::slot_list unservable_;
    std::uint64_t next_number_ = 1;
    std::uint64_t next_token_ = 1;
    std::uint64_t next_in_rotation_ = 1;
    std::size_t ready_calls_ = 0;
    std::size_t waiting_ = 0;
};

} // namespace venice_keys::detail
