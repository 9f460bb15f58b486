// Bytes over one socket, seen from above: an interface, so that a session can be tested on bytes alone. Says nothing
// about HTTP.
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
    bool resumed = false;         // with the TLS session of an earlier one
    std::string_view tls_version; // 1.2 or 1.3; a static text
    std::string_view alpn = {};   // the protocol that the peer has chosen; empty for none
};

// Whether another attempt to connect may fare better.
enum class outlook : std::uint8_t {
    passing,
    permanent, // the server is not who it should be, does not want us, or has no address
};

// What a transport reports to its owner. Never called from inside a call of the owner, and never after close(). Each
// event is a turn, or a part of one. An event may throw std::bad_alloc.
class transport_events {
public:
    virtual void on_connected(const connection_facts& how) = 0;
    // errc::resolve_failed, connect_failed or tls_failed.
    virtual void on_connect_failed(error why, outlook next) = 0;
    // errc::tls_failed, after on_connected() and before any byte of an answer: the server did not accept the handshake
    // (under TLS 1.3 it looks at a client's certificate when the client takes the connection to be up). So it has read
    // nothing of what was written, and another attempt is in vain.
    virtual void on_refused(error why) = 0;
    // Bytes came, and those that an earlier call left. Returns how many it took.
    [[nodiscard]] virtual std::size_t on_bytes(std::string_view bytes) = 0;
    // More bytes than the buffer holds, and the owner takes none of them.
    virtual void on_overflow() = 0;
    // No more bytes will come. `clean`: the peer said so with a TLS close_notify.
    virtual void on_end(bool clean, boost::system::error_code cause) = 0;
    // A write that went on after write() returned has ended: the output was handed to the socket, or can't be any more
    // (`cause`): then what came before can still be read.
    virtual void on_written(boost::system::error_code cause) = 0;

protected:
    ~transport_events() = default;
};

// In whose turns the events of all transports of a source happen.
class turn_owner {
public:
    // The events are dealt with. The transport touches its owner no more: it may be destroyed in here.
    virtual void on_turn_end() = 0;
    // A part of a turn has thrown, and what it was about is half done. `cause`: no memory, or what Asio threw.
    virtual void on_failure(boost::system::error_code cause) noexcept = 0;

    // Makes a turn of events.
    template <class Events>
    void turn(Events events)
    {
        protect(std::move(events));
        on_turn_end();
    }

protected:
    ~turn_owner() = default;

    // Does a part of a turn. What the allocator or Asio throws in it does not get back to Asio, for it would leave the
    // executor's run(). Returns false in that case.
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

// One connection, made once and never used again. Not thread-safe: every call is on the executor it was made with.
class transport {
public:
    virtual ~transport() = default;

    virtual void connect() = 0;
    [[nodiscard]] virtual connect_phase phase() const = 0;

    // What the next write() sends. Only while nothing is being written.
    [[nodiscard]] virtual detail::secret_bytes& output() = 0;
    [[nodiscard]] virtual bool writing() const = 0;
    // May be done when it returns: then it has succeeded, and there is no event.
    virtual void write() = 0;

    // Sends close_notify if it can without waiting, and closes. No event comes after it.
    virtual void close() = 0;
};

// Makes transports to the one server of a client.
class transport_source {
public:
    // The transport keeps itself alive while operations are under way; `events` must live until close().
    [[nodiscard]] virtual std::shared_ptr<transport> make(transport_events& events) = 0;
    // From now on connections offer the oldest protocol alone (ALPN): the peer has asked for it.
    virtual void offer_oldest_alone() noexcept = 0;

protected:
    ~transport_source() = default;
};

} // namespace venice_keys::net
