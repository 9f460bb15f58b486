// Whose calls may be sent: the lines of each account, and the state of each token. Accounts take turns; a line waits
// while its token's state holds it back, and a call that can't be served in its time is told so at once. Knows
// nothing of connections. No I/O and no clock: time is passed in.
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

namespace venice_keys {

class token_table;

struct line_of_token_tag;
struct line_in_queue_tag;
struct held_line_tag;

// The calls of one account that wait for their turn to be sent: creations and the others apart, for the service limits
// creations besides.
class line : public boost::intrusive::list_base_hook<boost::intrusive::tag<line_of_token_tag>>,
             public boost::intrusive::list_base_hook<boost::intrusive::tag<line_in_queue_tag>>,
             public boost::intrusive::set_base_hook<boost::intrusive::tag<held_line_tag>> {
public:
    line() = default;
    line(const line&) = delete;
    line& operator=(const line&) = delete;

private:
    friend class account;
    friend class token_table;
    friend class token_entry;

    // Whether it is known that nothing of it goes before this deadline.
    [[nodiscard]] bool comes_too_late_for(time_point deadline) const noexcept
    {
        return held_by_ != policy::hold::none && held_until_ != time_point::max() && deadline <= held_until_;
    }

    wire::slot_list calls_;
    account* owner_ = nullptr;
    policy::request_kind kind_ = policy::request_kind::ordinary;
    policy::hold held_by_ = policy::hold::none;        // none: among the ready ones, if it has calls
    time_point held_until_ = time_point::max();        // max: until answers come
    time_point earliest_deadline_ = time_point::max(); // of its calls and those behind them; not later than that
    std::uint64_t turn_ = 0;                           // when it had its last turn, or came
};

// How the service sees one token, and whose calls wait for it.
class token_entry : public boost::intrusive::set_base_hook<> {
public:
    explicit token_entry(const policy::error_budget_settings& settings) : state_(settings) {}

    [[nodiscard]] const policy::token_state& state() const noexcept { return state_; }

private:
    friend class token_table;
    using waiting_lines = boost::intrusive::list<
        line, boost::intrusive::base_hook<boost::intrusive::list_base_hook<boost::intrusive::tag<line_of_token_tag>>>>;
    struct turn_key {
        using type = std::uint64_t;
        const type& operator()(const line& each) const noexcept { return each.turn_; }
    };
    // In order of their turns, so that a line which is asked in vain keeps its place.
    using held_lines = boost::intrusive::multiset<
        line, boost::intrusive::base_hook<boost::intrusive::set_base_hook<boost::intrusive::tag<held_line_tag>>>,
        boost::intrusive::key_of_value<turn_key>>;

    policy::token_state state_;
    waiting_lines waiting_;            // every line with calls
    policy::by_kind<held_lines> held_; // of these, the ones that are held back
    policy::by_kind<time_point> known_until_{{time_point::min(), time_point::min()}}; // the latest that lines were told
    time_point wake_at_ = time_point::max(); // when it is in the set of those that wait for a time
    std::uint64_t number_ = 0;               // in the order in which tokens came
    error_budget_state told_ = error_budget_state::passing;
    std::uint64_t refused_before_ = 0; // calls with a smaller number waited when the token was refused
};

// One principal's place in the pool. Its calls outlive neither it nor the pool.
class account {
public:
    account() noexcept
    {
        for (const policy::request_kind kind : policy::request_kinds) {
            lines_[kind].owner_ = this;
            lines_[kind].kind_ = kind;
        }
    }

private:
    friend class token_table;
    friend class pool;

    std::shared_ptr<token_entry> token_;
    policy::by_kind<line> lines_;
};

class token_table {
public:
    // `report` must outlive it.
    token_table(const policy::error_budget_settings& error_budget, const reporter& report)
        : error_budget_(error_budget), report_(report)
    {
    }
    token_table(const token_table&) = delete;
    token_table& operator=(const token_table&) = delete;
    ~token_table();

    // Lets the account act with this token from now on; calls of it that wait, too. Accounts with equal tokens share a
    // state.
    void use_token(account& whose, const secret& token, time_point now);

    // Whether a call of this kind may go now.
    [[nodiscard]] bool ready(policy::request_kind kind, time_point now);
    // That call. Only after ready().
    [[nodiscard]] const call& front(policy::request_kind kind) const noexcept;
    // The same, out of here: it counts as sent until sent_answered() or sent_forgotten(). Only after ready().
    [[nodiscard]] call& next(policy::request_kind kind);
    // Calls that may go as far as is known without asking each account.
    [[nodiscard]] std::size_t ready_calls() const noexcept { return ready_calls_; }

    // `told`: the answer said what is left of the error budget.
    void sent_answered(call& which, unsigned status, policy::token_verdict token, bool told, time_point now);
    void sent_forgotten(call& which);
    // What an answer to this call said of the times to come. Before sent_answered().
    void hold_until(const call& which, time_point when, time_point now);
    void report(const call& which, std::uint64_t remaining, time_point reset_at, time_point now);
    void report_budget(const call& which, std::uint64_t remaining, time_point resets_at, time_point now);
    void budget_spent(const call& which, time_point until);

    // A call that can't be served in its time, out of here, and why; null for none. To be asked in each turn.
    [[nodiscard]] call* hopeless(error& why, time_point now);
    // What holds a waiting call back; the failure that this would be for it, and the words.
    [[nodiscard]] policy::hold held_by(const call& which) const noexcept;
    [[nodiscard]] error held_error(policy::hold why, time_point until, time_point now) const;

    // Takes out every call that waits for a connection alone. Those behind get their turn by pass_turn(), so that it is
    // to be asked until nothing comes.
    [[nodiscard]] wire::slot_list take_ready(time_point now);

    void tick(time_point now);

    // Every call that is not on a connection.
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }
    // Tokens that something is remembered of.
    [[nodiscard]] std::size_t size() const noexcept { return tokens_.size(); }

protected:
    // Gives a new call its account, and its number.
    void take_in(call& which, account& whose) noexcept;
    // Puts a call into its account's line, behind the others or in front.
    void queue(call& which, bool in_front);
    // Takes it out of there.
    void take_from_line(call& which);
    // A call waits behind `leader`, which has the turn of its key.
    void wait_behind(call& which, call& leader);
    // Takes out every call that is in a line, or hopeless.
    [[nodiscard]] wire::slot_list take_lines();
    // When tick() has something to do.
    [[nodiscard]] time_point deadline() const noexcept;

    std::size_t waiting_ = 0;

private:
    struct wake_key {
        using type = time_point;
        const type& operator()(const token_entry& each) const noexcept { return each.wake_at_; }
    };
    using ready_lines = boost::intrusive::list<
        line, boost::intrusive::base_hook<boost::intrusive::list_base_hook<boost::intrusive::tag<line_in_queue_tag>>>>;
    using held_lines = token_entry::held_lines;

    [[nodiscard]] static line& line_of(const call& which) noexcept;
    void make_ready(line& which);
    void hold_back(line& which, policy::hold why, time_point now);
    void doom(call& which, policy::hold why, time_point until);
    void doom_late(line& which);
    void doom_late_behind(call& leader, policy::hold why, time_point until);
    void remove(line& which);
    void empty(line& which, wire::slot_list& into);
    void wake(token_entry& which);
    void wake_next(token_entry& which, policy::request_kind kind);
    void set_wake(token_entry& which, time_point when);
    void refuse_token(token_entry& which);
    void tell(token_entry& which, time_point now);
    void forget_blank(time_point now);

    policy::error_budget_settings error_budget_;
    const reporter& report_;
    fingerprints fingerprints_; // a token that was replaced must not stay in memory for what is remembered of it
    std::unordered_map<token_fingerprint, std::shared_ptr<token_entry>, fingerprint_hash> tokens_;
    std::size_t sweep_at_ = 64;          // tokens, when blank ones are looked for
    policy::by_kind<ready_lines> ready_; // turn by turn
    boost::intrusive::multiset<token_entry, boost::intrusive::key_of_value<wake_key>> waking_;
    wire::slot_list hopeless_;
    std::uint64_t next_number_ = 1;
    std::uint64_t next_account_ = 1;
    std::uint64_t next_turn_ = 1;
    std::size_t ready_calls_ = 0;
};

} // namespace venice_keys
