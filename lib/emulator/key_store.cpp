#include "emulator/key_store.hpp"

#include <utility>

namespace venice_keys::emulation {

namespace {

void apply(const key_fields& fields, api_key& key)
{
    if (fields.type)
        key.type = *fields.type;
    if (fields.usd)
        key.limits.usd = *fields.usd;
    if (fields.diem)
        key.limits.diem = *fields.diem;
    if (fields.vcu)
        key.limits.vcu = *fields.vcu;
    if (fields.limit_period)
        key.limit_period = *fields.limit_period;
    if (fields.model_privacy)
        key.model_privacy = *fields.model_privacy;
    if (fields.description)
        key.description = *fields.description;
    if (fields.expires_at)
        key.expires_at = *fields.expires_at;
}

// What a creation leaves unsaid.
api_key blank_key(std::string id, timestamp now)
{
    api_key key;
    key.id = std::move(id);
    key.type = key_type::inference;
    key.limit_period = limit_period::epoch;
    key.model_privacy = model_privacy::all;
    key.created_at = now;
    return key;
}

} // namespace

void key_store::populate(std::size_t count, timestamp now)
{
    for (std::size_t i = 0; i < count; ++i) {
        stored_key stored{blank_key(make_id(), now), {}};
        stored.key.description = "key " + std::to_string(i + 1);
        const std::string secret = make_secret(stored.key.type);
        stored.key.last6_chars = secret.substr(secret.size() - 6);
        stored.usage.usd = random_() % 1'000'000;
        stored.usage.diem = random_() % 1'000'000;
        stored.usage.vcu = stored.usage.diem * 10;
        insert(std::move(stored));
    }
}

creation key_store::create(const key_fields& fields, timestamp now, std::uint64_t connection, effect mode)
{
    creation made;
    if (enforce_limits_) {
        while (!creations_.empty() && creations_.front() + creation_window <= now)
            creations_.pop_front();
        if (keys_.size() >= max_keys) {
            made.why = creation::refusal::too_many_keys;
            return made;
        }
        if (creations_.size() >= max_creations) {
            made.why = creation::refusal::too_many_creations;
            made.retry_after = std::chrono::ceil<std::chrono::seconds>(creations_.front() + creation_window - now);
            return made;
        }
    }
    made.key = blank_key(make_id(), now);
    apply(fields, made.key);
    made.secret = make_secret(made.key.type);
    made.key.last6_chars = made.secret.substr(made.secret.size() - 6);
    if (mode == effect::real) {
        creations_.push_back(now);
        insert(stored_key{made.key, {}});
        write_down(journal_entry::change::created, connection, made.key);
    }
    return made;
}

std::optional<api_key> key_store::update(const key_fields& fields, std::uint64_t connection, effect mode)
{
    const auto order = order_of_.find(fields.id);
    if (order == order_of_.end())
        return std::nullopt;
    api_key& stored = keys_.at(order->second).key;
    api_key changed = stored;
    apply(fields, changed);
    if (mode == effect::real) {
        stored = changed;
        write_down(journal_entry::change::updated, connection, changed);
    }
    return changed;
}

bool key_store::remove(std::string_view id, std::uint64_t connection, effect mode)
{
    const auto order = order_of_.find(std::string{id});
    if (order == order_of_.end())
        return false;
    if (mode == effect::real) {
        const auto stored = keys_.find(order->second);
        write_down(journal_entry::change::removed, connection, stored->second.key);
        keys_.erase(stored);
        order_of_.erase(order);
    }
    return true;
}

const stored_key* key_store::find(std::string_view id) const
{
    const auto order = order_of_.find(std::string{id});
    return order == order_of_.end() ? nullptr : &keys_.at(order->second);
}

std::string key_store::make_id()
{
    static constexpr std::string_view hex = "0123456789abcdef";
    static constexpr std::string_view shape = "xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx"; // RFC 9562, version 4
    std::string id;
    for (const char place : shape) {
        if (place == 'x')
            id += hex[random_() % 16];
        else if (place == 'v')
            id += hex[8 + random_() % 4];
        else
            id += place;
    }
    return id;
}

std::string key_store::make_secret(const key_type& type)
{
    static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    // From the seed, hence guessable: such a key opens nothing, not even the emulator.
    std::string secret = type == key_type::admin ? "VENICE_ADMIN_KEY_" : "VENICE_INFERENCE_KEY_";
    for (int i = 0; i < 40; ++i)
        secret += alphabet[random_() % alphabet.size()];
    return secret;
}

void key_store::insert(stored_key stored)
{
    order_of_.emplace(stored.key.id, next_order_);
    keys_.emplace(next_order_++, std::move(stored));
}

void key_store::write_down(journal_entry::change what, std::uint64_t connection, const api_key& key)
{
    journal_.push_back(journal_entry{journal_.size() + 1, what, connection, key});
}

} // namespace venice_keys::emulation
