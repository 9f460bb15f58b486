// A key from its making to its end, and the account's limits: all_operations
#include "arguments.hpp"

#include <venice_keys/client.hpp>
#include <venice_keys/confirmation.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace asio = boost::asio;
namespace vk = venice_keys;
using namespace std::chrono_literals;

namespace {

// [create]
asio::awaitable<std::string> make_key(vk::client& client)
{
    vk::result<vk::created_key> made = co_await client.create_key(
        vk::new_key{vk::key_type::inference, "tenant 42"}.usd(50).limit_period(vk::limit_period::month));
    if (!made && made.error().maybe_applied())
        std::cerr << "all_operations: there may be a key that nobody has the secret of\n";
    const vk::created_key key = std::move(made).value();
    std::cout << "made " << key.id << ", its secret: " << key.secret << '\n'; // [redacted]
    // key.secret.expose() is the key itself. Keep it now: the service does not send it again.
    co_return key.id;
}
// [/create]

// [list]
asio::awaitable<void> list(vk::client& client)
{
    const std::vector<vk::key_details> keys = (co_await client.list_keys()).value();
    std::cout << keys.size() << " keys\n";
}
// [/list]

// [get]
asio::awaitable<void> show(vk::client& client, std::string id)
{
    const vk::key_details key = (co_await client.get_key(id)).value();
    std::cout << key.description << ": ";
    if (key.trailing_seven_days && key.trailing_seven_days->usd)
        std::cout << *key.trailing_seven_days->usd << " USD in seven days\n"; // exact: a vk::decimal
    else
        std::cout << "the service did not say what it has used\n";
}
// [/get]

// [delete]
asio::awaitable<void> remove(vk::client& client, std::string id)
{
    const vk::result<void> gone = co_await client.delete_key(id, vk::call_options{}.timeout(20s).confirm());
    if (gone) {
        std::cout << "deleted\n";
        co_return;
    }
    std::cerr << "all_operations: " << gone.error() << '\n';
    if (gone.error().confirmation) // the answer was lost, and the key was read back
        std::cerr << "all_operations: the deletion is " << gone.error().confirmation->what << '\n';
}
// [/delete]

// [limits]
asio::awaitable<void> show_limits(vk::client& client)
{
    const vk::account_limits limits = (co_await client.rate_limits()).value();
    std::cout << "tier " << limits.tier_id << ", limits for " << limits.models.size() << " models\n";
    const std::vector<vk::rate_limit_event> log = (co_await client.rate_limit_log()).value();
    std::cout << "exceeded " << log.size() << " times\n";
}
// [/limits]

asio::awaitable<void> run(vk::client& client)
{
    const std::string id = co_await make_key(client);
    co_await list(client);
    co_await show(client, id);
    co_await remove(client, id);
    co_await show_limits(client);
    if (const vk::result<void> closed = co_await client.close(5s); !closed)
        std::cerr << "all_operations: " << closed.error() << '\n';
}

} // namespace

int main(int argc, char* argv[])
try {
    if (arguments{argc, argv, "all_operations", {}, "Makes a key, shows it, deletes it, and shows the limits."}.wrong())
        return arguments::wrong_use;
    asio::io_context io;
    vk::client client{io, vk::credentials::from_environment().value(), vk::config::from_environment().value()};
    asio::co_spawn(io, run(client), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    io.run();
    return 0;
} catch (const std::exception& thrown) {
    std::cerr << "all_operations: " << plain_text(thrown) << '\n';
    return 1;
}
