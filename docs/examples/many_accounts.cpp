// Many accounts in one server, whose tokens are replaced while it runs: many_accounts TOKEN-FOLDER
//
// Each file of the folder holds the token of one account, which is named after the file. Its mode must be 0600 or 0400.
// On SIGHUP the folder is read again (`systemctl reload`, with `ExecReload=kill -HUP $MAINPID`): accounts get their new
// tokens, new ones come, and those whose files are gone leave. Then, as at the start, each account's keys are counted,
// which stands for the work of the server. SIGTERM ends it.
//
// The accounts share connections, and nothing else: a token that is refused, a rate limit that is met and an error
// budget that is spent are the affair of one account, and the others go on.
#include "arguments.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <csignal>
#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace vk = venice_keys;
using namespace std::chrono_literals;

namespace {

// [accounts]
class accounts {
public:
    explicit accounts(std::filesystem::path folder) : folder_(std::move(folder)) {}

    // Reads the folder. What can't be read is told, and changes nothing: an account goes on with the token that it has.
    void reload()
    {
        std::set<std::string> found;
        std::error_code ec;
        for (std::filesystem::directory_iterator file{folder_, ec}, end; !ec && file != end; file.increment(ec)) {
            const std::string name = file->path().filename().string();
            if (name.starts_with('.')) // editors' files, and what Kubernetes keeps beside its links
                continue;
            found.insert(name);
            vk::result<vk::secret> token = vk::secret::from_file(file->path().string());
            if (!token)
                std::cout << name << ": " << token.error() << std::endl;
            else if (const auto known = all_.find(name); known != all_.end())
                known->second.replace(std::move(*token)); // reaches every view and copy; calls that wait go with it
            else
                all_.emplace(name, vk::credentials{std::move(*token)});
        }
        if (ec) {
            std::cout << folder_.string() << ": " << ec.message() << std::endl;
            return; // half a list must not make accounts leave
        }
        std::erase_if(all_, [&](const auto& account) { return !found.contains(account.first); });
    }

    [[nodiscard]] const std::map<std::string, vk::credentials>& all() const { return all_; }

private:
    std::filesystem::path folder_;
    std::map<std::string, vk::credentials> all_;
};
// [/accounts]

// [work]
// Whatever happens to this account stays here: an error is a value, and no account waits for another one.
asio::awaitable<void> work_for(std::string name, vk::client_view account)
{
    const vk::result<std::vector<vk::key_details>> keys = co_await account.list_keys();
    if (keys)
        std::cout << name << ": " << keys->size() << " keys" << std::endl;
    else
        std::cout << name << ": " << keys.error() << std::endl;
}

void work_for_all(vk::client& client, const accounts& known)
{
    for (const auto& [name, token] : known.all())
        asio::co_spawn(client.get_executor(), work_for(name, client.as(token)), asio::detached);
}
// [/work]

// [rotate]
asio::awaitable<void> run(vk::client& client, accounts& known)
{
    asio::signal_set signals{client.get_executor(), SIGHUP, SIGINT, SIGTERM};
    for (int received = SIGHUP; received == SIGHUP;) {
        known.reload();
        work_for_all(client, known);
        received = co_await signals.async_wait(asio::use_awaitable);
    }
    if (const vk::result<void> closed = co_await client.close(5s); !closed)
        std::cerr << "many_accounts: " << closed.error() << '\n';
}
// [/rotate]

} // namespace

int main(int argc, char* argv[])
try {
    arguments told{
        argc,
        argv,
        "many_accounts",
        {"TOKEN-FOLDER"},
        "Counts the keys of each account whose token is in a file of TOKEN-FOLDER, at the start and at each SIGHUP."};
    const std::string folder = told.text(0);
    if (told.wrong())
        return arguments::wrong_use;
    asio::io_context io{1};
    vk::config config = vk::config::from_environment().value();
    config.threading = vk::threading::single;
    accounts known{folder};
    vk::client client{io, vk::credentials{vk::secret{}}, config}; // it acts only as the accounts
    asio::co_spawn(io, run(client, known), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    io.run();
    return 0;
} catch (const std::exception& thrown) {
    std::cerr << "many_accounts: " << plain_text(thrown) << '\n';
    return 1;
}
