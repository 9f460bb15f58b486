// Bytes over one socket, seen from above: an interface, so that a session can be tested without sockets. It says
// nothing about HTTP.
#pragma once

#include "model/secret_bytes.hpp"

#include <venice_keys/error.hpp>

#include <boost/system/system_error.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace venice_keys::net {

// What is known of a connection that has come up.
struct connection_facts {
    bool resumed = false;         // resumes the TLS session of an earlier connection
    std::string_view tls_version; // 1.2 or 1.3; a static text
    std::string_view alpn = {};   // the protocol that the peer has chosen; empty for none
};

// Whether another attempt to connect may succeed.
enum class outlook : std::uint8_t {
    passing,
    permanent, // the server is not who it should be, does not accept us, or has no address
};

// What a transport reports to its owner. Never called from inside a call of the owner, and never after close(). Each
// event is a turn or a part of one. An event may throw std::bad_alloc.
class transport_events {
public:
    virtual void on_connected(const connection_facts& how) = 0;
    // errc::resolve_failed, connect_failed or tls_failed.
    virtual void on_connect_failed(error why, outlook next) = 0;
    // errc::tls_failed, after on_connected() and before any byte of an answer: the server did not accept the handshake
    // (under TLS 1.3 it checks a client's certificate only after the client takes the connection to be up). So it has
    // read nothing of what was written, and another attempt is in vain.
    virtual void on_refused(error why) = 0;
    // Bytes have come; those that an earlier call left are in front. Returns how many were taken.
    [[nodiscard]] virtual std::size_t on_bytes(std::string_view bytes) = 0;
    // More bytes have come than the buffer holds, and the owner takes none of them.
    virtual void on_overflow() = 0;
    // No more bytes will come. `clean`: the peer said so with a TLS close_notify.
    virtual void on_end(bool clean, boost::system::error_code cause) = 0;
    // A write that went on after write() returned has ended. Without a `cause` the output was handed to the socket.
    // With one it can't be any more, and what came before can still be read.
    virtual void on_written(boost::system::error_code cause) = 0;

protected:
    ~transport_events() = default;
};

// The owner of the turns in which the events of all transports of a source happen.
class turn_owner {
public:
    // The events of the turn are over. The transport does not touch its owner any more, so it may be destroyed in here.
    virtual void on_turn_end() = 0;
    // A part of a turn has thrown, and what it did is half done. `cause`: memory ran out, or what Asio threw.
    virtual void on_failure(boost::system::error_code cause) noexcept = 0;

    // Makes the events a turn.
    template <class Events>
    void turn(Events events)
    {
        protect(std::move(events));
        on_turn_end();
    }

    // Does what a turn has left to be done after it. If that fails, another turn deals with the failure.
    template <class Work>
    void after_turn(Work work)
    {
        if (!protect(std::move(work)))
            on_turn_end();
    }

protected:
    ~turn_owner() = default;

    // Does a part of a turn. What the allocator or Asio throws in it stops here, because it would leave the executor's
    // run() otherwise. Returns false in that case.
    template <class Work>
    bool protect(Work work)
    {
        try {
            work();
            return true;
        } catch (const std::bad_alloc&) {
            on_failure(make_error_code(boost::system::errc::not_enough_memory));
        } catch (const boost::system::system_error& thrown) {
            on_failure(thrown.code());
        }
        return false;
    }
};

// The step that connect() is at: the code of a failure there, and words for the step (`resolving example.org`).
struct connect_phase {
    errc failure = errc::connect_failed;
    std::string text;
};

// One connection, made once and never used again. It is not thread-safe: call it only on the executor of its source.
class transport {
public:
    virtual ~transport() = default;

    virtual void connect() = 0;
    [[nodiscard]] virtual connect_phase phase() const = 0;

    // What the next write() sends. To be changed only while nothing is being written.
    [[nodiscard]] virtual detail::secret_bytes& output() = 0;
    [[nodiscard]] virtual bool writing() const = 0;
    // If writing() is false afterwards, the write has succeeded, and no event follows.
    virtual void write() = 0;

    // Sends close_notify if that can be done without waiting, and closes. No event comes after that.
    virtual void close() = 0;
};

// Makes transports to the one server of a client.
class transport_source {
public:
    // The transport keeps itself alive while operations are under way. `events` must live until close().
    [[nodiscard]] virtual std::shared_ptr<transport> make(transport_events& events) = 0;
    // From now on connections offer only the oldest protocol (ALPN), because the peer has asked for it.
    virtual void offer_oldest_alone() noexcept = 0;

protected:
    ~transport_source() = default;
};

} // namespace venice_keys::net
