// What a user's program has: coroutines that await several operations, callbacks, futures, groups, a bulk update, an
// observer and the emulator. It is compiled with the flags on the page "Compilers" and no others, and never run, so
// that neither our headers nor what they make of Asio's warn of anything.
#include <venice_keys/emulator.hpp>
#include <venice_keys/venice_keys.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <future>
#include <iostream>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace vk = venice_keys;
using namespace std::chrono_literals;
using std::chrono::system_clock;

namespace {

class counting : public vk::observer {
public:
    void attempt_ended(const vk::event::attempt_ended& what) noexcept override
    {
        what.for_each_attribute([this](std::string_view, const vk::attribute_value&) { ++attributes_; });
    }
    void connection_closed(const vk::event::connection_closed& what) noexcept override
    {
        closed_ += what.why.why() == vk::errc::closed ? 1U : 0U;
    }

private:
    std::size_t attributes_ = 0;
    std::size_t closed_ = 0;
};

// Every operation, awaited; with and without options.
asio::awaitable<vk::result<std::string>> make_and_change(vk::client& client, std::optional<double> limit)
{
    const vk::call_options patient = vk::call_options{}.timeout(2.5s).confirm(500ms);
    vk::result<vk::created_key> made = co_await client.create_key(vk::new_key{vk::key_type::inference, "tenant 42"}
                                                                      .usd(limit)
                                                                      .limit_period(vk::limit_period::month)
                                                                      .expires_at(system_clock::now() + 24h),
                                                                  patient);
    if (!made)
        co_return made.error();
    const vk::result<vk::api_key> changed =
        co_await client.update_key(vk::key_update{made->id}
                                       .usd(limit ? vk::field<double>(*limit) : vk::clear)
                                       .description(vk::clear)
                                       .expires_at(vk::clear),
                                   vk::call_options{}.timeout(10s).confirm());
    if (!changed) {
        switch (changed.error().why()) {
        case vk::errc::not_found:
        case vk::errc::outcome_unknown:
            std::cerr << vk::name_of(changed.error()) << ": " << changed.error() << '\n';
            break;
        default:
            co_return changed.error();
        }
    }
    const auto key = co_await client.get_key(made->id, patient);
    const std::vector<vk::key_details> all = (co_await client.list_keys()).value_or(std::vector<vk::key_details>{});
    const auto limits = co_await client.rate_limits();
    const auto log = co_await client.rate_limit_log(vk::call_options{}.timeout(1min));
    if (!(co_await client.delete_key(made->id)) || !key || !limits || !log || all.empty())
        co_return vk::errc::not_found;
    co_return key.transform([](const vk::key_details& one) { return one.description; });
}

asio::awaitable<void> make_for_a_wallet(vk::client_view account)
{
    vk::result<vk::wallet_challenge> challenge = co_await account.web3_challenge("0x1234");
    if (!challenge)
        co_return;
    const auto key = co_await account.create_web3_key(
        vk::new_web3_key{vk::key_type::inference, "0x1234", std::move(*challenge), vk::secret{"0xsigned"}});
    std::cout << (key ? key->id : key.error().message()) << '\n';
}

asio::awaitable<void> change_many(vk::client& client, std::vector<std::string> ids)
{
    auto updates = ids | std::views::transform([](const std::string& id) { return vk::key_update{id}.usd(5); });
    const auto note = std::make_shared<std::size_t>(0);
    const auto sink = [note](std::size_t index, vk::result<vk::api_key> outcome) {
        *note += outcome ? index : 0;
    };
    const vk::result<vk::bulk_summary> all =
        co_await client.update_keys(updates, vk::bulk_options{}.max_in_flight(64).each(vk::call_options{}), sink);
    std::cout << all.value() << '\n';
}

asio::awaitable<void> race(vk::client& client, std::string id)
{
    using namespace asio::experimental::awaitable_operators;
    asio::steady_timer timer{co_await asio::this_coro::executor, 5s};
    const auto first = co_await (client.update_key(vk::key_update{id}.usd(1), asio::use_awaitable) ||
                                 timer.async_wait(asio::use_awaitable));
    const auto both =
        co_await (client.get_key(id, asio::use_awaitable) && client.list_keys(vk::call_options{}, asio::use_awaitable));
    const auto [order, key, ec] = co_await asio::experimental::make_parallel_group(
                                      client.update_key(vk::key_update{id}.usd(2)), timer.async_wait(asio::deferred))
                                      .async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    std::cout << first.index() << std::get<0>(both).has_value() << order[0] << key.has_value() << ec << '\n';
}

asio::awaitable<void> run(vk::client& client, std::vector<std::string> ids)
{
    if (const vk::result<void> warm = co_await client.warm_up(2); !warm)
        std::cerr << warm.error() << '\n';
    const vk::result<std::string> text = co_await make_and_change(client, 5.5);
    std::cout << text.value_or("nothing") << '\n';
    co_await make_for_a_wallet(client.as(vk::credentials{vk::secret{"a token"}}));
    co_await change_many(client, ids);
    co_await race(client, ids.front());
    (co_await client.close(2.5s)).value();
}

void with_callbacks(vk::client& client, const std::string& id)
{
    asio::cancellation_signal stop;
    client.update_key(vk::key_update{id}.usd(7), [own = std::make_unique<int>(1)](vk::result<vk::api_key> key) {
        std::cout << key.has_value() << *own << '\n';
    });
    client.get_key(
        id, asio::bind_cancellation_slot(stop.slot(), [](const auto& key) { std::cout << key.has_value() << '\n'; }));
    client.delete_key(id, asio::detached);
    stop.emit(asio::cancellation_type::terminal);
}

void with_futures(vk::client& client, const std::vector<std::string>& ids)
{
    std::vector<std::future<vk::result<vk::api_key>>> answers;
    for (const std::string& id : ids)
        answers.push_back(client.update_key(vk::key_update{id}.usd(8), asio::use_future));
    for (auto& each : answers)
        std::cout << each.get().value().id << '\n';
    client.close(5s, asio::use_future).get().value();
}

} // namespace

int main()
try {
    asio::io_context io;
    vk::emulator emulator{io, {.service_time = 5ms, .initial_keys = 3}};
    emulator.add_fault(vk::fault::answer(503).times(2).only_method("PATCH"));
    emulator.add_fault(vk::fault::delay(2.5ms).after(1));
    emulator.add_key({.id = "of my own", .expires_at = vk::to_timestamp(system_clock::now() + 1h)});
    std::vector<std::string> ids;
    for (const vk::api_key& key : emulator.keys())
        ids.push_back(key.id);

    const vk::config config{.base_url = emulator.base_url(),
                            .tls = {.ca_pem = emulator.ca_pem()},
                            .retry = {.max_attempts = 5},
                            .observer = std::make_shared<counting>()};
    vk::client client{io, vk::credentials{vk::secret{emulator.token()}}, config};
    asio::co_spawn(io, run(client, ids), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    io.run();

    asio::thread_pool pool{2};
    vk::client of_threads{asio::make_strand(pool), vk::credentials::from_environment().value(),
                          vk::config::from_environment().value()};
    with_callbacks(of_threads, ids.front());
    with_futures(of_threads, ids);
    pool.join();
    return 0;
} catch (const vk::request_failed& failed) {
    std::cerr << failed.error() << '\n';
    return 1;
}
