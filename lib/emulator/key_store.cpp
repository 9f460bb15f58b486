#include "emulator/key_store.hpp"

#include "emulator/encoding.hpp"

#include <algorithm>
#include <utility>

namespace venice_keys::emulation {

namespace {

template <class From, class To>
void assign_if_named(To& to, const std::optional<From>& from)
{
    if (from)
        to = *from;
}

void apply(const key_fields& fields, api_key& key)
{
    assign_if_named(key.type, fields.type);
    assign_if_named(key.limits.usd, fields.usd);
    assign_if_named(key.limits.diem, fields.diem);
    assign_if_named(key.limits.vcu, fields.vcu);
    assign_if_named(key.limit_period, fields.limit_period);
    assign_if_named(key.model_privacy, fields.model_privacy);
    assign_if_named(key.description, fields.description);
    assign_if_named(key.expires_at, fields.expires_at);
}

// A key as it is where its creation does not say anything else.
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

// Returns nothing when OpenSSL has no random numbers. Secrets do not come from the seed, because they grant access.
std::string make_secret(const key_type& type)
{
    const auto digits = random_hex(20);
    if (!digits)
        return {};
    return (type == key_type::admin ? "VENICE_ADMIN_KEY_" : "VENICE_INFERENCE_KEY_") + *digits;
}

std::string last6(std::string_view secret)
{
    return std::string{secret.substr(secret.size() - 6)};
}

// Returns the active key to which this text leads, or null when there is none.
template <class Keys>
auto find_in(Keys& keys, const std::unordered_map<std::string, std::uint64_t>& orders, std::string_view text,
             timestamp now)
{
    const auto order = orders.find(std::string{text});
    auto* const found = order == orders.end() ? nullptr : &keys.at(order->second);
    return found != nullptr && is_active(found->key, now) ? found : nullptr;
}

} // namespace

void key_store::populate(std::size_t count, timestamp now)
{
    static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    for (std::size_t i = 0; i < count; ++i) {
        stored_key stored{
            blank_key(make_id(), now - std::chrono::milliseconds{static_cast<long>(count - 1 - i)}), {}, {}};
        stored.key.description = "key " + std::to_string(i + 1);
        for (int n = 0; n < 6; ++n)
            stored.key.last6_chars += alphabet[random_() % alphabet.size()];
        stored.usage.usd = random_() % 1'000'000;
        stored.usage.diem = random_() % 1'000'000;
        stored.usage.vcu = stored.usage.diem * 10;
        insert(std::move(stored));
    }
}

std::string key_store::add(api_key key, timestamp now)
{
    std::string secret = make_secret(key.type);
    if (secret.empty())
        return secret;
    if (key.id.empty())
        key.id = make_id();
    if (!key.created_at)
        key.created_at = now;
    key.last6_chars = last6(secret);
    insert(stored_key{std::move(key), {}, secret});
    return secret;
}

creation key_store::create(const key_fields& fields, timestamp now, origin from, effect mode)
{
    creation made;
    if (enforce_limits_) {
        while (!creations_.empty() && creations_.front() + creation_window <= now)
            creations_.pop_front();
        if (count_active(now) >= max_keys) {
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
    if (made.secret.empty()) {
        made.why = creation::refusal::no_random_numbers;
        return made;
    }
    made.key.last6_chars = last6(made.secret);
    if (mode == effect::real) {
        creations_.push_back(now);
        insert(stored_key{made.key, {}, made.secret});
        write_down(journal_entry::change::created, from, made.key);
    }
    return made;
}

std::optional<api_key> key_store::update(const key_fields& fields, timestamp now, origin from, effect mode)
{
    stored_key* const stored = find_active(fields.id, now);
    if (stored == nullptr)
        return std::nullopt;
    api_key changed = stored->key;
    apply(fields, changed);
    if (mode == effect::real) {
        stored->key = changed;
        write_down(journal_entry::change::updated, from, changed);
    }
    return changed;
}

bool key_store::remove(std::string_view id, timestamp now, origin from, effect mode)
{
    const stored_key* const stored = find_active(id, now);
    if (stored == nullptr)
        return false;
    if (mode == effect::real) {
        write_down(journal_entry::change::removed, from, stored->key);
        order_of_secret_.erase(stored->secret);
        const auto order = order_of_.find(stored->key.id);
        keys_.erase(order->second);
        order_of_.erase(order);
    }
    return true;
}

stored_key* key_store::find_active(std::string_view id, timestamp now)
{
    return find_in(keys_, order_of_, id, now);
}

const stored_key* key_store::find(std::string_view id, timestamp now) const
{
    return find_in(keys_, order_of_, id, now);
}

const stored_key* key_store::find_by_secret(std::string_view secret, timestamp now) const
{
    return find_in(keys_, order_of_secret_, secret, now);
}

void key_store::touch(const std::string& id, timestamp now)
{
    if (stored_key* const stored = find_active(id, now))
        stored->key.last_used_at = now;
}

std::size_t key_store::count_active(timestamp now) const
{
    return static_cast<std::size_t>(
        std::count_if(keys_.begin(), keys_.end(), [now](const auto& each) { return is_active(each.second.key, now); }));
}

std::string key_store::make_id()
{
    static constexpr std::string_view shape = "xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx"; // RFC 9562, version 4
    std::string id;
    for (const char place : shape) {
        if (place == 'x')
            id += hex_digits[random_() % 16];
        else if (place == 'v')
            id += hex_digits[8 + random_() % 4];
        else
            id += place;
    }
    return id;
}

void key_store::insert(stored_key stored)
{
    order_of_.emplace(stored.key.id, next_order_);
    if (!stored.secret.empty())
        order_of_secret_.emplace(stored.secret, next_order_);
    keys_.emplace(next_order_++, std::move(stored));
}

void key_store::write_down(journal_entry::change what, origin from, const api_key& key)
{
    const protocol over = from.stream == 0 ? protocol::http1 : protocol::http2;
    journal_.push_back(journal_entry{journal_.size() + 1, what, from.connection, over, from.stream, key});
}

} // namespace venice_keys::emulation
