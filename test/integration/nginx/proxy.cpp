// A server that nobody here wrote between the client and the emulator: stock nginx, which ends connections in
// mid-pipeline as servers do. Every update must be applied, and every answer be its own.

#include "integration/nginx/fixture.hpp"
#include "support/printing.hpp"

#include <venice_keys/client.hpp>
#include <venice_keys/emulator.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(integration_nginx_proxy, *boost::unit_test::precondition(integration::nginx_is_there))

namespace {

namespace asio = boost::asio;
namespace vk = venice_keys;
using namespace std::chrono_literals;

constexpr std::size_t number_of_keys = 300;
constexpr std::size_t updates_a_key = 2;
constexpr std::size_t connections = 4;
constexpr std::size_t number_of_updates = number_of_keys * updates_a_key;

// The emulator behind nginx, a client before it, and updates that are all started at once.
class proxied_updates {
public:
    explicit proxied_updates(std::string server_directives = "")
        : emulator_(io_.get_executor(), emulator_options()), nginx_(options(std::move(server_directives)))
    {
        // Answers take a while, so that there always is a pipeline to be in the middle of.
        emulator_.add_fault(vk::fault::delay(2ms).times(0));
        vk::config config;
        config.base_url = nginx_.base_url();
        config.tls.ca_file = files_.certificate().string();
        config.max_connections = connections; // so few that each has a pipeline for all of the test
        client_ =
            std::make_unique<vk::client>(io_.get_executor(), vk::credentials{vk::secret{emulator_.token()}}, config);
    }

    [[nodiscard]] const integration::nginx_server& nginx() const noexcept { return nginx_; }
    [[nodiscard]] vk::client_stats stats() const { return client_->stats(); }

    // `disturb(count)` is called after each answer, with the number of answers so far.
    template <class Disturb>
    void run(Disturb disturb)
    {
        for (const vk::api_key& key : emulator_.keys())
            ids_.push_back(key.id);
        BOOST_TEST_REQUIRE(ids_.size() == number_of_keys);

        asio::steady_timer limit(io_, 60s);
        limit.async_wait([&](boost::system::error_code stopped) {
            if (!stopped) {
                BOOST_ERROR("only " << answers_ << " updates were answered in time");
                io_.stop();
            }
        });
        for (std::size_t round = 0; round < updates_a_key; ++round) {
            for (std::size_t i = 0; i < number_of_keys; ++i) {
                client_->update_key(vk::key_update{ids_[i]}.description(text_for(i, round)),
                                    [&, i, round](const vk::result<vk::api_key>& key) {
                                        check_answer(i, round, key);
                                        disturb(++answers_);
                                        if (answers_ == number_of_updates)
                                            finish(limit);
                                    });
            }
        }
        io_.run();
        BOOST_TEST(answers_ == number_of_updates);
        check_state();
    }

private:
    static vk::emulator_options emulator_options()
    {
        vk::emulator_options made;
        made.http_port = 0;
        made.initial_keys = number_of_keys;
        return made;
    }

    [[nodiscard]] integration::nginx_options options(std::string server_directives) const
    {
        auto made = files_.options();
        made.upstream_port = emulator_.http_port();
        made.server_directives = std::move(server_directives);
        return made;
    }

    static std::string text_for(std::size_t key, std::size_t round)
    {
        return "key " + std::to_string(key) + " round " + std::to_string(round);
    }

    void check_answer(std::size_t i, std::size_t round, const vk::result<vk::api_key>& key)
    {
        if (!key) {
            BOOST_ERROR(text_for(i, round) << ": " << key.error().message());
            return;
        }
        BOOST_TEST(key->id == ids_[i]);
        BOOST_TEST(key->description == text_for(i, round));
    }

    void finish(asio::steady_timer& limit)
    {
        limit.cancel();
        client_->close(1s, [this](const vk::result<void>&) { emulator_.stop(); });
    }

    // What the emulator has, and what it did on the way there: for each key, the rounds in their order, each of them
    // at least once.
    void check_state() const
    {
        const auto keys = emulator_.keys();
        BOOST_TEST_REQUIRE(keys.size() == number_of_keys);
        std::map<std::string, std::size_t> index_of;
        for (std::size_t i = 0; i < number_of_keys; ++i) {
            BOOST_TEST(keys[i].id == ids_[i]);
            BOOST_TEST(keys[i].description == text_for(i, updates_a_key - 1));
            index_of[ids_[i]] = i;
        }
        std::vector<std::size_t> rounds_done(number_of_keys, 0);
        for (const vk::journal_entry& entry : emulator_.journal()) {
            const std::size_t i = index_of.at(entry.key.id);
            std::size_t& done = rounds_done[i];
            if (done < updates_a_key && entry.key.description == text_for(i, done)) {
                ++done;
            } else { // a repetition, as its answer was lost
                BOOST_TEST_REQUIRE(done > 0u);
                BOOST_TEST(entry.key.description == text_for(i, done - 1));
            }
        }
        for (const std::size_t done : rounds_done)
            BOOST_TEST(done == updates_a_key);
    }

    asio::io_context io_;
    integration::certificate_files files_;
    vk::emulator emulator_;
    integration::nginx_server nginx_;
    std::unique_ptr<vk::client> client_;
    std::vector<std::string> ids_;
    std::size_t answers_ = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(pipelined_updates_go_through)
{
    proxied_updates updates;
    updates.run([](std::size_t) {});
    BOOST_TEST(updates.stats().deepest_pipeline > 1U);
    BOOST_TEST(updates.stats().replays == 0U);
    BOOST_TEST(updates.stats().connections_opened <= connections);
}

BOOST_AUTO_TEST_CASE(a_server_that_closes_after_seven_requests_loses_no_update)
{
    proxied_updates updates("keepalive_requests 7;");
    updates.run([](std::size_t) {});
    BOOST_TEST(updates.stats().connections_opened >= number_of_updates / 7);
}

BOOST_AUTO_TEST_CASE(a_reload_in_mid_pipeline_loses_no_update)
{
    proxied_updates updates;
    updates.run([&](std::size_t answers) {
        if (answers == number_of_updates / 4 || answers == number_of_updates / 2)
            updates.nginx().reload();
    });
    BOOST_TEST(updates.nginx().reloads() == 2U);
    BOOST_TEST(updates.stats().deepest_pipeline > 1U);
    BOOST_TEST(updates.stats().connections_lost > 0U);
}

BOOST_AUTO_TEST_CASE(a_worker_that_is_killed_in_mid_pipeline_loses_no_update)
{
    proxied_updates updates;
    updates.run([&](std::size_t answers) {
        if (answers == number_of_updates / 4 || answers == number_of_updates / 2)
            updates.nginx().kill_workers();
    });
    BOOST_TEST(updates.stats().deepest_pipeline > 1U);
    BOOST_TEST(updates.stats().connections_lost > 0U);
    BOOST_TEST(updates.stats().replays > 0U);
}

BOOST_AUTO_TEST_SUITE_END()
