#include "codec/shape_reader.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace venice_keys::codec {

namespace {

// How many bytes of memory a text in parts has. If it had less, a secret could stand in a short string's own space and
// stay there; more is given back before the next answer.
constexpr std::size_t least_kept = 128;
constexpr std::size_t most_kept = 4'096;

// What lists may take. A key of the service has 250 bytes at least, and takes 700 of our memory.
constexpr std::size_t room_for_any = 64 * 1024;
constexpr std::size_t room_a_byte = 6;

} // namespace

void shape_reader::start(const shape& root, void* target, std::size_t body_size) noexcept
{
    room_ = room_for_any + room_a_byte * body_size;
    in_empty_date_ = false;
    root_ = &root;
    target_ = target;
    depth_ = 0;
    foreign_depth_ = 0;
    name_size_ = 0;
    if (text_.capacity() > most_kept)
        detail::secret_bytes{}.swap(text_); // assigning an empty one would keep the memory
    text_.clear();
    fault_.clear();
    missing_.clear();
    strange_.clear();
}

void shape_reader::name_part(std::string_view part) noexcept
{
    if (foreign_depth_ != 0)
        return;
    const std::size_t size = std::min(part.size(), name_.size() - name_size_);
    std::copy_n(part.begin(), size, name_.begin() + static_cast<std::ptrdiff_t>(name_size_));
    name_size_ += size;
}

bool shape_reader::name(std::string_view last_part)
{
    if (foreign_depth_ != 0)
        return !std::exchange(in_empty_date_, false) || keep_unread("an object");
    std::string_view text = last_part;
    if (name_size_ != 0) {
        name_part(last_part);
        text = {name_.data(), std::exchange(name_size_, 0)};
    }
    frame& here = top();
    here.at = nullptr;
    // The search begins behind the last one that was found: a service keeps to an order, and a table to the service's.
    const auto members = here.what->members;
    std::size_t index = here.next;
    for (std::size_t left = members.size(); left != 0 && here.at == nullptr; --left) {
        if (members[index].name == text) {
            here.at = &members[index];
            here.bit = std::uint32_t{1} << index;
        }
        index = index + 1 == members.size() ? 0 : index + 1;
    }
    if (here.at == nullptr)
        return true;
    here.next = index;
    if ((here.seen & here.bit) != 0)
        return fail("appears twice");
    here.seen |= here.bit;
    return true;
}

void shape_reader::string_part(std::string_view part)
{
    if (foreign_depth_ != 0 || !expects_scalar())
        return;
    if (text_.capacity() < least_kept)
        text_.reserve(least_kept);
    text_ += part;
}

bool shape_reader::string(std::string_view last_part)
{
    if (text_.empty())
        return put("a string", {last_part, {}});
    text_ += last_part;
    const bool good = put("a string", {text_, {}});
    text_.clear();
    return good;
}

bool shape_reader::number(double value, std::string_view text)
{
    return put("a number", {text, value});
}

bool shape_reader::boolean(bool value)
{
    return put("a boolean", {value ? "true" : "false", {}});
}

bool shape_reader::null()
{
    const bool in_object = depth_ != 0 && top().list == nullptr;
    return foreign_depth_ != 0 || in_object || unfit("null", "null");
}

bool shape_reader::begin_object()
{
    if (foreign_depth_ != 0)
        return pass_over();
    if (depth_ == 0)
        return open(*root_, target_, nullptr);
    frame& here = top();
    if (here.list != nullptr && missing_.empty()) {
        void* const element = add_element(here);
        return element != nullptr && open(*here.what, element, nullptr);
    }
    if (expects(kind::object) && !rival_was_given(here)) {
        here.given |= here.bit;
        return open(*here.at->inside, here.at->enter(here.target), nullptr);
    }
    in_empty_date_ = expects(kind::date);
    return (in_empty_date_ || expects(kind::object) || unfit("an object", "an object")) && pass_over();
}

void shape_reader::end_object()
{
    if (foreign_depth_ != 0) {
        --foreign_depth_;
        in_empty_date_ = false;
        return;
    }
    frame& here = top();
    const std::uint32_t lacking = here.what->needed & ~here.given;
    const bool is_something_else = here.what->sign == recognised_by::any_member && here.seen == 0;
    if ((lacking != 0 || is_something_else) && missing_.empty()) {
        here.at = &here.what->members[lacking == 0 ? 0 : static_cast<std::size_t>(std::countr_zero(lacking))];
        missing_ = path();
    }
    --depth_;
}

bool shape_reader::begin_array()
{
    if (foreign_depth_ != 0)
        return pass_over();
    if (!expects(kind::list))
        return unfit("an array", "an array") && pass_over();
    frame& here = top();
    here.given |= here.bit;
    return open(*here.at->inside, here.target, here.at);
}

void shape_reader::end_array() noexcept
{
    if (foreign_depth_ != 0)
        --foreign_depth_;
    else
        --depth_;
}

bool shape_reader::expects(kind what) const noexcept
{
    const member* const at = depth_ == 0 ? nullptr : frames_[depth_ - 1].at;
    return at != nullptr && at->what == what;
}

bool shape_reader::expects_scalar() const noexcept
{
    return expects(kind::scalar) || expects(kind::date);
}

bool shape_reader::open(const shape& what, void* target, const member* list) noexcept
{
    frames_[depth_++] = {.what = &what, .target = target, .list = list};
    return true;
}

bool shape_reader::pass_over() noexcept
{
    ++foreign_depth_;
    return true;
}

bool shape_reader::rival_was_given(const frame& here) noexcept
{
    if (here.at->yields_to.empty())
        return false;
    const auto members = here.what->members;
    const auto rival = std::ranges::find(members, here.at->yields_to, &member::name);
    return rival != members.end() && (here.given >> (rival - members.begin()) & 1) != 0;
}

bool shape_reader::put(std::string_view kind_found, const scalar& value)
{
    if (foreign_depth_ != 0)
        return true;
    if (!expects_scalar())
        return unfit(kind_found, value.text);
    frame& here = top();
    if (!here.at->put(here.target, value))
        return keep_unread(value.text);
    here.given |= here.bit;
    return true;
}

} // namespace venice_keys::codec
