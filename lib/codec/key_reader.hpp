// Takes the events of a JSON parser for the answer to an update and puts what they say straight into an api_key. Knows
// the shape of the answer; knows no syntax, and does not judge the answer as a whole.
#pragma once

#include <venice_keys/api_key.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys::codec {

// An event gives false when the answer can't be used; fault() then says why, and no event may follow. Members that are
// not ours are passed over with all that is in them. A null counts as an absent member; so does anything that is not
// a date in the place of one.
class key_reader {
public:
    // Begins an answer. `target` is a fresh api_key that lives until the last event.
    void start(api_key& target) noexcept;

    // A name or a text may come in parts, of which only the last is given to name() and string().
    void name_part(std::string_view part) noexcept;
    [[nodiscard]] bool name(std::string_view last_part);
    void string_part(std::string_view part);
    [[nodiscard]] bool string(std::string_view last_part);
    [[nodiscard]] bool number(double value);
    [[nodiscard]] bool boolean(bool value);
    [[nodiscard]] bool null();
    [[nodiscard]] bool begin_object();
    void end_object() noexcept;
    [[nodiscard]] bool begin_array();
    void end_array() noexcept;
    // The last event.
    void end() noexcept;

    [[nodiscard]] const std::string& fault() const noexcept { return fault_; }
    [[nodiscard]] bool has_id() const noexcept { return has_id_; }
    [[nodiscard]] bool says_failure() const noexcept { return says_failure_; } // `success` is false
    // `data` is there, but neither an object nor null. Not a fault at once, for a failure may look like that.
    [[nodiscard]] bool data_is_strange() const noexcept { return data_is_strange_; }

private:
    enum class place : std::uint8_t { outside, root, data, limits };
    enum class member : std::uint8_t {
        unknown,
        data,
        success,
        id,
        type,
        limits,         // consumptionLimits
        singular_limit, // consumptionLimit, as requests and the answer to a creation have it
        limit_period,
        model_privacy,
        description,
        last6_chars,
        created_at,
        expires_at,
        last_used_at,
        usd,
        diem,
        vcu,
    };
    struct known_name {
        std::string_view text;
        place where;
        member what;
    };
    static const std::array<known_name, 16> known_names;

    [[nodiscard]] bool fail(std::string_view what);
    [[nodiscard]] bool unfit(std::string_view kind);
    [[nodiscard]] std::string* text_of_member() noexcept;

    api_key* target_ = nullptr;
    consumption_limits singular_limits_; // count when there is no consumptionLimits
    consumption_limits* limits_ = nullptr;
    std::uint32_t seen_ = 0; // a bit a member
    place place_ = place::outside;
    member member_ = member::unknown; // whose value comes next
    std::size_t foreign_depth_ = 0;   // open objects and arrays that are not ours
    bool has_id_ = false;
    bool says_failure_ = false;
    bool data_is_strange_ = false;

    std::array<char, 32> name_; // a name that comes in parts; longer ones are not ours
    std::size_t name_size_ = 0;
    std::string text_; // a date or an enumeration that comes in parts
    std::string fault_;
};

} // namespace venice_keys::codec
