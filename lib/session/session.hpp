// One connection and the conversation on it: stages requests, gathers them into one write, and hands each answer to its
// slot. It knows nothing of other connections, of retries, or of what the requests mean.
#pragma once

#include "net/transport.hpp"
#include "wire/conversation.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace venice_keys::detail {

using wire::time_point;

// How much one session accepts, and how long it waits.
struct session_limits {
    wire::reply_limits reply;
    std::chrono::milliseconds connect_timeout;
    std::chrono::milliseconds stall_timeout;
    std::chrono::milliseconds idle_timeout;
    std::chrono::milliseconds answer_timeout = std::chrono::seconds(20);
    std::size_t streams = 100; // the most requests in flight over HTTP/2
};

class session : private net::transport_events {
public:
    // Whether an answer was for the slot that it came to.
    enum class attribution { matches, mismatch };

    // Called from inside the events of the transport. The session may be destroyed at the end of the turn, but not in
    // one of these functions.
    class listener {
    public:
        virtual void on_open(session& which, const net::connection_facts& how) = 0;
        // The slot has left the conversation when this is called. After `mismatch` it goes back, with `why` set, and
        // the session closes. A refusal that could not be read to its end has `answer.broken`; where answers come in
        // order, the session closes then as well.
        [[nodiscard]] virtual attribution on_answer(session& which, wire::slot& who, wire::reply& answer,
                                                    error& why) = 0;
        // The slot has left the conversation, and no answer will come for it; the others go on.
        virtual void on_lost(session& which, wire::slot& who, wire::conversation::fate how, error why) = 0;
        // The server asks for fewer requests at a time, and for a pause.
        virtual void on_calm(session& which) = 0;
        // The server asks for another protocol than this session's.
        virtual void on_outdated(session& which) = 0;
        // There is something to write besides requests: flush() is to be called in this turn.
        virtual void on_wants_write(session& which) = 0;
        // The session takes no more requests, and still owes answers. Take its staged slots by take_staged().
        virtual void on_ending(session& which) = 0;
        // The session has closed. Take its slots by take_written() and take_staged().
        virtual void on_closed(session& which, error why) = 0;

    protected:
        ~listener() = default;
    };

    using clock = std::function<time_point()>;

    // `number` tells sessions apart.
    session(net::transport_source& source, const session_limits& limits, clock now, listener& owner,
            std::uint64_t number = 0);
    session(const session&) = delete;
    session& operator=(const session&) = delete;
    virtual ~session();

    // Starts to connect.
    void open();

    [[nodiscard]] bool connecting() const noexcept { return stage_ == stage::connecting; }
    // The session is open, and the peer has not said that it will close.
    [[nodiscard]] bool usable() const noexcept { return stage_ == stage::open && !talk_->ending() && !write_failed_; }
    [[nodiscard]] bool closed() const noexcept { return stage_ == stage::closed; }
    // Whether the session was never open.
    [[nodiscard]] bool never_opened() const noexcept { return !opened_; }
    // The session was closed by the peer, and not by us.
    [[nodiscard]] bool ended_by_peer() const noexcept { return ended_by_peer_; }
    // The peer has answered, so that more than one request may be in flight.
    [[nodiscard]] bool has_answered() const noexcept { return answers() != 0; }
    // The peer has answered, or says that it will.
    [[nodiscard]] bool has_accepted() const noexcept { return talk_ && talk_->has_accepted(); }
    // Closed for a reason that stays, such as the server's certificate: another connection is in vain.
    [[nodiscard]] bool permanent() const noexcept { return outlook_ == net::outlook::permanent; }
    // Closed after it had been open, because the server did not accept the TLS handshake: the server has read nothing
    // of what was written.
    [[nodiscard]] bool refused() const noexcept { return opened_ && permanent(); }

    // The session owes nothing, and came up or answered within the last second: a server that has given up idle
    // connections is not likely to have given up this one.
    [[nodiscard]] bool recently_active(time_point now) const noexcept
    {
        return usable() && in_flight() == 0 && now - since_ <= std::chrono::seconds(1);
    }

    // When the last byte came, or when the connection came up.
    [[nodiscard]] time_point heard_at() const noexcept { return heard_at_; }
    // Since when the session owes an answer and shows no byte. Empty when it owes none, or one that may take any time.
    [[nodiscard]] std::optional<time_point> silent_since() const noexcept
    {
        return stage_ == stage::open ? talk_->silent_since() : std::nullopt;
    }
    // How long the silence was that the bytes of this event have ended. Empty when nothing was owed, and when this was
    // called before.
    [[nodiscard]] std::optional<time_point::duration> take_silence() noexcept
    {
        return std::exchange(silence_ended_, std::nullopt);
    }
    // Since when the session was silent, if it was given up for that. Empty otherwise.
    [[nodiscard]] std::optional<time_point> stalled_since() const noexcept { return stalled_since_; }
    // Others like this one have died in silence: it takes no requests until it shows a byte.
    void suspect() noexcept { suspected_ = true; }
    [[nodiscard]] bool suspected() const noexcept { return suspected_; }

    // How many answers are owed.
    [[nodiscard]] std::size_t owed() const noexcept { return talk_ ? talk_->owed() : 0; }
    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
    [[nodiscard]] std::uint64_t answers() const noexcept { return talk_ ? talk_->answers() : 0; }
    [[nodiscard]] time_point began() const noexcept { return began_; }
    [[nodiscard]] time_point opened_at() const noexcept { return opened_at_; }
    [[nodiscard]] std::size_t in_flight() const noexcept { return talk_ ? talk_->in_flight() : 0; }
    // How many of those in flight flush() has not written yet.
    [[nodiscard]] std::size_t staged() const noexcept { return talk_ ? talk_->staged() : 0; }
    // Only once it is open: whether answers come in the order of requests, and how many requests may be in flight as
    // far as the protocol and the peer allow.
    [[nodiscard]] bool in_order() const noexcept { return talk_->in_order(); }
    [[nodiscard]] std::size_t capacity() const noexcept { return talk_->capacity(); }
    // The protocol's name in ALPN; empty before the session is open.
    [[nodiscard]] std::string_view protocol() const noexcept { return talk_ ? talk_->protocol() : std::string_view(); }
    [[nodiscard]] std::string phase() const { return transport_->phase().text; }

    // What is in flight has the connection to itself until it is answered.
    void set_exclusive() noexcept { exclusive_ = true; }
    [[nodiscard]] bool exclusive() const noexcept { return exclusive_ && in_flight() != 0; }

    // Only when usable(). Nothing is sent before flush().
    void submit(wire::slot& who)
    {
        exclusive_ = false;
        talk_->stage(who);
    }
    // True when it was not written yet; otherwise the slot stays to swallow its answer.
    [[nodiscard]] bool withdraw(wire::slot& who) { return talk_->withdraw(who, now_()); }
    // Whether flush() has something to do, now or when the write that is under way has ended.
    [[nodiscard]] bool wants_write() const noexcept { return stage_ == stage::open && talk_->wants_write(); }
    // Hands everything that is to be sent to one write, unless one is under way. Returns how many requests that were.
    // Call it in each turn, so that what was staged during a write goes out when that has ended. `each` is called for
    // every request before it is written.
    template <class Each = void (*)(wire::slot&)>
    std::size_t flush(
        time_point now, Each each = [](wire::slot&) {})
    {
        if (!wants_write() || transport_->writing() || write_failed_)
            return 0;
        const std::size_t count = talk_->sendable();
        talk_->for_each_staged(count, each);
        talk_->gather(transport_->output(), now);
        if (!transport_->output().empty())
            transport_->write();
        return count;
    }

    [[nodiscard]] wire::slot_list take_written() { return talk_ ? talk_->take_written() : wire::slot_list(); }
    [[nodiscard]] wire::slot_list take_staged() { return talk_ ? talk_->take_staged() : wire::slot_list(); }
    template <class Predicate>
    [[nodiscard]] wire::slot_list take_staged_if(Predicate which)
    {
        return talk_ ? talk_->take_staged_if(which) : wire::slot_list();
    }

    // When tick() is due if nothing else happens before.
    [[nodiscard]] time_point deadline() const noexcept;
    // Gives up a connection that has stalled or been idle for too long, and reports that to the listener.
    void tick(time_point now);

    // Closes, and reports why to the listener.
    void give_up(error why) { fail(std::move(why)); }
    // Closes without a report to the listener.
    void close();

private:
    enum class stage { connecting, open, closed };

    void on_connected(const net::connection_facts& how) override;
    void on_connect_failed(error why, net::outlook next) override;
    void on_refused(error why) override { on_connect_failed(std::move(why), net::outlook::permanent); }
    [[nodiscard]] std::size_t on_bytes(std::string_view bytes) override;
    void on_overflow() override;
    void on_end(bool clean, boost::system::error_code cause) override;
    void on_written(boost::system::error_code cause) override;

    // Hands bytes to the conversation and follows its steps. Returns how many bytes it took.
    std::size_t hear(std::string_view bytes, time_point now);
    // Does what a step asks for; false when the session has closed.
    [[nodiscard]] bool follow(const wire::conversation::step& next);
    [[nodiscard]] attribution answered(wire::slot& who, wire::reply& answer, error& why);
    void fail(error why);

    session_limits limits_;
    clock now_;
    listener& owner_;
    net::transport_source& source_;
    std::shared_ptr<net::transport> transport_;
    std::unique_ptr<wire::conversation> talk_; // present once the session is open
    stage stage_ = stage::connecting;
    std::uint64_t number_;
    time_point began_{};
    time_point opened_at_{};
    time_point since_{}; // when it began to connect, or became idle
    time_point heard_at_{};
    std::optional<time_point> stalled_since_;
    std::optional<time_point::duration> silence_ended_;
    bool suspected_ = false;
    bool opened_ = false;
    bool ended_by_peer_ = false;
    bool write_failed_ = false;
    boost::system::error_code not_started_; // why it could not begin to connect
    net::outlook outlook_ = net::outlook::passing;
    bool exclusive_ = false;
};

} // namespace venice_keys::detail
