// Makes a key and keeps its secret, and leaves no other key behind when an answer is lost:
// create_once NAME SECRET-FILE
//
// A creation whose answer was lost may have made a key. Nobody has its secret, which the service shows once and never
// again, so such a key is of no use: it is deleted, and the creation is tried again.
#include "arguments.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <exception>
#include <iomanip>
#include <iostream>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace asio = boost::asio;
namespace vk = venice_keys;
using namespace std::chrono_literals;

namespace {

// [tag]
// A description that no other key has, by which the key can be found although nobody knows its id: at most 64
// characters, of which the tag takes 18.
std::string tagged(const std::string& name)
{
    std::random_device random;
    const std::uint64_t tag = std::uint64_t{random()} << 32 | random();
    std::ostringstream text;
    text << name << " #" << std::hex << std::setfill('0') << std::setw(16) << tag;
    return text.str();
}
// [/tag]

// [remove_others]
// Deletes the keys with this description, except the one with the id `keep`.
asio::awaitable<vk::result<void>> remove_others(vk::client& client, std::string description, std::string keep)
{
    // The service may still be at work on what it has not answered. How long, nobody can know; waiting makes it likely
    // that the list tells the truth.
    asio::steady_timer pause{co_await asio::this_coro::executor, 1s};
    co_await pause.async_wait(asio::use_awaitable);

    const vk::result<std::vector<vk::key_details>> keys = co_await client.list_keys();
    if (!keys)
        co_return keys.error();
    for (const vk::key_details& key : *keys) {
        if (key.description != description || key.id == keep)
            continue;
        std::cerr << "create_once: deleting " << key.id << ", whose secret was lost\n";
        if (const vk::result<void> gone = co_await client.delete_key(key.id); !gone)
            co_return gone.error();
    }
    co_return vk::result<void>::success();
}
// [/remove_others]

// [create_once]
asio::awaitable<vk::result<vk::created_key>> create_once(vk::client& client, vk::new_key key)
{
    bool may_have_left_one = false;
    for (int attempt = 1;; ++attempt) {
        vk::result<vk::created_key> made = co_await client.create_key(key);
        const bool unknown = !made && made.error().maybe_applied(); // errc::outcome_unknown is the usual reason
        may_have_left_one = may_have_left_one || unknown;
        if (!may_have_left_one || (made && made->id.empty())) // an unreadable id: rather two keys than none
            co_return made;
        if (unknown)
            std::cerr << "create_once: " << made.error() << '\n';
        const std::string keep = made ? made->id : std::string{};
        const vk::result<void> tidy = co_await remove_others(client, key.description(), keep);
        if (!tidy)
            std::cerr << "create_once: look for keys described '" << key.description() << "': " << tidy.error() << '\n';
        // A key that was made is the caller's, whatever came of the others. And while nobody can tell how many there
        // are, no more are made.
        if (!unknown || !tidy || attempt == 3)
            co_return made;
    }
}
// [/create_once]

// A new file that only its owner may read. It is opened before the key is made: a secret that can't be kept is lost.
class secret_file {
public:
    explicit secret_file(const std::string& path)
        : path_(path), descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600))
    {
        if (descriptor_ < 0)
            throw std::system_error{errno, std::generic_category(), path};
    }
    secret_file(const secret_file&) = delete;
    secret_file& operator=(const secret_file&) = delete;
    ~secret_file()
    {
        ::close(descriptor_);
        if (!kept_)
            ::unlink(path_.c_str());
    }

    void keep(const vk::secret& secret)
    {
        const std::string_view text = secret.expose();
        if (::write(descriptor_, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
            ::fsync(descriptor_) != 0)
            throw std::system_error{errno, std::generic_category(), path_};
        kept_ = true;
    }

private:
    std::string path_;
    int descriptor_;
    bool kept_ = false;
};

asio::awaitable<void> run(vk::client& client, std::string name, secret_file& file, bool& well)
{
    const vk::new_key wanted = vk::new_key{vk::key_type::inference, tagged(name)}.usd(50);
    const vk::result<vk::created_key> made = co_await create_once(client, wanted);
    if (made) {
        file.keep(made->secret);
        std::cout << "made " << made->id << ": " << made->description << '\n';
        well = true;
    } else {
        std::cerr << "create_once: " << made.error() << '\n';
    }
    if (const vk::result<void> closed = co_await client.close(5s); !closed)
        std::cerr << "create_once: " << closed.error() << '\n';
}

} // namespace

int main(int argc, char* argv[])
try {
    arguments told{
        argc,
        argv,
        "create_once",
        {"NAME", "SECRET-FILE"},
        "Makes a key with the description NAME, and writes its secret into SECRET-FILE, although answers may be lost."};
    const std::string name = told.text(0);
    const std::string path = told.text(1);
    if (told.wrong())
        return arguments::wrong_use;
    secret_file file{path};
    asio::io_context io;
    vk::client client{io, vk::credentials::from_environment().value(), vk::config::from_environment().value()};
    bool well = false;
    asio::co_spawn(io, run(client, name, file, well), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    io.run();
    return well ? 0 : 1;
} catch (const std::exception& thrown) {
    std::cerr << "create_once: " << plain_text(thrown) << '\n';
    return 1;
}
