// What the JSON of an answer looks like, as tables: the members that are read, of which type, and where each goes.
// Nothing runs here; shape_reader does what the tables say.
#pragma once

#include <venice_keys/decimal.hpp>
#include <venice_keys/timestamp.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace venice_keys::codec {

// What a member must be. A null counts as an absent member, whatever it must be.
enum class kind : std::uint8_t {
    text,
    date,   // a text; anything else than a date is as good as a null
    amount, // a text that is a decimal
    number,
    boolean,
    object,
    list, // of objects
};

constexpr bool is_text(kind what) noexcept
{
    return what <= kind::amount;
}

// What was read of a text, a number or a boolean.
struct scalar {
    std::string_view text = {};
    double number = 0;
    bool boolean = false;
};

struct shape;

struct member {
    std::string_view name;
    kind what = kind::text;
    void (*put)(void* owner, const scalar& value) = nullptr;
    void* (*enter)(void* owner) = nullptr; // what to fill: the object, or a new element of the list
    const shape* inside = nullptr;         // of that
    std::string_view yields_to = {};       // passed over when this member of the same object was there before
    bool needed = false;                   // see shape_reader::missing
    bool may_be_strange = false;           // see shape_reader::strange
};

// The members of one object; at most 32. Lives as long as the program.
struct shape {
    std::span<const member> members;
    std::uint32_t needed = 0; // a bit a member

    template <std::size_t size>
    explicit constexpr shape(const std::array<member, size>& all) noexcept : members(all)
    {
        static_assert(size <= 32);
        for (std::size_t i = 0; i != size; ++i)
            needed |= std::uint32_t{all[i].needed} << i;
    }
};

// The deepest place that a table describes, counting objects and lists.
inline constexpr std::size_t deepest_shape = 8;

// Makes the members of the tables. `Owner` is the type of the object, `Field` the member of it that is filled.
namespace read {

template <class Owner, auto Field>
auto& field_of(void* owner) noexcept
{
    return static_cast<Owner*>(owner)->*Field;
}

// A std::string, or an enumeration or secret that is made from one.
template <class Owner, auto Field>
constexpr member text(std::string_view name)
{
    return {name, kind::text, [](void* owner, const scalar& value) {
                auto& field = field_of<Owner, Field>(owner);
                using type = std::remove_reference_t<decltype(field)>;
                if constexpr (std::is_same_v<type, std::string>)
                    field = value.text;
                else
                    field = type{value.text};
            }};
}

template <class Owner, auto Field>
constexpr member date(std::string_view name)
{
    return {name, kind::date, [](void* owner, const scalar& value) {
                field_of<Owner, Field>(owner) = parse_timestamp(value.text);
            }};
}

template <class Owner, auto Field>
constexpr member amount(std::string_view name)
{
    return {name, kind::amount, [](void* owner, const scalar& value) {
                std::optional<decimal>& field = field_of<Owner, Field>(owner);
                field = decimal::parse(value.text); // one that is written otherwise counts as not told
            }};
}

template <class Owner, auto Field>
constexpr member number(std::string_view name)
{
    return {name, kind::number, [](void* owner, const scalar& value) {
                field_of<Owner, Field>(owner) = value.number;
            }};
}

template <class Owner, auto Field>
constexpr member boolean(std::string_view name)
{
    return {name, kind::boolean, [](void* owner, const scalar& value) {
                field_of<Owner, Field>(owner) = value.boolean;
            }};
}

// Into a field of its own, which begins anew.
template <class Owner, auto Field>
constexpr member object(std::string_view name, const shape& inside)
{
    return {name, kind::object, nullptr,
            [](void* owner) -> void* {
                auto& field = field_of<Owner, Field>(owner);
                using type = std::remove_reference_t<decltype(field)>;
                if constexpr (requires(type t) { t.emplace(); }) {
                    return &field.emplace();
                } else {
                    field = type{};
                    return &field;
                }
            },
            &inside};
}

// An object whose members go into the same object of ours as those around it.
constexpr member same_object(std::string_view name, const shape& inside)
{
    return {name, kind::object, nullptr, [](void* owner) { return owner; }, &inside};
}

// Into a std::vector.
template <class Owner, auto Field>
constexpr member list(std::string_view name, const shape& inside)
{
    return {name, kind::list, nullptr,
            [](void* owner) -> void* { return &field_of<Owner, Field>(owner).emplace_back(); }, &inside};
}

constexpr member needed(member one)
{
    one.needed = true;
    return one;
}

} // namespace read

} // namespace venice_keys::codec
