// The keys of one account and the rules of their life: creation, change, expiry, removal, their secrets, and the
// journal of what was really changed. It has no I/O, no lock and no clock: time is passed in.
#pragma once

#include <venice_keys/api_key.hpp>
#include <venice_keys/emulator.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace venice_keys::emulation {

// Whether a request changes the keys, or is only answered as if it had.
enum class effect { real, none };

// What the body of an update or a creation says. The outer optional is empty when a field is not named, the inner one
// when it is null.
struct key_fields {
    std::string id; // of an update
    std::optional<key_type> type;
    std::optional<std::optional<double>> usd;
    std::optional<std::optional<double>> diem;
    std::optional<std::optional<double>> vcu;
    std::optional<venice_keys::limit_period> limit_period;
    std::optional<venice_keys::model_privacy> model_privacy;
    std::optional<std::string> description;
    std::optional<std::optional<timestamp>> expires_at;
};

// Amounts in ten-thousandths of their unit, which is how the service rounds them.
struct key_usage {
    std::uint64_t usd = 0;
    std::uint64_t diem = 0;
    std::uint64_t vcu = 0;
};

// Returns the part of the seven days in an answer that falls into the present period. The emulator itself spends
// nothing.
[[nodiscard]] inline key_usage period_usage(const key_usage& week)
{
    return {week.usd / 7, week.diem / 7, week.vcu / 7};
}

struct stored_key {
    api_key key;
    key_usage usage;
    std::string secret; // the token of this key; empty: nobody was ever told it
};

// A request came on a connection and, over HTTP/2, on one of its streams.
struct origin {
    origin(std::uint64_t connection_number, std::uint32_t stream_number = 0) noexcept
        : connection(connection_number), stream(stream_number)
    {
    }

    std::uint64_t connection;
    std::uint32_t stream; // 0: over HTTP/1.1
};

// To every caller an expired key is one that does not exist.
[[nodiscard]] inline bool is_active(const api_key& key, timestamp now)
{
    return !key.expires_at || now < *key.expires_at;
}

struct creation {
    enum class refusal { none, too_many_keys, too_many_creations, no_random_numbers };

    refusal why = refusal::none;
    std::chrono::seconds retry_after{0}; // of too_many_creations
    api_key key;
    std::string secret;
};

class key_store {
public:
    static constexpr std::size_t max_keys = 500; // active ones
    static constexpr std::size_t max_creations = 20;
    static constexpr std::chrono::minutes creation_window{1};

    key_store(std::uint64_t seed, bool enforce_limits) : random_(seed), enforce_limits_(enforce_limits) {}

    // Adds the keys that are there from the start. They are not in the journal, and held to no limit. Each is a
    // millisecond younger than the one before, and the last one is made now.
    void populate(std::size_t count, timestamp now);

    // Does the same for one key. Returns its secret, which is empty when OpenSSL has no random numbers.
    std::string add(api_key key, timestamp now);

    creation create(const key_fields& fields, timestamp now, origin from, effect mode);

    // Returns the key as it is after the change, or nothing when no active key has that id.
    std::optional<api_key> update(const key_fields& fields, timestamp now, origin from, effect mode);

    // Returns whether there was an active key of that id.
    bool remove(std::string_view id, timestamp now, origin from, effect mode);

    // Returns null when no active key has that id.
    [[nodiscard]] const stored_key* find(std::string_view id, timestamp now) const;
    // Returns the key whose secret this is, or null when there is none or it is not active.
    [[nodiscard]] const stored_key* find_by_secret(std::string_view secret, timestamp now) const;
    // Notes that the key has been used, if it is still there.
    void touch(const std::string& id, timestamp now);
    // The keys in the order of their creation, expired ones included.
    [[nodiscard]] const std::map<std::uint64_t, stored_key>& keys() const noexcept { return keys_; }
    [[nodiscard]] const std::vector<journal_entry>& journal() const noexcept { return journal_; }

private:
    [[nodiscard]] stored_key* find_active(std::string_view id, timestamp now);
    [[nodiscard]] std::size_t count_active(timestamp now) const;
    std::string make_id();
    void insert(stored_key stored);
    void write_down(journal_entry::change what, origin from, const api_key& key);

    std::mt19937_64 random_;
    bool enforce_limits_;
    std::uint64_t next_order_ = 0;
    std::map<std::uint64_t, stored_key> keys_;
    std::unordered_map<std::string, std::uint64_t> order_of_;
    std::unordered_map<std::string, std::uint64_t> order_of_secret_;
    std::deque<timestamp> creations_; // within the last window
    std::vector<journal_entry> journal_;
};

} // namespace venice_keys::emulation
