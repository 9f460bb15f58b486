// Takes the events of a JSON parser and puts what they say straight into the objects that a shape describes. It knows
// no syntax, and does not judge the answer as a whole.
#pragma once

#include "codec/shape.hpp"
#include "model/secret_bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace venice_keys::codec {

// An event gives false when the answer can't be used; fault() then says why, and no event may follow. Members that are
// not ours are passed over with all that is in them. A member of ours must not come twice. When it can't be read, its
// field stays empty, and its text goes to the keeper of its shape, or of the shape around it.
class shape_reader {
public:
    // Begins an answer, which must be an object. `target` is a fresh object of the type that `root` is about; it lives
    // until the last event. Lists may take six times body_size bytes and 64 KiB.
    void start(const shape& root, void* target, std::size_t body_size = 0) noexcept;

    // A name or a text may come in parts, of which only the last is given to name() and string().
    void name_part(std::string_view part) noexcept;
    [[nodiscard]] bool name(std::string_view last_part);
    void string_part(std::string_view part);
    [[nodiscard]] bool string(std::string_view last_part);
    [[nodiscard]] bool number(double value, std::string_view text);
    [[nodiscard]] bool boolean(bool value);
    [[nodiscard]] bool null();
    [[nodiscard]] bool begin_object();
    void end_object();
    [[nodiscard]] bool begin_array();
    void end_array() noexcept;

    // Places are written as `data[3].usage`. Nothing in these texts is from the answer.
    [[nodiscard]] const std::string& fault() const noexcept { return fault_; }
    // The place of the first needed member that an object lacks; empty when there is none. The list elements behind it
    // are not kept.
    [[nodiscard]] const std::string& missing() const noexcept { return missing_; }
    // What is wrong with a member that may be strange. It is not a fault at once, because a failure may look like that.
    [[nodiscard]] const std::string& strange() const noexcept { return strange_; }

private:
    // An object or list of ours that has begun and not ended.
    struct frame {
        const shape* what = nullptr; // the shape of the object, or of the list's elements
        void* target = nullptr;
        const member* list = nullptr; // null for an object
        const member* at = nullptr;   // the member of an object whose value comes next; null when it is not ours
        std::uint32_t bit = 0;        // that stands for `at`
        std::size_t next = 0;         // the index behind the member that was found last
        std::uint32_t seen = 0;       // has a bit for each member that has come
        std::uint32_t given = 0;      // has a bit for each member that had a value
        std::size_t elements = 0;     // of a list: how many have begun
    };

    [[nodiscard]] frame& top() noexcept { return frames_[depth_ - 1]; }
    // Whether the value that comes next is of a member of ours, and must be this.
    [[nodiscard]] bool expects(kind what) const noexcept;
    [[nodiscard]] bool expects_scalar() const noexcept;
    bool open(const shape& what, void* target, const member* list) noexcept;
    bool pass_over() noexcept;
    [[nodiscard]] static bool rival_was_given(const frame& here) noexcept;
    [[nodiscard]] bool put(std::string_view kind_found, const scalar& value);

    [[nodiscard]] bool unfit(std::string_view kind_found, std::string_view text);
    [[nodiscard]] bool odd_element(std::string_view kind_found, std::string_view text);
    [[nodiscard]] void* add_element(frame& list);
    [[nodiscard]] bool take(std::size_t bytes);
    [[nodiscard]] bool keep_unread(std::string_view text);
    [[nodiscard]] bool keep(unread_sink keeper, void* owner, std::string&& name, std::string_view text);
    [[nodiscard]] bool fail(std::string_view what);
    [[nodiscard]] std::string path(std::size_t first = 0) const;

    const shape* root_ = nullptr;
    void* target_ = nullptr;
    std::array<frame, deepest_shape> frames_;
    std::size_t depth_ = 0;         // how many frames are in use
    std::size_t foreign_depth_ = 0; // how many objects and arrays are open that are not ours
    bool in_empty_date_ = false;    // the outermost of these stands in the place of a date, and has no member yet
    std::size_t room_ = 0;          // how many bytes may still be put into lists

    std::array<char, 32> name_; // a name that comes in parts; a longer one is not ours
    std::size_t name_size_ = 0;
    detail::secret_bytes text_; // a text that comes in parts, perhaps a secret; its memory lasts as long as the reader
    std::string fault_;
    std::string missing_;
    std::string strange_;
};

} // namespace venice_keys::codec
