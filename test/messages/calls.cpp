// How calls end that get no answer, and those that wait.
#include "messages/stage.hpp"
#include "messages/table.hpp"
#include "pool/waiting_for.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

namespace messages {

namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

auto update(const stage& on)
{
    return [id = on.id()](vk::client& client, auto handler) {
        client.update_key(vk::key_update{id}.usd(1), std::move(handler));
    };
}

void add_ends(table& all, stage& on)
{
    all.begin("Ended by the caller or the client", "Where a request was sent, the server may have applied it.");
    vk::config patient = on.settings();
    patient.stall_timeout = 1min;
    const auto cancelled = [&](bool written) {
        vk::client client{on.io.get_executor(), on.who(), patient};
        on.emulator.add_fault(vk::fault::stall());
        asio::cancellation_signal stop;
        std::optional<vk::error> ended;
        client.update_key(vk::key_update{on.id()}.usd(1),
                          asio::bind_cancellation_slot(
                              stop.slot(), [&ended](const vk::result<vk::api_key>& got) { ended = got.error(); }));
        on.io.restart();
        const auto seen = on.emulator.stats().requests;
        while (written && on.emulator.stats().requests == seen)
            on.io.run_one();
        stop.emit(asio::cancellation_type::terminal);
        while (!ended)
            on.io.run_one();
        on.emulator.clear_faults();
        return *ended;
    };
    all.add("the caller cancels a call that waits", cancelled(false), "as you like");
    all.add("the caller cancels a call that is sent", cancelled(true), "look whether it was applied, or use `confirm`");
    {
        vk::client client{on.io.get_executor(), on.who(), patient};
        client.close(0ms, [](const vk::result<void>&) {});
        all.add("a call after `close()`", on.error_of(client, update(on)), "close later, or make a new client");
        all.add("`warm_up()` after `close()`",
                on.error_of<void>(client, [](vk::client& c, auto handler) { c.warm_up(1, std::move(handler)); }),
                "close later, or make a new client");
    }
    {
        vk::client client{on.io.get_executor(), on.who(), patient};
        on.emulator.add_fault(vk::fault::stall());
        std::optional<vk::error> cut;
        client.update_key(vk::key_update{on.id()}.usd(1),
                          [&cut](const vk::result<vk::api_key>& got) { cut = got.error(); });
        const vk::error closed =
            on.error_of<void>(client, [](vk::client& c, auto handler) { c.close(1s, std::move(handler)); });
        all.add("`close()` runs out of time", *cut, "look whether it was applied");
        all.add("what `close()` itself says then", closed, "give it more time");
        on.emulator.clear_faults();
    }
    {
        std::optional<vk::error> cut;
        {
            vk::client client{on.io.get_executor(), on.who(), patient};
            client.update_key(vk::key_update{on.id()}.usd(1),
                              [&cut](const vk::result<vk::api_key>& got) { cut = got.error(); });
        }
        on.io.restart();
        while (!cut)
            on.io.run_one();
        all.add("the client is destroyed", *cut, "`close()` it first, and wait for that");
    }
    {
        std::optional<vk::client_view> view;
        {
            vk::client client{on.io.get_executor(), on.who(), patient};
            view.emplace(client.as(on.who()));
        }
        std::optional<vk::error> late;
        view->update_key(vk::key_update{on.id()}.usd(1),
                         [&late](const vk::result<vk::api_key>& got) { late = got.error(); });
        on.io.restart();
        while (!late)
            on.io.run_one();
        all.add("a view outlives its client", *late, "keep the client as long as its views are used");
    }
    all.by_hand("a call that had come in before `close()`", vk::errc::closed, "it starts no more calls", "close later");
    all.by_hand("`close()` cuts several calls off", vk::errc::closed,
                "the time that close() gave ran out before the answer came: 3 calls were cut off, 2 of them sent and "
                "not answered",
                "give it more time");
    all.by_hand("more calls wait", vk::errc::queue_full,
                "100000 calls are waiting, as many as config::max_queue allows", "start fewer at a time");
    for (const bool ends : {true, false}) {
        vk::client client{on.io.get_executor(), on.who(), patient};
        on.emulator.add_fault(vk::fault::stall());
        asio::cancellation_signal stop;
        std::optional<vk::error> ended;
        const auto note = [&ended](const vk::result<void>& got) {
            ended = got ? vk::error{} : got.error();
        };
        client.update_key(vk::key_update{on.id()}.usd(1), [](const vk::result<vk::api_key>&) {});
        if (ends)
            client.close(1min, asio::bind_cancellation_slot(stop.slot(), note));
        else
            client.warm_up(8, asio::bind_cancellation_slot(stop.slot(), note));
        stop.emit(asio::cancellation_type::terminal);
        on.io.restart();
        while (!ended)
            on.io.run_one();
        all.add(ends ? "a waiting `close()` is cancelled" : "a waiting `warm_up()` is cancelled", *ended, "nothing");
        on.emulator.clear_faults();
    }
    all.by_hand("a client is used after its end", vk::errc::closed, "the client was destroyed earlier",
                "keep the client as long as it is used");
    all.by_hand("a bulk update stopped before this item", vk::errc::cancelled,
                "the bulk update stopped before this item was started",
                "start it again when the first error is mended");
    {
        vk::config full = patient;
        full.max_queue = 1;
        vk::client client{on.io.get_executor(), on.who(), full};
        client.update_key(vk::key_update{on.id()}.usd(1), [](const vk::result<vk::api_key>&) {});
        all.add("too many calls wait", on.error_of(client, update(on)), "start fewer at a time, or raise the limit");
    }
}

void add_deadlines(table& all, stage& on)
{
    all.begin("The deadline",
              "Each text says what has gone wrong meanwhile, if anything has, and then what the call was "
              "waiting for when its time ran out.");
    vk::config patient = on.settings();
    patient.stall_timeout = 1min;
    {
        vk::client client{on.io.get_executor(), on.who(), patient};
        on.emulator.add_fault(vk::fault::stall());
        std::optional<vk::error> first;
        client.update_key(vk::key_update{on.id()}.usd(1), vk::call_options{}.timeout(1s),
                          [&first](const vk::result<vk::api_key>& got) { first = got.error(); });
        const vk::error second = on.error_of(client, [&on](vk::client& c, auto handler) {
            c.update_key(vk::key_update{on.id()}.usd(2), vk::call_options{}.timeout(800ms), std::move(handler));
        });
        while (!first)
            on.io.run_one();
        all.add("the server does not answer in time", *first, "look whether it was applied; give more time");
        all.add("an earlier change to the key takes too long", second, "give more time");
        on.emulator.clear_faults();
    }
    const auto waits = [&all](std::string when, std::string_view what) {
        all.by_hand(std::move(when), vk::errc::deadline_exceeded,
                    "the time ran out while waiting for " + std::string(what), "give more time");
    };
    waits("the network does not take the request", "the socket to take the request");
    all.by_hand(
        "the call is to be sent again", vk::errc::deadline_exceeded,
        "the last attempt ended with: service unavailable: Down for maintenance; the time ran out while waiting "
        "for the time of its next attempt",
        "give more time");
    waits("all connections are busy", "a free place on a connection");
    waits("the call needs a connection", "a connection (resolving api.venice.ai)");
    all.by_hand("connecting fails again and again", vk::errc::deadline_exceeded,
                "connecting to api.venice.ai:443 failed: Connection refused (does a server listen at 192.0.2.1:443?); "
                "the time ran out while waiting for the next attempt to connect",
                "see whether the server runs");
    for (const auto why :
         {vk::policy::hold::error_budget, vk::policy::hold::rate_limit, vk::policy::hold::refused_token})
        waits("the call is held back", vk::detail::words_of(why));
    all.by_hand("no time is left for `confirm`", vk::errc::connection_lost, "no time was left to read the key back",
                "`confirmation::why` says it; give more time");
}

void add_holds(table& all)
{
    all.begin("Held back", "The call was not sent, because the service would refuse it or already refuses everything.");
    const vk::policy::time_point now{};
    for (const auto why :
         {vk::policy::hold::error_budget, vk::policy::hold::rate_limit, vk::policy::hold::refused_token})
        all.add("the call's time is too short to wait", vk::detail::held_error(why, now + 29'500ms, now),
                why == vk::policy::hold::refused_token ? "give another token"
                                                       : "see why the others failed, and wait for as long as it says");
}

void add_losses(table& all, stage& on)
{
    all.begin(
        "Connections that are lost",
        "The call ends so when it may not be sent again, by [promise 5](promises.md#5-replay-only-when-it-is-right).");
    const std::string look = "look whether it was applied, or try again";
    all.add("the server closes before it answers", on.update_error(vk::fault::close()), look);
    all.add("the server resets the connection", on.update_error(vk::fault::reset()), look);
    all.add("the answer is cut off", on.update_error(vk::fault::cut(60)), look);
    vk::config brief = on.settings();
    brief.stall_timeout = 100ms;
    all.add("the server falls silent", on.update_error(brief, vk::fault::stall()), look);
    on.emulator.clear_faults();
    const vk::error creation = [&] {
        on.emulator.add_fault(vk::fault::close());
        return on.error_of<vk::created_key>(on.settings(), on.who(), [](vk::client& client, auto handler) {
            client.create_key(vk::new_key{vk::key_type::inference, "tenant 42"}, std::move(handler));
        });
    }();
    all.add("a creation is sent and not answered", creation,
            "[look first](operations.md#create) whether there is a key");
    const auto lost = [&](std::string when, std::string text) {
        all.by_hand(std::move(when), vk::errc::connection_lost, std::move(text), look);
    };
    lost("a server sends its answer too slowly", "an answer was not complete within config::answer_timeout");
    lost("the answer of a cancelled call does not end",
         "an answer that nobody waits for any more was not complete within config::stall_timeout");
    lost("the server ends the connection while it owes nothing",
         "the server closed the connection after an earlier answer");
    lost("the same during an answer", "the connection ended in the middle of an answer, without a TLS close_notify");
    lost("the server listens no more", "the connection takes no more requests");
    lost("another answer on the connection is wrong",
         "the connection was given up: malformed answer: the answer is not JSON, at byte 0");
    lost("the server drops what is behind a request", "no answer came to a request that was sent behind another");
    lost("the retry budget is spent",
         "the connection ended before the answer; no retry is left in config::retry.budget");
    lost("memory runs out", "memory ran out");
    lost("an observer is told of the end of an idle connection", "the connection was idle for config::idle_timeout");
    for (const char* const text :
         {"it is older than config::max_connection_age", "the server asked for an older protocol",
          "the client closed this idle connection to make room for a new one",
          "the client closed this connection, which has been silent since before another one stalled",
          "the client closed this idle connection, as another one was lost before it answered anything"})
        all.by_hand("the same", vk::errc::connection_lost, text, "nothing: no call ends with it");
}

} // namespace

void add_calls(table& all)
{
    stage on;
    all.call(":" + std::to_string(on.emulator.port()), ":8443");
    all.call(on.id(), "KEY-ID");
    add_ends(all, on);
    add_deadlines(all, on);
    add_holds(all);
    add_losses(all, on);
}

} // namespace messages
