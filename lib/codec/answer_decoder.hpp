// Decodes the body of an answer with status 2xx after a shape, and judges it by the rules that hold for every
// operation. It does not read refusals (decode_refusal), and it does not compare anything with what was asked for.
#pragma once

#include "codec/shape.hpp"
#include "model/redact.hpp"

#include <venice_keys/error.hpp>
#include <venice_keys/result.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace venice_keys::codec {

// The outermost object of an answer.
struct envelope_head {
    std::optional<bool> success;
    const secret* own = nullptr;      // a secret that the answer brings, which is kept out of its error, too
    const secret* also_own = nullptr; // another one, if there are two
};

template <class T>
struct envelope : envelope_head {
    T* data = nullptr;
};

// What an answer is called that lacks a needed member. If the call was about one key and the answer does not name it,
// the answer may be somebody else's.
enum class lacking : std::uint8_t { is_malformed, is_a_mismatch };

// It keeps its memory from answer to answer, so that decoding allocates no more than what it puts into the values. It
// is not thread-safe.
class answer_decoder {
public:
    // An answer may nest objects and arrays max_depth deep.
    explicit answer_decoder(std::size_t max_depth);
    answer_decoder(answer_decoder&&) noexcept;
    answer_decoder& operator=(answer_decoder&&) noexcept;
    ~answer_decoder();

    // Fills `answer`, whose table is `root`. A byte order mark in front is passed over; half of a surrogate pair, and
    // bytes that are not UTF-8, become U+FFFD. Returns nothing when the answer is good. All errors have status 200 and
    // delivery::answered:
    //   malformed_reply: the body is not JSON or nests too deep, a number fits no double, a member that is read here
    //                    comes twice, a needed one is absent, null or unreadable, or a list has more elements than the
    //                    size of the body allows for. The detail says where, and quotes nothing.
    //   rejected:        `success` is false. server_text and issues have what the body says, without the secrets.
    //   reply_mismatch:  the answer names no key.
    template <class T>
    [[nodiscard]] std::optional<error> decode(std::string_view body, const shape& root, envelope<T>& answer,
                                              detail::secret_list secrets, lacking if_lacking = lacking::is_malformed)
    {
        const auto empty = [](void* target) {
            auto& whole = *static_cast<envelope<T>*>(target);
            whole.success.reset();
            *whole.data = T{};
        };
        return decode(body, root, {&answer, empty}, answer, secrets, if_lacking);
    }

private:
    // The object that is filled, and what makes it fresh again.
    struct filled {
        void* target;
        void (*empty)(void* target);
    };

    [[nodiscard]] std::optional<error> decode(std::string_view body, const shape& root, filled answer,
                                              const envelope_head& head, detail::secret_list secrets,
                                              lacking if_lacking);

    struct state;
    std::unique_ptr<state> state_;
};

// How deep objects and lists stand inside one another, those of this shape included.
constexpr std::size_t levels_of(const shape& what) noexcept
{
    std::size_t deepest = 0;
    for (const member& one : what.members) {
        if (one.what == kind::object || one.what == kind::list)
            deepest = std::max(deepest, levels_of(*one.inside) + (one.what == kind::list ? 1 : 0));
    }
    return deepest + 1;
}

// The table of an envelope, in which an object or a list of objects must be.
template <class T, const shape& inside, kind what = kind::object>
struct envelope_shape {
    static constexpr member data()
    {
        member one{"data", what, nullptr, nullptr, &inside, {}, true, true};
        if constexpr (what == kind::list) {
            one.element_size = sizeof(typename T::value_type);
            one.enter = [](void* owner) -> void* {
                return &static_cast<envelope<T>*>(owner)->data->emplace_back();
            };
        } else {
            one.enter = [](void* owner) -> void* {
                return static_cast<envelope<T>*>(owner)->data;
            };
        }
        return one;
    }

    static constexpr std::array<member, 2> members{
        data(),
        read::boolean<envelope<T>, &envelope_head::success>("success"),
    };
    static constexpr shape value{members};
    static_assert(levels_of(value) <= deepest_shape);
};

// Decodes without a decoder that is kept, for operations that come now and then.
template <class T>
[[nodiscard]] result<T> decode_answer(std::string_view body, const shape& root, detail::secret_list secrets,
                                      std::size_t max_depth, lacking if_lacking = lacking::is_malformed)
{
    result<T> answer{T{}};
    envelope<T> whole;
    whole.data = &*answer;
    if (std::optional<error> why = answer_decoder{max_depth}.decode(body, root, whole, secrets, if_lacking))
        return *std::move(why);
    return answer;
}

} // namespace venice_keys::codec
