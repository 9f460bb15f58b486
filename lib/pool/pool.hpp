// Which connection takes which call: opens, fills, replaces and retires sessions, replays what was lost and retries
// what was refused where that is right. No I/O of its own and no timer: its owner calls tick() at deadline(), and
// pump() at the end of each turn.
#pragma once

#include "policy/backoff.hpp"
#include "policy/depth.hpp"
#include "policy/pipelining.hpp"
#include "policy/silence.hpp"
#include "pool/admission.hpp"
#include "pool/call.hpp"
#include "pool/connection.hpp"
#include "pool/reporter.hpp"
#include "pool/trial_pair.hpp"
#include "session/session.hpp"
#include "wire/retry_after.hpp"

#include <venice_keys/config.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace venice_keys::detail {

struct pool_settings {
    std::size_t max_connections;
    std::size_t pipeline_depth;
    retry_config retry;
    policy::error_budget_settings error_budget;
    session_limits session;
    reporter report = {};
    // What is taken for true until a connection comes up: how many requests it will carry at a time.
    std::size_t expected_room = 1;
    pipelining_state pipelining = pipelining_state::unknown;
    std::chrono::milliseconds max_connection_age = std::chrono::hours(24);
};

// Since the pool was made.
struct pool_counters {
    std::uint64_t connections_opened = 0;
    std::uint64_t sessions_resumed = 0;
    std::uint64_t connections_lost = 0;
    std::uint64_t requests_written = 0;
    std::uint64_t replies = 0;
    std::uint64_t replays = 0;
    std::uint64_t multiplexed_connections = 0; // of those opened
    std::size_t deepest_pipeline = 0;
};

// What the time is. Dates in answers are compared with the wall's.
struct pool_clocks {
    session::clock now;
    std::function<wire::server_clock::time()> wall;
};

class pool final : private session::listener {
public:
    // `seed` is of the jitter.
    pool(net::transport_source& source, const pool_settings& settings, pool_clocks clocks, std::uint64_t seed);
    pool(const pool&) = delete;
    pool& operator=(const pool&) = delete;
    ~pool();

    // Lets the account act with this token from now on. What was written before keeps the old one.
    void use_token(account_queues& whose, const secret& token);
    // Queues a call. Nothing happens before pump(). The account has a token.
    void submit(call& which, account_queues& whose) { admission_.enter(which, whose); }
    // True: the call is out of the pool. False: it was written, and is abandoned until take_ended() gives it.
    [[nodiscard]] bool withdraw(call& which);
    // A call that has its answer or its failure, or that was abandoned and is owed nothing any more; null for none. The
    // pool does not refer to it any more. To be asked after each event, tick(), pump() and close().
    [[nodiscard]] call* take_ended() noexcept;
    // Why another attempt to connect is in vain, as was found since this was asked last; null otherwise. The calls that
    // waited for a connection have failed.
    [[nodiscard]] const error* take_unreachable() noexcept
    {
        return std::exchange(unreachable_, false) ? &last_connect_error_ : nullptr;
    }
    // Why a call that is out of time has failed, and what it was waiting for. Not whether it was sent.
    [[nodiscard]] error out_of_time(const call& which) const;
    // What a call is waiting for, in words.
    [[nodiscard]] std::string waiting_for(const call& which) const;

    // Gives waiting calls to sessions, opens sessions, writes.
    void pump(time_point now);
    void tick(time_point now);
    // When tick() is due, time_point::max() for never; perhaps earlier than that, but not after a tick() with nothing
    // in between.
    [[nodiscard]] time_point deadline() const noexcept;

    // Why the last attempt to connect failed; null when there was none, or one has come up since.
    [[nodiscard]] const error* connect_trouble() const noexcept
    {
        return backoff_.waiting() && last_connect_error_.code != errc::no_result ? &last_connect_error_ : nullptr;
    }
    // What there is to wait for until a connection comes up, in words, with the last failure.
    [[nodiscard]] std::string connecting_words() const;

    // Opens connections ahead, until `connections` are open or that is in vain; 0 for none.
    void warm_up(std::size_t connections) noexcept { wanted_ = std::min(connections, settings_.max_connections); }
    // Ends every call with `why` and closes every connection.
    void close(const error& why);

    [[nodiscard]] std::size_t waiting() const noexcept { return admission_.waiting(); }
    [[nodiscard]] std::size_t usable() const noexcept;
    [[nodiscard]] std::size_t connections() const noexcept { return sessions_.size(); }
    [[nodiscard]] pipelining_state pipelining() const noexcept { return pipelining_.state(); }
    [[nodiscard]] const pool_counters& counters() const noexcept { return counters_; }

private:
    // How long a server is left alone that asks for calm.
    static constexpr std::chrono::seconds calm_pause{1};

    void on_open(session& which, const net::connection_facts& how) override;
    [[nodiscard]] session::attribution on_answer(session& which, wire::slot& who, wire::reply& answer,
                                                 error& why) override;
    void on_lost(session& which, wire::slot& who, wire::conversation::fate how, error why) override;
    void on_calm(session& which) override;
    void on_outdated(session& which) override;
    void on_wants_write(session& which) override;
    void on_ending(session& which) override;
    void on_closed(session& which, error why) override;

    [[nodiscard]] token_table& tokens() noexcept { return admission_.tokens(); }
    [[nodiscard]] const token_table& tokens() const noexcept { return admission_.tokens(); }
    [[nodiscard]] bool waits_for_connection(const call& which) const noexcept;
    [[nodiscard]] bool back_off_allows(time_point now) noexcept;
    [[nodiscard]] bool may_open(time_point now) noexcept;
    [[nodiscard]] std::size_t streams_on(const connection& which) const noexcept
    {
        return std::min(which.capacity(), streams_.limit());
    }
    [[nodiscard]] std::size_t room_to_come() const noexcept;
    [[nodiscard]] std::size_t most_on(const connection& which) const noexcept;
    [[nodiscard]] bool serves(const connection& which) const noexcept;
    [[nodiscard]] bool has_room(const connection& which) const noexcept;
    void update_room(connection& which) noexcept;
    void update_rooms() noexcept;
    [[nodiscard]] connection* with_room() noexcept;
    void reserve(connection* which) noexcept;
    [[nodiscard]] connection* connection_for_creation(time_point now);
    [[nodiscard]] connection* least_busy() const noexcept;
    void open();
    void retire(connection& which, const char* why);
    void take_out(connection& which);
    void owes_less(connection& which);
    void drain(connection& which, const char* why);
    void retire_unanswering();
    void suspect(time_point since);
    void suspect(connection& which);
    [[nodiscard]] time_point slow_at(const connection& which) const noexcept;
    [[nodiscard]] time_point deadline_of(const connection& which) const noexcept;
    void changed(connection& which) noexcept;
    void moved(const connection& which) noexcept;
    void flush(time_point now);
    void give_all(time_point now);
    void give_creations(time_point now);
    void give(call& which, connection& to);
    void take_back(connection& from);
    void take_back(connection& from, wire::slot_list& staged);
    void take_back_excess(const token_entry& token, time_point now);
    void resume_paused(time_point now);
    [[nodiscard]] bool end_unservable(time_point now);
    void learn_from(connection& which, const call& asked, const wire::reply& answer, time_point now);
    [[nodiscard]] wire::server_clock::time servers_time(const wire::reply& answer);
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry_after_of(const wire::reply& answer);
    [[nodiscard]] bool heed_limits(const call& asked, const wire::reply& answer, time_point now);
    [[nodiscard]] bool retry(call& refused, const error& why, std::optional<std::chrono::milliseconds> retry_after,
                             time_point now);
    void connect_failed(const connection& which, const error& why);
    void turned_away(connection& which, const error& why);
    void lost(connection& which, const error& why);
    bool replay(connection& on, policy::loss how, const error& why);
    template <class Wanted>
    bool end_written(connection& on, delivery how, const error& front, const error& others, Wanted wanted);
    void requeue(wire::slot_list& calls);
    void leave(call& which);
    void end(call& which, error why);
    void end_all(wire::slot_list& calls, const error& why);

    net::transport_source& source_;
    pool_settings settings_;
    pool_clocks clocks_;
    std::vector<std::unique_ptr<connection>> sessions_;
    std::vector<std::unique_ptr<connection>> closed_; // kept until the turn in which they closed has ended
    // What a turn needs to know of all of them, kept from turn to turn: one of many that changes is to cost no look at
    // the others. Whoever is in idle_ or busy_ may have no room any more; whoever has room is there.
    connection_list<has_room_tag> idle_; // owe nothing; the last to be used in front
    connection_list<has_room_tag> busy_;
    connection_list<wants_write_tag> to_flush_;
    std::size_t connecting_ = 0;
    mutable std::optional<std::size_t> usable_;
    mutable std::optional<time_point> session_deadline_; // of the first of them; not later than that
    admission admission_;
    policy::backoff backoff_;
    policy::jitter jitter_;
    policy::pipelining pipelining_;
    trial_pair trial_{pipelining_};
    policy::depth streams_;
    policy::silence silence_;
    policy::jitter age_jitter_;
    policy::retry_budget budget_;
    wire::server_clock server_clock_;
    std::uint64_t next_session_ = 1;
    connection* reserved_ = nullptr;       // takes no more calls until a creation has it alone
    bool creation_last_ = false;           // given to a session: the others are next
    bool careful_ = false;                 // a connection was lost: the next carries one request until it answers
    bool unanswering_lost_ = false;        // since the last pump(): one that owed an answer and had given none
    std::optional<time_point> calm_until_; // the server wants no more requests before
    std::size_t expected_room_;
    std::size_t round_size_ = 0;              // failures of attempts side by side that don't count again
    bool waits_for_back_off_ = false;         // a connection was wanted in the last pump(), and it was too early for it
    std::optional<time_point> stalled_since_; // connections that were given up in this tick(): the last to fall silent
    std::size_t wanted_ = 0;
    error last_connect_error_;
    bool unreachable_ = false; // for take_unreachable()
    wire::slot_list ended_;    // for take_ended()
    pool_counters counters_;
};

// Ends the attempt of everything that a connection owed an answer when it ended: `front` is the trouble of the first,
// `others` that of those behind it. What nobody waits for any more is over; what becomes of the others says
// wanted(call, is_front), which must not throw. Returns whether one of them was sent behind another.
template <class Wanted>
bool pool::end_written(connection& on, delivery how, const error& front, const error& others, Wanted wanted)
{
    wire::slot_list written = on.take_written();
    bool any_behind = false;
    for (bool is_front = true; !written.empty(); is_front = false) {
        call& each = to_call(written.front());
        written.pop_front();
        const bool abandoned = each.where() == wire::slot::state::abandoned;
        const error& trouble = is_front ? front : others;
        any_behind = any_behind || each.behind_;
        settings_.report.ended(on, each, nullptr, static_cast<errc>(trouble.code.value()), clocks_.now());
        tokens().sent_forgotten(each);
        each.attempt_ended(how, how == delivery::sent_unanswered);
        if (!abandoned) {
            wanted(each, is_front);
            continue;
        }
        leave(each);
    }
    return any_behind;
}

} // namespace venice_keys::detail
