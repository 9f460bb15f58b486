// Tables that say what the JSON of an answer looks like: which members are read, of which type, and where each goes.
// Nothing runs here; shape_reader does what the tables say.
#pragma once

#include "codec/scalar.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace venice_keys::codec {

// What a member should be. A null counts as an absent member. What can't be read leaves its field empty, and costs
// nothing else.
enum class kind : std::uint8_t {
    scalar, // a text, a number or a boolean: the field decides, see codec/scalar.hpp
    date,   // a scalar; an empty text or an empty object is as good as a null
    object,
    list, // its elements are objects
};

struct shape;

struct member {
    std::string_view name;
    kind what = kind::scalar;
    bool (*put)(void* owner, const scalar& value) = nullptr; // of a scalar; false when it can't be read
    void* (*enter)(void* owner) = nullptr; // gives what to fill: an object, or a new element of the list
    const shape* inside = nullptr;         // the members of that
    std::string_view yields_to = {};       // passed over when this member of the same object was there before
    bool needed = false;                   // see shape_reader::missing
    bool may_be_strange = false;           // see shape_reader::strange
    std::size_t element_size = 0;          // of a list: how many bytes an element takes without its texts
};

// Keeps what could not be read, in an object that has a place for it.
using unread_sink = void (*)(void* owner, std::string&& name, std::string&& text);

// How an object shows that it is what the table is about, besides by the members that it needs.
enum class recognised_by : std::uint8_t {
    nothing,
    any_member, // by one of the table, whatever its value
};

// The members of one object, of which there are at most 32. It lives as long as the program.
struct shape {
    std::span<const member> members;
    std::uint32_t needed = 0;     // has a bit for each member
    unread_sink unread = nullptr; // null: the object around it keeps it, or nobody does
    recognised_by sign = recognised_by::nothing;

    template <std::size_t size>
    explicit constexpr shape(const std::array<member, size>& all, unread_sink keeper = nullptr,
                             recognised_by what = recognised_by::nothing) noexcept
        : members(all), unread(keeper), sign(what)
    {
        static_assert(size <= 32);
        for (std::size_t i = 0; i != size; ++i)
            needed |= std::uint32_t{all[i].needed} << i;
    }
};

// How deep a table may go, counting objects and lists.
inline constexpr std::size_t deepest_shape = 8;

// These make the members of the tables. `Owner` is the type of the object, and `Field` the member of it that is filled.
namespace read {

template <class Owner, auto Field>
auto& field_of(void* owner) noexcept
{
    return static_cast<Owner*>(owner)->*Field;
}

// The field is a std::string, or an enumeration or secret that is made from one.
template <class Owner, auto Field>
constexpr member text(std::string_view name)
{
    return {name, kind::scalar, [](void* owner, const scalar& value) {
                auto& field = field_of<Owner, Field>(owner);
                using type = std::remove_reference_t<decltype(field)>;
                if constexpr (std::is_same_v<type, std::string>)
                    field = value.text;
                else
                    field = type{value.text};
                return true;
            }};
}

// The field takes what `Reading` makes of a scalar.
template <class Owner, auto Field, auto Reading>
constexpr member reading(std::string_view name)
{
    return {name, kind::scalar, [](void* owner, const scalar& value) {
                const auto read = Reading(value);
                if (read)
                    field_of<Owner, Field>(owner) = *read;
                return read.has_value();
            }};
}

template <class Owner, auto Field>
constexpr member number(std::string_view name)
{
    return reading<Owner, Field, number_of>(name);
}

template <class Owner, auto Field>
constexpr member boolean(std::string_view name)
{
    return reading<Owner, Field, boolean_of>(name);
}

template <class Owner, auto Field>
constexpr member amount(std::string_view name)
{
    return reading<Owner, Field, amount_of>(name);
}

template <class Owner, auto Field>
constexpr member date(std::string_view name)
{
    return {name, kind::date, [](void* owner, const scalar& value) {
                field_of<Owner, Field>(owner) = time_of(value);
                return field_of<Owner, Field>(owner).has_value() || value.text.empty();
            }};
}

// The object has a field of its own, which begins anew.
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

// The members of this object go into the same object of ours as those around it.
constexpr member same_object(std::string_view name, const shape& inside)
{
    return {name, kind::object, nullptr, [](void* owner) { return owner; }, &inside};
}

// Keeps what could not be read of an `Owner` in its `unread`.
template <class Owner>
void keep_unread(void* owner, std::string&& name, std::string&& text)
{
    static_cast<Owner*>(owner)->unread.push_back({std::move(name), std::move(text)});
}

// The field is a std::vector.
template <class Owner, auto Field>
constexpr member list(std::string_view name, const shape& inside)
{
    using field = std::remove_reference_t<decltype(field_of<Owner, Field>(nullptr))>;
    member one{name, kind::list, nullptr,
               [](void* owner) -> void* { return &field_of<Owner, Field>(owner).emplace_back(); }, &inside};
    one.element_size = sizeof(typename field::value_type);
    return one;
}

constexpr member needed(member one)
{
    one.needed = true;
    return one;
}

} // namespace read

} // namespace venice_keys::codec
