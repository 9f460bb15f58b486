#include "emulator/key_store.hpp"

#include "support/printing_values.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>

namespace unit_emulator_key_store {

using namespace std::chrono_literals;
using namespace venice_keys;
using emulation::creation;
using emulation::effect;
using emulation::key_fields;
using emulation::key_store;

const timestamp start = std::chrono::sys_days{2026y / 11 / 23};

key_fields new_key(std::string description = "new")
{
    key_fields fields;
    fields.type = key_type::admin;
    fields.description = std::move(description);
    return fields;
}

struct fixture {
    fixture() { store.populate(3, start); }

    [[nodiscard]] api_key nth(std::size_t n) const
    {
        return std::next(store.keys().begin(), static_cast<long>(n))->second.key;
    }

    key_store store{1, true};
};

} // namespace unit_emulator_key_store

BOOST_FIXTURE_TEST_SUITE(unit_emulator_key_store, fixture)

BOOST_AUTO_TEST_CASE(initial_keys_have_distinct_ids_shaped_as_uuids)
{
    store.populate(997, start);
    std::set<std::string> ids;
    for (const auto& [order, stored] : store.keys()) {
        const std::string& id = stored.key.id;
        BOOST_TEST_REQUIRE(id.size() == 36U);
        BOOST_TEST(id[14] == '4');
        BOOST_TEST(std::string{"89ab"}.find(id[19]) != std::string::npos);
        for (const std::size_t dash : {8U, 13U, 18U, 23U})
            BOOST_TEST(id[dash] == '-');
        ids.insert(id);
    }
    BOOST_TEST(ids.size() == 1000U);
    BOOST_TEST(store.journal().empty());
}

BOOST_AUTO_TEST_CASE(an_update_changes_what_it_names_and_nothing_else)
{
    key_fields fields;
    fields.id = nth(1).id;
    fields.usd.emplace(50.0);
    fields.limit_period = limit_period::month;
    const api_key before = nth(1);
    const auto after = store.update(fields, start, 7, effect::real);
    BOOST_REQUIRE(after.has_value());
    api_key expected = before;
    expected.limits.usd = 50.0;
    expected.limit_period = limit_period::month;
    BOOST_TEST(*after == expected);
    BOOST_TEST(nth(1) == expected);
    BOOST_TEST(store.find(before.id, start)->key == expected);
}

BOOST_AUTO_TEST_CASE(an_update_sets_and_clears_every_field)
{
    key_fields fields;
    fields.id = nth(0).id;
    fields.usd.emplace(1.0);
    fields.diem.emplace(2.0);
    fields.vcu.emplace(3.0);
    fields.limit_period = limit_period::lifetime;
    fields.model_privacy = model_privacy::private_only;
    fields.description = "text";
    fields.expires_at.emplace(start + 24h);
    BOOST_REQUIRE(store.update(fields, start, 1, effect::real).has_value());
    const api_key set = nth(0);
    BOOST_TEST(set.limits == (consumption_limits{1.0, 2.0, 3.0}));
    BOOST_TEST(set.limit_period == limit_period::lifetime);
    BOOST_TEST(set.model_privacy == model_privacy::private_only);
    BOOST_TEST(set.description == "text");
    BOOST_TEST(set.expires_at == start + 24h);

    fields = key_fields{};
    fields.id = nth(0).id;
    fields.usd.emplace(std::nullopt);
    fields.diem.emplace(std::nullopt);
    fields.vcu.emplace(std::nullopt);
    fields.expires_at.emplace(std::nullopt);
    BOOST_REQUIRE(store.update(fields, start, 1, effect::real).has_value());
    const api_key cleared = nth(0);
    BOOST_TEST(cleared.limits == consumption_limits{});
    BOOST_TEST(cleared.expires_at == std::nullopt);
    BOOST_TEST(cleared.description == "text");
}

BOOST_AUTO_TEST_CASE(an_update_of_an_unknown_key_changes_nothing)
{
    key_fields fields;
    fields.id = "unknown";
    BOOST_TEST(!store.update(fields, start, 1, effect::real).has_value());
    BOOST_TEST(store.journal().empty());
}

BOOST_AUTO_TEST_CASE(without_effect_the_answer_is_the_same_and_nothing_changes)
{
    key_fields fields;
    fields.id = nth(0).id;
    fields.description = "not really";
    const auto after = store.update(fields, start, 1, effect::none);
    BOOST_REQUIRE(after.has_value());
    BOOST_TEST(after->description == "not really");
    BOOST_TEST(nth(0).description == "key 1");
    BOOST_TEST(store.create(new_key(), start, 1, effect::none).key.description == "new");
    BOOST_TEST(store.remove(nth(2).id, start, 1, effect::none));
    BOOST_TEST(store.keys().size() == 3U);
    BOOST_TEST(store.journal().empty());
}

BOOST_AUTO_TEST_CASE(a_creation_fills_in_what_it_is_not_told)
{
    const creation made = store.create(new_key(), start, 1, effect::real);
    BOOST_TEST(made.why == creation::refusal::none);
    BOOST_TEST(made.key.limit_period == limit_period::epoch);
    BOOST_TEST(made.key.model_privacy == model_privacy::all);
    BOOST_TEST(made.key.limits == consumption_limits{});
    BOOST_TEST(made.key.created_at == start);
    BOOST_TEST(made.key.expires_at == std::nullopt);
    BOOST_TEST(made.secret.ends_with(made.key.last6_chars));
    BOOST_TEST(made.key.last6_chars.size() == 6U);
    BOOST_TEST(nth(3) == made.key);
}

BOOST_AUTO_TEST_CASE(the_twenty_first_creation_of_a_minute_is_refused_until_the_first_is_a_minute_old)
{
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(store.create(new_key(), start + std::chrono::seconds{i}, 1, effect::real).why ==
                   creation::refusal::none);
    const creation refused = store.create(new_key(), start + 20s, 1, effect::real);
    BOOST_TEST(refused.why == creation::refusal::too_many_creations);
    BOOST_TEST(refused.retry_after == 40s);
    BOOST_TEST(store.create(new_key(), start + 59s + 999ms, 1, effect::real).why ==
               creation::refusal::too_many_creations);
    BOOST_TEST(store.create(new_key(), start + 60s, 1, effect::real).why == creation::refusal::none);
    BOOST_TEST(store.create(new_key(), start + 60s, 1, effect::real).why == creation::refusal::too_many_creations);
}

BOOST_AUTO_TEST_CASE(there_are_at_most_500_keys)
{
    store.populate(496, start);
    BOOST_TEST(store.create(new_key(), start, 1, effect::real).why == creation::refusal::none);
    BOOST_TEST(store.create(new_key(), start, 1, effect::real).why == creation::refusal::too_many_keys);
    BOOST_TEST(store.remove(nth(0).id, start, 1, effect::real));
    BOOST_TEST(store.create(new_key(), start, 1, effect::real).why == creation::refusal::none);
}

BOOST_AUTO_TEST_CASE(an_expired_key_is_not_there_and_counts_no_more)
{
    store.populate(496, start);
    key_fields fields = new_key();
    fields.expires_at.emplace(start + 1h);
    const creation made = store.create(fields, start, 1, effect::real);
    BOOST_TEST(store.create(new_key(), start + 1h - 1ms, 1, effect::real).why == creation::refusal::too_many_keys);
    BOOST_TEST(store.create(new_key(), start + 1h, 1, effect::real).why == creation::refusal::none);
    BOOST_TEST(store.find(made.key.id, start + 1h - 1ms) != nullptr);
    BOOST_TEST(store.find(made.key.id, start + 1h) == nullptr);
    fields.id = made.key.id;
    BOOST_TEST(!store.update(fields, start + 1h, 1, effect::real).has_value());
    BOOST_TEST(!store.remove(made.key.id, start + 1h, 1, effect::real));
}

BOOST_AUTO_TEST_CASE(a_secret_leads_to_its_key_until_that_is_gone_or_expired)
{
    key_fields fields = new_key();
    fields.expires_at.emplace(start + 1h);
    const creation expiring = store.create(fields, start, 1, effect::real);
    const creation lasting = store.create(new_key(), start, 1, effect::real);
    BOOST_TEST(expiring.secret != lasting.secret);
    BOOST_TEST_REQUIRE(store.find_by_secret(expiring.secret, start) != nullptr);
    BOOST_TEST(store.find_by_secret(expiring.secret, start)->key.id == expiring.key.id);
    BOOST_TEST(store.find_by_secret(expiring.secret, start + 1h) == nullptr);
    BOOST_TEST(store.remove(lasting.key.id, start, 1, effect::real));
    BOOST_TEST(store.find_by_secret(lasting.secret, start) == nullptr);
    BOOST_TEST(store.find_by_secret("", start) == nullptr);
    const creation shown = store.create(new_key(), start, 1, effect::none);
    BOOST_TEST(store.find_by_secret(shown.secret, start) == nullptr);
}

BOOST_AUTO_TEST_CASE(an_added_key_is_in_no_journal_and_its_secret_opens)
{
    api_key wanted;
    wanted.type = key_type::admin;
    wanted.description = "mine";
    const std::string secret = store.add(wanted, start);
    BOOST_TEST(secret.starts_with("VENICE_ADMIN_KEY_"));
    BOOST_TEST_REQUIRE(store.find_by_secret(secret, start) != nullptr);
    const api_key added = store.find_by_secret(secret, start)->key;
    BOOST_TEST(added.id.size() == 36U);
    BOOST_TEST(added.description == "mine");
    BOOST_TEST(added.created_at == start);
    BOOST_TEST(secret.ends_with(added.last6_chars));
    BOOST_TEST(store.journal().empty());
}

BOOST_AUTO_TEST_CASE(without_limits_there_is_no_end_to_creations)
{
    key_store free{1, false};
    for (int i = 0; i < 600; ++i)
        BOOST_TEST(free.create(new_key(), start, 1, effect::real).why == creation::refusal::none);
    BOOST_TEST(free.keys().size() == 600U);
}

BOOST_AUTO_TEST_CASE(a_removed_key_is_gone_and_the_order_of_the_others_stays)
{
    const std::string id = nth(1).id;
    const std::string last = nth(2).id;
    BOOST_TEST(store.remove(id, start, 1, effect::real));
    BOOST_TEST(store.find(id, start) == nullptr);
    BOOST_TEST(!store.remove(id, start, 1, effect::real));
    BOOST_TEST(store.keys().size() == 2U);
    BOOST_TEST(nth(1).id == last);
}

BOOST_AUTO_TEST_CASE(the_journal_tells_each_change_in_order)
{
    const creation made = store.create(new_key(), start, 5, effect::real);
    key_fields fields;
    fields.id = made.key.id;
    fields.description = "changed";
    BOOST_REQUIRE(store.update(fields, start, 6, effect::real).has_value());
    BOOST_TEST(store.remove(made.key.id, start, 7, effect::real));
    const auto& journal = store.journal();
    BOOST_TEST_REQUIRE(journal.size() == 3U);
    BOOST_TEST(journal[0].what == journal_entry::change::created);
    BOOST_TEST(journal[1].what == journal_entry::change::updated);
    BOOST_TEST(journal[2].what == journal_entry::change::removed);
    BOOST_TEST(journal[0].key.description == "new");
    BOOST_TEST(journal[1].key.description == "changed");
    BOOST_TEST(journal[2].key.description == "changed");
    for (std::uint64_t i = 0; i < 3; ++i) {
        BOOST_TEST(journal[i].number == i + 1);
        BOOST_TEST(journal[i].connection == i + 5);
    }
}

BOOST_AUTO_TEST_SUITE_END()
