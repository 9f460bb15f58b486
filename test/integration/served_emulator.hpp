// An emulator that serves on threads of its own, and the requests that the tests send to it.
#pragma once

#include <venice_keys/emulator.hpp>

#include "integration/plain_client.hpp"
#include "support/printing.hpp"

#include <boost/asio/thread_pool.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace test {

inline venice_keys::emulator_options with_keys(std::size_t count)
{
    venice_keys::emulator_options options;
    options.initial_keys = count;
    options.protocol = venice_keys::protocol::automatic;
    return options;
}

// An emulator that serves on two threads of its own.
struct served {
    explicit served(venice_keys::emulator_options options = with_keys(3))
        : emulator(pool.get_executor(), std::move(options))
    {
    }

    ~served()
    {
        emulator.stop();
        pool.join();
    }

    [[nodiscard]] std::string request(std::string_view method, std::string_view target, std::string_view body = {},
                                      std::string_view version = "1.1", std::string_view more = {}) const
    {
        std::string out{method};
        out += ' ';
        out += target;
        out += " HTTP/";
        out += version;
        out += "\r\nHost: localhost\r\nAuthorization: Bearer " + emulator.token() + "\r\n";
        out += more;
        if (!body.empty())
            out += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
        out += "\r\n";
        out += body;
        return out;
    }

    [[nodiscard]] std::string update(const std::string& id, std::string_view description) const
    {
        return request("PATCH", "/api/v1/api_keys",
                       R"({"id":")" + id + R"(","description":")" + std::string{description} + R"("})");
    }

    [[nodiscard]] std::string id(std::size_t index) const { return emulator.keys().at(index).id; }

    boost::asio::thread_pool pool{2};
    venice_keys::emulator emulator;
};

// The answer to this request.
inline plain_reply ask(plain_client& client, std::string_view bytes)
{
    BOOST_REQUIRE(client.send(bytes));
    auto reply = client.read_reply();
    BOOST_REQUIRE_MESSAGE(reply.has_value(), "no answer came");
    return *std::move(reply);
}

inline std::string described(const plain_reply& reply)
{
    const boost::json::value body = boost::json::parse(reply.body);
    return std::string{body.at("data").at("description").as_string()};
}

// One client, and two updates that it sends at once. The first is answered; what becomes of the second is the rule's.
struct two_updates {
    explicit two_updates(venice_keys::fault rule) : client{here.emulator.port(), here.emulator.ca_pem()}
    {
        here.emulator.add_fault(std::move(rule));
        BOOST_TEST(described(ask(client, here.update(here.id(0), "first") + here.update(here.id(1), "second"))) ==
                   "first");
    }

    served here;
    plain_client client;
};

// Whether it comes true within five seconds.
template <class Condition>
bool soon(Condition condition)
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return true;
}

} // namespace test
