// A pool on a fake network whose connections speak HTTP/2, each with a peer that sends what a test says.
#pragma once

#include "unit/support/http2_peer.hpp"
#include "unit/support/pool_bench.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace venice_keys::test {

// The settings of a client that prefers HTTP/2.
inline pool_settings http2_pool_settings(std::size_t connections = 4, std::size_t streams = 100)
{
    pool_settings settings = test_pool_settings(connections);
    settings.session.streams = settings.expected_room = streams;
    return settings;
}

using http2_peer_settings = std::vector<std::pair<unsigned, std::uint32_t>>;

struct http2_pool_bench : pool_bench {
    explicit http2_pool_bench(const pool_settings& settings = http2_pool_settings()) : pool_bench(settings) {}

    // The server chooses HTTP/2. What is given to the connection at once is written before the server says anything.
    void come_up(std::size_t which)
    {
        net[which].come_up(false, "h2");
        hear(which);
    }
    // The connection comes up, and the server sends its SETTINGS after the first requests.
    void come_up(std::size_t which, const http2_peer_settings& own)
    {
        come_up(which);
        say(which, http2_peer::settings(own) + http2_peer::settings_ack());
    }
    // The connection comes up, and the server answers all that is asked at first.
    void come_up_and_prove(std::size_t which, const http2_peer_settings& own = {})
    {
        come_up(which, own);
        answer_all(which);
    }

    http2_peer& peer(std::size_t which)
    {
        while (peers_.size() <= which)
            peers_.push_back(std::make_unique<end>());
        return peers_[which]->peer;
    }
    // Lets everything that connection `which` has to write arrive.
    void hear(std::size_t which)
    {
        fake_transport& line = net[which];
        do {
            if (line.open() && line.writing())
                line.finish_write();
            peer(which).hear(line.written());
        } while (line.open() && line.writing());
    }
    void hear_all()
    {
        for (std::size_t i = 0; i < net.made.size(); ++i)
            if (net[i].open())
                hear(i);
    }
    // Lets the server send these bytes, and everything that results from them arrive.
    void say(std::size_t which, std::string_view bytes)
    {
        net[which].bring(bytes);
        hear_all();
    }

    // The requests on connection `which` that have had no answer and no reset, by the numbers of their calls.
    [[nodiscard]] texts unanswered(std::size_t which)
    {
        texts found;
        for (const std::int32_t each : open_streams(which))
            found.push_back(peer(which).requests[each].body);
        return found;
    }
    [[nodiscard]] std::size_t owed(std::size_t which) { return open_streams(which).size(); }
    // The stream on which call `number` was sent last on connection `which`.
    [[nodiscard]] std::int32_t stream_of(std::size_t which, std::size_t number)
    {
        for (const std::int32_t each : open_streams(which))
            if (peer(which).requests[each].body == std::to_string(number))
                return each;
        BOOST_TEST_REQUIRE(false, "call " << number << " is not on connection " << which);
        return 0;
    }

    // The frames of the right answer to a call, whose stream is over after that.
    [[nodiscard]] std::string answer_to(std::size_t which, std::size_t number, std::string_view status = "200")
    {
        const std::int32_t stream = over(which, number);
        return peer(which).answer(stream, std::to_string(number), status);
    }
    [[nodiscard]] std::string reset_of(std::size_t which, std::size_t number, std::uint32_t code)
    {
        return http2_peer::reset(over(which, number), code);
    }
    void answer(std::size_t which, std::size_t number, std::string_view status = "200")
    {
        say(which, answer_to(which, number, status));
    }
    void reset(std::size_t which, std::size_t number, std::uint32_t code) { say(which, reset_of(which, number, code)); }
    // Answers all that is owed on a connection now, in one piece.
    void answer_all(std::size_t which)
    {
        std::string bytes;
        for (const std::string& each : unanswered(which))
            bytes += answer_to(which, std::stoul(each));
        say(which, bytes);
    }
    // Sends GOAWAY with the stream of this call as the last that was processed.
    void go_away_after(std::size_t which, std::size_t number, std::uint32_t code = NGHTTP2_NO_ERROR)
    {
        go_away(which, stream_of(which, number), code);
    }
    void go_away(std::size_t which, std::int32_t last, std::uint32_t code = NGHTTP2_NO_ERROR)
    {
        for (const std::int32_t each : open_streams(which))
            if (each > last)
                peers_[which]->over.insert(each);
        say(which, http2_peer::goaway(last, code));
    }

    // These do what those of pool_bench do, and what is written arrives.
    void submit(std::size_t count)
    {
        pool_bench::submit(count);
        hear_all();
    }
    fake_call& ask(policy::operation what = policy::operation::get, std::string key = {},
                   time_point deadline = time_point::max())
    {
        fake_call& made = add(what, std::move(key), deadline);
        pump();
        hear_all();
        return made;
    }
    void wait(std::chrono::steady_clock::duration time)
    {
        pool_bench::wait(time);
        hear_all();
    }
    void wait_until_due()
    {
        pool_bench::wait_until_due();
        hear_all();
    }

    [[nodiscard]] std::size_t connecting()
    {
        return static_cast<std::size_t>(
            std::ranges::count_if(net.made, [](const auto& each) { return each->connecting(); }));
    }
    [[nodiscard]] std::size_t answered() const
    {
        return static_cast<std::size_t>(
            std::ranges::count_if(calls, [](const fake_call& each) { return each.was_answered(); }));
    }

private:
    struct end {
        http2_peer peer;
        std::set<std::int32_t> over; // streams that the test has ended
    };

    [[nodiscard]] std::vector<std::int32_t> open_streams(std::size_t which)
    {
        std::vector<std::int32_t> found;
        for (const auto& [stream, request] : peer(which).requests)
            if (request.whole && !peers_[which]->over.contains(stream) && peer(which).resets(stream).empty())
                found.push_back(stream);
        return found;
    }
    std::int32_t over(std::size_t which, std::size_t number)
    {
        const std::int32_t stream = stream_of(which, number);
        peers_[which]->over.insert(stream);
        return stream;
    }

    std::vector<std::unique_ptr<end>> peers_;
};

} // namespace venice_keys::test
