// update_keys: each item once, a bounded number at a time, and an account that adds up.
#include "support/bulk_watch.hpp"

#include <venice_keys/observer.hpp>

#include <iterator>
#include <memory>

namespace integration_bulk {

using namespace test;
using namespace std::chrono_literals;
using vk::errc;
using end = vk::bulk_summary::end;

struct fixture : client_world {
    fixture() : client_world(60) {}

    void update(bulk_watch& all, const vk::bulk_options& options = {})
    {
        start().update_keys(all.range(), options, all.sink(), all.handler());
        BOOST_REQUIRE(run_until(io, [&all] { return all.ended(); }));
    }
};

// How many requests are in flight, at most.
struct flight_observer final : vk::observer {
    void attempt_started(const vk::event::attempt_started&) noexcept override { most = std::max(most, ++now); }
    void attempt_ended(const vk::event::attempt_ended&) noexcept override { --now; }

    int now = 0;
    int most = 0;
};

// As a generator is: one pass, and an iterator that can't be copied.
class one_pass {
public:
    class iterator {
    public:
        using value_type = vk::key_update;
        using difference_type = std::ptrdiff_t;

        explicit iterator(one_pass& home) noexcept : home_(&home) {}
        iterator(iterator&&) = default;
        iterator& operator=(iterator&&) = default;

        vk::key_update operator*() const { return vk::key_update(home_->ids_[home_->at_]).usd(1); }
        iterator& operator++()
        {
            ++home_->at_;
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(const iterator& left, std::default_sentinel_t) noexcept { return left.at_end(); }

    private:
        [[nodiscard]] bool at_end() const noexcept { return home_->at_ == home_->ids_.size(); }

        one_pass* home_;
    };

    explicit one_pass(std::vector<std::string> ids) : ids_(std::move(ids)) {}
    one_pass(one_pass&&) = default;
    one_pass& operator=(one_pass&&) = default;

    iterator begin() { return iterator(*this); }
    static std::default_sentinel_t end() noexcept { return {}; }

private:
    std::vector<std::string> ids_;
    std::size_t at_ = 0;
};

} // namespace integration_bulk

BOOST_FIXTURE_TEST_SUITE(integration_bulk, fixture)

BOOST_AUTO_TEST_CASE(a_thousand_updates_are_each_reported_once_with_their_key)
{
    hosted_emulator large(1000);
    vk::client many(io.get_executor(), large.credentials(), large.config());
    bulk_watch all(large.ids());
    many.update_keys(all.range(), {}, all.sink(), all.handler());
    BOOST_REQUIRE(run_until(io, [&all] { return all.ended(); }));
    all.check_account();
    BOOST_TEST(all.summary().how == end::finished);
    BOOST_TEST(all.summary().applied == 1000U);
    const auto keys = large->keys();
    for (std::size_t i = 0; i != keys.size(); ++i)
        BOOST_TEST(keys[i].limits.usd == static_cast<double>(i));
    BOOST_TEST(large->journal().size() == 1000U);
}

BOOST_AUTO_TEST_CASE(an_operation_that_was_deferred_owns_its_range)
{
    std::size_t handed = 0;
    start();
    auto later = [&] {
        std::vector<vk::key_update> updates;
        for (const std::string& id : server.ids())
            updates.push_back(vk::key_update(id).usd(7));
        return client->update_keys(std::move(updates), {},
                                   [&handed](std::size_t, const updated_key& with) { handed += with ? 1U : 0U; });
    }();
    run(io, [&]() -> asio::awaitable<void> {
        const bulk_result done = co_await std::move(later);
        BOOST_TEST(done.value().applied == 60U);
    });
    BOOST_TEST(handed == 60U);
}

BOOST_AUTO_TEST_CASE(a_range_of_one_pass_with_iterators_that_can_not_be_copied_will_do)
{
    run(io, [&]() -> asio::awaitable<void> {
        const bulk_result done = co_await start().update_keys(
            one_pass(server.ids()), vk::bulk_options().max_in_flight(7), [](std::size_t, const updated_key&) {});
        BOOST_TEST(done.value().applied == 60U);
    });
    BOOST_TEST(server->journal().size() == 60U);
}

BOOST_AUTO_TEST_CASE(no_more_is_pulled_than_has_ended_and_may_be_in_flight)
{
    for (const std::size_t most : {1U, 2U, 7U, 59U, 60U, 1000U}) {
        bulk_watch all(server.ids());
        update(all, vk::bulk_options().max_in_flight(most));
        all.check_account();
        BOOST_TEST(all.summary().applied == 60U);
        BOOST_TEST(all.most_ahead() == std::min<std::size_t>(most, 60U));
    }
}

BOOST_AUTO_TEST_CASE(no_more_are_in_flight_than_may_be)
{
    const auto watcher = std::make_shared<flight_observer>();
    settings.observer = watcher;
    server->add_fault(vk::fault::delay(5ms).times(0));
    bulk_watch all(server.ids());
    update(all, vk::bulk_options().max_in_flight(5));
    BOOST_TEST(all.summary().applied == 60U);
    BOOST_TEST(watcher->most <= 5);
    BOOST_TEST(watcher->most > 1);
    BOOST_TEST(client->stats().deepest_pipeline <= 5U);
}

BOOST_AUTO_TEST_CASE(a_deadline_starts_when_its_item_is_admitted)
{
    settings.max_connections = 2;
    settings.pipeline_depth = 1;
    server->add_fault(vk::fault::delay(50ms).times(0));
    bulk_watch all(server.ids());
    const auto begin = std::chrono::steady_clock::now();
    update(all, vk::bulk_options().max_in_flight(2).each(vk::call_options().timeout(1s)));
    BOOST_TEST((std::chrono::steady_clock::now() - begin) > 1100ms); // else it says nothing
    all.check_account();
    BOOST_TEST(all.summary().applied == 60U);
}

BOOST_AUTO_TEST_CASE(the_options_of_each_item_are_heeded)
{
    server->add_fault(vk::fault::stall().times(0));
    bulk_watch all({server.ids().front(), server.ids().back()});
    update(all, vk::bulk_options().each(vk::call_options().timeout(80ms)));
    all.check_account();
    BOOST_TEST(code_of(all[0]) == errc::deadline_exceeded);
    BOOST_TEST(all.summary().how == end::finished);
    BOOST_TEST(all.summary().applied == 0U);
}

BOOST_AUTO_TEST_CASE(without_stop_on_error_the_others_go_on)
{
    server->add_fault(vk::fault::answer(400).every(5).times(0));
    settings.error_budget.enabled = false;
    bulk_watch all(server.ids());
    update(all, vk::bulk_options().max_in_flight(8));
    all.check_account();
    BOOST_TEST(all.summary().how == end::finished);
    BOOST_TEST(all.summary().refused == 10U);
    BOOST_TEST(all.summary().applied == 50U);
    BOOST_REQUIRE(all.summary().first_error.has_value());
    BOOST_TEST(all.summary().first_error->code == errc::invalid_request);
}

BOOST_AUTO_TEST_CASE(with_stop_on_error_nothing_is_pulled_after_a_failure_and_what_is_under_way_goes_on)
{
    server->add_fault(vk::fault::answer(400).after(10));
    bulk_watch all(server.ids());
    update(all, vk::bulk_options().max_in_flight(4).stop_on_error());
    all.check_account();
    BOOST_TEST(all.summary().how == end::stopped);
    BOOST_TEST(all.summary().refused == 1U);
    BOOST_TEST(all.pulled() >= 11U);
    BOOST_TEST(all.pulled() <= 11U + 2 * 4U);
    BOOST_TEST((all.summary().applied + all.summary().not_sent + 1) == all.pulled());
}

BOOST_AUTO_TEST_CASE(an_update_that_is_not_valid_is_refused_and_not_sent)
{
    ids[20].clear();
    bulk_watch all(ids);
    update(all);
    all.check_account();
    BOOST_TEST(code_of(all[20]) == errc::invalid_argument);
    BOOST_TEST(all.summary().refused == 1U);
    BOOST_TEST(all.summary().applied == 59U);
    BOOST_TEST(server->stats().requests == 59U);
}

BOOST_AUTO_TEST_CASE(an_empty_range_is_finished_at_once_and_not_inside_the_initiation)
{
    bulk_watch none({});
    start().update_keys(none.range(), {}, none.sink(), none.handler());
    BOOST_TEST(!none.ended());
    BOOST_TEST(none.pulled() == 0U);
    BOOST_TEST(run_out(io));
    none.check_account();
    BOOST_TEST(none.summary().how == end::finished);
    BOOST_TEST(none.summary().pulled() == 0U);
}

BOOST_AUTO_TEST_CASE(options_that_are_not_valid_are_refused_before_anything_is_pulled)
{
    for (const std::size_t most : {std::size_t{0}, std::size_t{100'001}}) {
        bulk_watch all(server.ids());
        std::optional<bulk_result> done;
        start().update_keys(all.range(), vk::bulk_options().max_in_flight(most), all.sink(),
                            [&done](bulk_result with) { done = std::move(with); });
        BOOST_TEST(!done.has_value());
        BOOST_TEST(run_out(io));
        BOOST_TEST(code_of(done.value()) == errc::invalid_argument);
        BOOST_TEST(done->error().detail.find("max_in_flight") != std::string::npos);
        BOOST_TEST(all.pulled() == 0U);
    }
    std::optional<bulk_result> done;
    client->update_keys(std::vector<vk::key_update>(), {}, std::function<void(std::size_t, updated_key)>(),
                        [&done](bulk_result with) { done = std::move(with); });
    BOOST_TEST(run_out(io));
    BOOST_TEST(code_of(done.value()) == errc::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_account_adds_up_under_mixed_faults)
{
    ids[1] = "no-such-key";
    ids[2].clear();
    server->add_fault(vk::fault::answer(400).at_random(0.1).times(0));
    server->add_fault(vk::fault::answer(503).at_random(0.1).times(0));
    server->add_fault(vk::fault::close().at_random(0.1).times(0).applied(vk::fault::apply::before));
    server->add_fault(vk::fault::stall().at_random(0.05).times(0));
    settings.error_budget.enabled = false;
    settings.retry.max_attempts = 1;
    settings.stall_timeout = 50ms;
    settings.timeout = 400ms;
    bulk_watch all(ids);
    update(all, vk::bulk_options().max_in_flight(16));
    all.check_account();
    const vk::bulk_summary& sum = all.summary();
    BOOST_TEST(sum.how == end::finished);
    BOOST_TEST(sum.pulled() == 60U);
    BOOST_TEST(sum.applied > 0U);
    BOOST_TEST(sum.refused >= 2U);
    BOOST_TEST(sum.unknown > 0U);
    // Whatever was reported as applied is in the journal, and what was not sent is not.
    for (std::size_t i = 3; i != ids.size(); ++i)
        if (all[i])
            BOOST_TEST(changes(*server, {ids[i]}).front() >= 1U); // again after a loss, perhaps
        else if (all[i].error().delivery == vk::delivery::not_sent)
            BOOST_TEST(changes(*server, {ids[i]}).front() == 0U);
}

BOOST_AUTO_TEST_CASE(what_has_no_connection_was_not_sent)
{
    settings.base_url = "https://127.0.0.1:1/api/v1";
    settings.timeout = 200ms;
    settings.max_queue = 5;
    bulk_watch all(server.ids());
    update(all, vk::bulk_options().max_in_flight(20));
    all.check_account();
    BOOST_TEST(all.summary().how == end::finished);
    BOOST_TEST(all.summary().not_sent == 60U);
}

BOOST_AUTO_TEST_CASE(a_view_updates_as_its_account)
{
    start();
    const vk::client_view other = client->as(vk::credentials(vk::secret("another-token")));
    bulk_watch refused(server.ids());
    other.update_keys(refused.range(), vk::bulk_options().stop_on_error(), refused.sink(), refused.handler());
    const vk::client_view same = client->as(server.credentials());
    bulk_watch all(server.ids());
    same.update_keys(all.range(), {}, all.sink(), all.handler());
    BOOST_REQUIRE(run_until(io, [&] { return all.ended() && refused.ended(); }));
    all.check_account();
    refused.check_account();
    BOOST_TEST(all.summary().applied == 60U);
    BOOST_TEST(refused.summary().applied == 0U);
    BOOST_TEST(refused.summary().first_error->code == errc::authentication_failed);
}

BOOST_AUTO_TEST_SUITE_END()
