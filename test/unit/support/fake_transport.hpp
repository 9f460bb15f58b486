// A network without sockets: a test says when a connection comes up, what bytes come, and when it ends. Time stands
// still until the test moves it.
#pragma once

#include "net/transport.hpp"
#include "pool/pool.hpp"
#include "session/session.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venice_keys::test {

using namespace detail;

class fake_transport final : public net::transport {
public:
    fake_transport(net::turn_owner& turns, net::transport_events& events, boost::system::error_code not_started)
        : turns_(turns), events_(&events), not_started_(not_started)
    {
    }

    void connect() override
    {
        BOOST_TEST_REQUIRE(!asked_to_connect_);
        asked_to_connect_ = true;
        if (not_started_)
            throw boost::system::system_error(not_started_);
    }
    [[nodiscard]] net::connect_phase phase() const override
    {
        return {errc::connect_failed, "connecting to example.org:443"};
    }
    [[nodiscard]] secret_bytes& output() override
    {
        BOOST_TEST_REQUIRE(!writing_);
        return output_;
    }
    [[nodiscard]] bool writing() const override { return writing_; }
    void write() override
    {
        BOOST_TEST_REQUIRE(open());
        BOOST_TEST_REQUIRE(!writing_);
        BOOST_TEST(!output_.empty());
        writing_ = true;
        ++writes_;
        if (alpn_.empty())
            note_requests({output_.data(), output_.size()});
        else
            written_.append(output_.data(), output_.size());
    }
    void close() override { events_ = nullptr; }

    // What the network does. Each of these is a turn. `bytes`: what came with the end of the handshake.
    void come_up(bool resumed = false, std::string_view alpn = {}, std::string_view bytes = {})
    {
        BOOST_TEST_REQUIRE(connecting());
        up_ = true;
        alpn_ = alpn;
        turn([&](net::transport_events& events) {
            events.on_connected({resumed, "1.3", alpn});
            if (events_ != nullptr && !bytes.empty())
                (void)events.on_bytes(bytes);
        });
    }
    void refuse(error why = {errc::connect_failed, "example.org:443 refuses", boost::asio::error::connection_refused},
                net::outlook next = net::outlook::passing)
    {
        BOOST_TEST_REQUIRE(connecting());
        turn([&](net::transport_events& events) { events.on_connect_failed(std::move(why), next); });
    }
    // The server refuses the handshake after the connection has come up, as under TLS 1.3.
    void turn_away(error why = {errc::tls_failed, "the server wants a client certificate"})
    {
        BOOST_TEST_REQUIRE(open());
        turn([&](net::transport_events& events) { events.on_refused(std::move(why)); });
    }
    void finish_write(boost::system::error_code cause = {})
    {
        BOOST_TEST_REQUIRE(writing_);
        writing_ = false;
        output_.clear();
        turn([&](net::transport_events& events) { events.on_written(cause); });
    }
    void bring(std::string_view bytes)
    {
        turn([&](net::transport_events& events) {
            input_.append(bytes);
            const std::vector<char> exact(input_.begin(), input_.end()); // so that a byte read too many is seen
            input_.erase(0, events.on_bytes({exact.data(), exact.size()}));
        });
    }
    void end(bool clean = true, boost::system::error_code cause = boost::asio::error::eof)
    {
        turn([&](net::transport_events& events) { events.on_end(clean, cause); });
    }
    void overflow()
    {
        turn([](net::transport_events& events) { events.on_overflow(); });
    }

    [[nodiscard]] bool connecting() const noexcept { return asked_to_connect_ && !up_ && events_ != nullptr; }
    [[nodiscard]] bool open() const noexcept { return up_ && events_ != nullptr; }
    [[nodiscard]] bool closed() const noexcept { return events_ == nullptr; }
    [[nodiscard]] std::size_t writes() const noexcept { return writes_; }
    // The bodies of the requests that were handed to a write, in order.
    [[nodiscard]] const std::vector<std::string>& requests() const noexcept { return requests_; }
    // Everything that was handed to a write since the last call, over a protocol that was chosen by ALPN.
    [[nodiscard]] std::string written() { return std::exchange(written_, {}); }

private:
    void note_requests(std::string_view rest)
    {
        static constexpr std::string_view name = "Content-Length: ";
        while (!rest.empty()) {
            const std::size_t length = std::stoul(std::string(rest.substr(rest.find(name) + name.size(), 10)));
            rest.remove_prefix(rest.find("\r\n\r\n") + 4);
            requests_.emplace_back(rest.substr(0, length));
            rest.remove_prefix(length);
        }
    }

    template <class Event>
    void turn(Event&& event)
    {
        BOOST_TEST_REQUIRE(events_ != nullptr);
        turns_.turn([&] { event(*events_); });
    }

    net::turn_owner& turns_;
    net::transport_events* events_;
    boost::system::error_code not_started_;
    secret_bytes output_;
    std::vector<std::string> requests_;
    std::string written_;
    std::string_view alpn_;
    std::string input_;
    std::size_t writes_ = 0;
    bool asked_to_connect_ = false;
    bool up_ = false;
    bool writing_ = false;
};

struct fake_network final : net::transport_source {
    explicit fake_network(net::turn_owner& whose) : turns(whose) {}

    [[nodiscard]] std::shared_ptr<net::transport> make(net::transport_events& events) override
    {
        made.push_back(std::make_shared<fake_transport>(turns, events, not_started));
        return made.back();
    }

    void offer_oldest_alone() noexcept override { oldest_alone = true; }

    fake_transport& operator[](std::size_t which) { return *made.at(which); }

    [[nodiscard]] session::clock clock()
    {
        return [this] {
            return now;
        };
    }

    // The wall clock shows Sun, 06 Nov 1994 08:49:37 GMT when `now` is one hour.
    [[nodiscard]] pool_clocks clocks()
    {
        return {clock(), [this] {
                    return std::chrono::sys_seconds(std::chrono::seconds(784'111'777)) +
                           std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch() -
                                                                         std::chrono::hours(1));
                }};
    }

    net::turn_owner& turns;
    std::vector<std::shared_ptr<fake_transport>> made;
    bool oldest_alone = false;
    boost::system::error_code not_started; // what connect() of the next transports throws
    time_point now{std::chrono::hours(1)};
};

inline session_limits test_session_limits()
{
    using namespace std::chrono_literals;
    return {{}, 10s, 5s, 60s};
}

} // namespace venice_keys::test
