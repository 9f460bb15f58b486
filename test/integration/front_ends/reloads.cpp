#include "integration/front_ends/reloads.hpp"

#include <venice_keys/client.hpp>
#include <venice_keys/emulator.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace integration {
namespace {

namespace asio = boost::asio;
namespace vk = venice_keys;
using namespace std::chrono_literals;

constexpr std::size_t number_of_keys = 60;
constexpr std::size_t in_flight = 150; // so that most wait for the turn of their key
constexpr std::size_t fewest_updates = 500;
constexpr std::size_t reloads = 2;

// Updates go on until there were enough of them, and each reload has brought new workers and a new connection to them.
class updates_through_reloads {
public:
    explicit updates_through_reloads(const front_end_recipe& recipe)
        : emulator_(io_.get_executor(), behind_a_front_end()), server_(recipe, emulator_.http_port())
    {
        // So that there always are some to be in the midst of.
        emulator_.add_fault(vk::fault::delay(3ms).times(0));
        vk::config config;
        config.base_url = server_.base_url();
        config.tls.ca_file = server_.certificate_file();
        client_ =
            std::make_unique<vk::client>(io_.get_executor(), vk::credentials{vk::secret{emulator_.token()}}, config);
        for (const vk::api_key& key : emulator_.keys())
            ids_.push_back(key.id);
    }

    void run()
    {
        asio::steady_timer limit(io_, 60s);
        limit.async_wait([this](boost::system::error_code stopped) {
            if (stopped)
                return;
            BOOST_ERROR("after " << answered_ << " updates and " << reloaded_ << " reloads it was not over\n"
                                 << server_.log());
            io_.stop();
        });
        for (std::size_t i = 0; i != in_flight; ++i)
            start();
        look(limit);
        io_.run();
        BOOST_TEST(answered_ == started_);
        check();
    }

private:
    static vk::emulator_options behind_a_front_end()
    {
        vk::emulator_options made;
        made.http_port = 0;
        made.initial_keys = number_of_keys;
        return made;
    }

    void start()
    {
        const std::size_t number = started_++;
        const std::string& id = ids_[number % ids_.size()];
        client_->update_key(vk::key_update{id}.description(std::to_string(number)),
                            [this, number, &id](const vk::result<vk::api_key>& key) {
                                ++answered_;
                                if (!key)
                                    BOOST_ERROR("update " << number << ": " << key.error().message());
                                else if (key->id != id || key->description != std::to_string(number))
                                    BOOST_ERROR("update " << number << " has the answer to another");
                                if (!enough_)
                                    start();
                                else if (answered_ == started_)
                                    client_->close(2s, [this](const vk::result<void>&) { emulator_.stop(); });
                            });
    }

    // Every few milliseconds.
    void look(asio::steady_timer& limit)
    {
        if (reloaded_ == reloads && answered_ >= fewest_updates) {
            enough_ = true;
            limit.cancel();
            return;
        }
        const auto workers = server_.workers();
        const bool fresh_workers = !std::ranges::includes(before_, workers);
        if (under_way_ && fresh_workers && client_->stats().connections_opened > opened_before_) {
            under_way_ = false;
            ++reloaded_;
        }
        if (!under_way_ && reloaded_ < reloads && answered_ >= (reloaded_ + 1) * fewest_updates / 4) {
            before_ = workers;
            opened_before_ = client_->stats().connections_opened;
            under_way_ = true;
            ask_for_a_reload();
        } else if (under_way_ && !fresh_workers && std::chrono::steady_clock::now() > ask_again_at_) {
            ask_for_a_reload();
        }
        look_again_.expires_after(5ms);
        look_again_.async_wait([this, &limit](boost::system::error_code stopped) {
            if (!stopped)
                look(limit);
        });
    }

    // Again when nothing came of it: haproxy's master misses a signal that comes while it still begins anew for the
    // last.
    void ask_for_a_reload()
    {
        server_.reload();
        ask_again_at_ = std::chrono::steady_clock::now() + 2s;
    }

    // Once in effect: again only where an answer was lost, and never after a later one.
    void check() const
    {
        const vk::client_stats stats = client_->stats();
        BOOST_TEST(stats.http2_connections == stats.connections_opened);
        BOOST_TEST(stats.http2_connections > reloads);
        BOOST_TEST(stats.deepest_pipeline > 1U);
        BOOST_TEST(stats.calls_succeeded == started_);
        BOOST_TEST_MESSAGE(started_ << " updates, " << stats.connections_opened << " connections, "
                                    << stats.connections_lost << " lost, " << stats.replays << " replays");
        std::map<std::string, std::vector<std::size_t>> applied;
        for (const vk::journal_entry& each : emulator_.journal()) {
            auto& numbers = applied[each.key.id];
            const std::size_t number = std::stoul(each.key.description);
            if (numbers.empty() || numbers.back() != number)
                numbers.push_back(number);
        }
        std::size_t in_effect = 0;
        for (const auto& [id, numbers] : applied) {
            BOOST_TEST(std::ranges::is_sorted(numbers, std::ranges::less_equal{}), "key " << id);
            in_effect += numbers.size();
        }
        BOOST_TEST(in_effect == started_);
    }

    asio::io_context io_;
    vk::emulator emulator_;
    front_end server_;
    std::unique_ptr<vk::client> client_;
    asio::steady_timer look_again_{io_};
    std::vector<std::string> ids_;
    std::size_t started_ = 0;
    std::size_t answered_ = 0;
    bool enough_ = false;
    std::set<pid_t> before_;
    std::uint64_t opened_before_ = 0;
    bool under_way_ = false;
    std::chrono::steady_clock::time_point ask_again_at_;
    std::size_t reloaded_ = 0;
};

} // namespace

boost::test_tools::assertion_result is_there(const std::string& program, const std::string& name)
{
    if (!program.empty() || std::getenv("VENICE_KEYS_NO_SKIP") != nullptr)
        return true;
    std::cout << "SKIPPED: there is no " << name << std::endl;
    boost::test_tools::assertion_result no(false);
    no.message() << "there is no " << name;
    return no;
}

void check_updates_through_reloads(const front_end_recipe& recipe)
{
    updates_through_reloads(recipe).run();
}

} // namespace integration
