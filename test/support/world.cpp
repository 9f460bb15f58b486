#include "support/world.hpp"

#include <algorithm>
#include <ostream>
#include <thread>
#include <utility>

namespace test {

using namespace std::chrono_literals;

vk::emulator_options without_limits(std::size_t keys, vk::protocol spoken)
{
    vk::emulator_options options;
    options.initial_keys = keys;
    options.enforce_limits = false;
    options.requests_per_minute = 0;
    options.protocol = spoken;
    return options;
}

vk::config quick_config(std::string base_url, std::string ca_pem)
{
    vk::config settings;
    settings.base_url = std::move(base_url);
    settings.tls.ca_pem = std::move(ca_pem);
    settings.timeout = 20s;
    settings.connect_timeout = 5s;
    settings.stall_timeout = 5s;
    settings.retry.base_delay = 1ms;
    settings.retry.max_delay = 10ms;
    return settings;
}

hosted_emulator::hosted_emulator(std::size_t keys, vk::protocol spoken) : hosted_emulator(without_limits(keys, spoken))
{
}

hosted_emulator::hosted_emulator(vk::emulator_options options) : emulator_(pool_.get_executor(), std::move(options))
{
}

hosted_emulator::~hosted_emulator()
{
    emulator_.stop();
    pool_.join();
}

vk::config hosted_emulator::config() const
{
    return quick_config(emulator_.base_url(), emulator_.ca_pem());
}

vk::credentials hosted_emulator::credentials() const
{
    return vk::credentials(vk::secret(emulator_.token()));
}

std::vector<std::string> hosted_emulator::ids() const
{
    std::vector<std::string> all;
    for (const vk::api_key& each : emulator_.keys())
        all.push_back(each.id);
    return all;
}

bool run_out(asio::io_context& io, std::chrono::milliseconds limit)
{
    io.restart();
    io.run_for(limit);
    return io.stopped();
}

bool outcomes::each_once() const
{
    return std::ranges::all_of(times_, [](unsigned times) { return times == 1; });
}

std::size_t outcomes::succeeded() const
{
    return static_cast<std::size_t>(std::ranges::count_if(results_, [](const auto& each) { return each.has_value(); }));
}

std::string outcomes::summary() const
{
    const auto failed = [](const updated_key& each) {
        return !each && code_of(each) != vk::errc::no_result;
    };
    const auto first = std::ranges::find_if(results_, failed);
    std::string text = std::to_string(succeeded()) + " of " + std::to_string(size()) + " succeeded";
    if (first != results_.end())
        text += "; number " + std::to_string(first - results_.begin()) + ": " + text_of(*first);
    return text;
}

std::vector<std::size_t> changes(const vk::emulator& server, const std::vector<std::string>& ids)
{
    const auto journal = server.journal();
    std::vector<std::size_t> counts;
    for (const std::string& id : ids)
        counts.push_back(static_cast<std::size_t>(
            std::ranges::count_if(journal, [&id](const vk::journal_entry& each) { return each.key.id == id; })));
    return counts;
}

void update_each(asio::io_context& io, vk::client& client, const std::vector<std::string>& ids, outcomes& results)
{
    for (std::size_t i = 0; i != ids.size(); ++i)
        client.update_key(vk::key_update(ids[i]).description("number " + std::to_string(i)), results.handler(i));
    BOOST_REQUIRE(run_until(io, [&results] { return results.all(); }));
}

void teach_pipelining(asio::io_context& io, vk::client& client, const std::vector<std::string>& ids)
{
    outcomes results(lessons);
    const auto learn = [&](std::size_t which) {
        client.update_key(vk::key_update(ids.at(which)).usd(1), results.handler(which));
    };
    learn(0);
    BOOST_REQUIRE(run_until(io, [&] { return results.completed() == 1; }));
    learn(1);
    learn(2);
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    BOOST_TEST_REQUIRE(results.succeeded() == lessons);
    BOOST_TEST_REQUIRE(client.stats().pipelining == vk::pipelining_state::works);
}

} // namespace test

namespace venice_keys {

std::ostream& operator<<(std::ostream& out, protocol which)
{
    return out << (which == protocol::automatic ? "automatic" : which == protocol::http1 ? "HTTP/1.1" : "HTTP/2");
}

} // namespace venice_keys
