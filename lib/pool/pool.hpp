// Decides which connection takes which call. It opens, fills, replaces and retires sessions, and it replays lost calls
// and retries refused calls where that is right. It does no I/O itself and has no timer: its owner calls tick() at
// deadline(), and pump() at the end of each turn.
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
    // How many requests a connection is expected to carry at a time, until the first one comes up.
    std::size_t expected_room = 1;
    pipelining_state pipelining = pipelining_state::unknown;
    std::chrono::milliseconds max_connection_age = std::chrono::hours(24);
};

// These count since the pool was made.
struct pool_counters {
    std::uint64_t connections_opened = 0;
    std::uint64_t sessions_resumed = 0;
    std::uint64_t connections_lost = 0;
    std::uint64_t requests_written = 0;
    std::uint64_t replies = 0;
    std::uint64_t replays = 0;
    std::uint64_t multiplexed_connections = 0; // among those opened
    std::size_t deepest_pipeline = 0;
};

// These tell the time. Dates in answers are compared with the wall clock.
struct pool_clocks {
    session::clock now;
    std::function<wire::server_clock::time()> wall;
};

class pool final : private session::listener {
public:
    // `seed` is for the random delays.
    pool(net::transport_source& source, const pool_settings& settings, pool_clocks clocks, std::uint64_t seed);
    pool(const pool&) = delete;
    pool& operator=(const pool&) = delete;
    ~pool();

    // Lets the account act with this token from now on. Requests that are written already keep the old one.
    void use_token(account_queues& whose, const secret& token);
    // Queues a call. Nothing is sent before pump(). The account must have a token.
    void submit(call& which, account_queues& whose) { admission_.enter(which, whose); }
    // True: the call has left the pool. False: it was written, and is abandoned until take_ended() returns it.
    [[nodiscard]] bool withdraw(call& which);
    // Takes out a call that has its answer or its failure, or an abandoned one that is owed nothing any more; null when
    // there is none. The pool does not refer to it any more. Ask for it after each event, tick(), pump() and close().
    [[nodiscard]] call* take_ended() noexcept;
    // Why another attempt to connect would be in vain, if that was found since the last call; null otherwise. Calls
    // that had no usable connection left have failed by then.
    [[nodiscard]] const error* take_unreachable() noexcept
    {
        return std::exchange(unreachable_, false) ? &last_connect_error_ : nullptr;
    }
    // The failure of a call that is out of time. It says what the call was waiting for, but not whether it was sent.
    [[nodiscard]] error out_of_time(const call& which) const;
    // What has kept a call waiting, then these words and what it is waiting for: `connecting to example.org:443 failed;
    // the time ran out while waiting for the next attempt to connect`.
    [[nodiscard]] std::string wait_of(const call& which, std::string_view words) const;

    // Gives waiting calls to sessions, opens sessions, and writes.
    void pump(time_point now);
    void tick(time_point now);
    // When tick() is due; time_point::max() for never. The time may be too early, but right after tick() it is exact.
    [[nodiscard]] time_point deadline() const noexcept;

    // Why the last attempt to connect failed; null when none did, or when a connection has come up since.
    [[nodiscard]] const error* connect_trouble() const noexcept
    {
        return backoff_.waiting() && last_connect_error_.code != errc::no_result ? &last_connect_error_ : nullptr;
    }
    // The same for whoever waits for a connection alone.
    [[nodiscard]] std::string wait_for_connection(std::string_view words) const;

    // Opens connections before calls need them, until so many are open or to connect is in vain; 0 for none.
    void warm_up(std::size_t connections) noexcept { wanted_ = std::min(connections, settings_.max_connections); }
    // Ends every call with `why` and closes every connection.
    void close(const error& why);

    [[nodiscard]] std::size_t waiting() const noexcept { return admission_.waiting(); }
    [[nodiscard]] std::size_t usable() const noexcept;
    [[nodiscard]] std::size_t connections() const noexcept { return sessions_.size(); }
    [[nodiscard]] pipelining_state pipelining() const noexcept { return pipelining_.state(); }
    [[nodiscard]] const pool_counters& counters() const noexcept { return counters_; }

private:
    // How long nothing new is sent to a server that asks for calm.
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
    // What a call that does not wait for a connection is waiting for.
    [[nodiscard]] std::string_view waiting_for(const call& which) const;
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
    // What a turn has to know of all connections is kept from turn to turn, so that a change to one costs no look at
    // the others. Every connection with room is in idle_ or busy_; some in these lists may have lost their room since.
    connection_list<has_room_tag> idle_; // nothing is in flight; the most recently used one is in front
    connection_list<has_room_tag> busy_;
    connection_list<wants_write_tag> to_flush_;
    std::size_t connecting_ = 0;
    mutable std::optional<std::size_t> usable_;
    mutable std::optional<time_point> session_deadline_; // not later than the earliest deadline of a connection
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
    connection* reserved_ = nullptr;       // takes no more calls until a creation has it to itself
    bool creation_last_ = false;           // the last call given to a session was a creation: others are next
    bool careful_ = false;                 // a connection was lost: a new one carries one request until it answers
    bool unanswering_lost_ = false;        // a connection that had given no answer was lost since the last pump()
    std::optional<time_point> calm_until_; // the server wants no new requests before this time
    std::size_t expected_room_;
    std::size_t round_size_ = 0;              // how many more failures belong to a round that is counted already
    bool waits_for_back_off_ = false;         // in the last pump() it was too early to open a connection
    std::optional<time_point> stalled_since_; // when the last of those given up in this tick() fell silent
    std::size_t wanted_ = 0;
    error last_connect_error_;
    bool unreachable_ = false; // for take_unreachable()
    wire::slot_list ended_;    // for take_ended()
    pool_counters counters_;
};

// Ends the attempt of every request that a closed connection owed an answer: with `front` as the trouble of the first,
// and `others` for those behind it. Abandoned calls are over; wanted(call, is_front) decides what becomes of each of
// the others, and must not throw. Returns whether any of the requests was sent behind another.
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
        settings_.report.ended(on, each, nullptr, trouble.why(), clocks_.now());
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
