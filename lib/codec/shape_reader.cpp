#include "codec/shape_reader.hpp"

#include "model/redact.hpp"

#include <venice_keys/unread_value.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>

namespace venice_keys::codec {

namespace {

// Bytes of memory for a text in parts. At least so many, for a secret in a short string's own space would stay there;
// at most so many from one answer to the next.
constexpr std::size_t least_kept = 128;
constexpr std::size_t most_kept = 4'096;

// What lists may take: a key of the service has 250 bytes at least, and 700 in our memory.
constexpr std::size_t room_for_any = 64 * 1024;
constexpr std::size_t room_a_byte = 6;

constexpr std::size_t longest_unread = 64;

std::optional<double> finite_number(std::string_view text) noexcept
{
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value);
    const bool whole = read.ec == std::errc{} && read.ptr == end && !text.empty() && std::isfinite(value);
    return whole ? std::optional{value} : std::nullopt;
}

std::optional<bool> truth_of(std::string_view text) noexcept
{
    if (text == "true" || text == "True" || text == "TRUE" || text == "1")
        return true;
    if (text == "false" || text == "False" || text == "FALSE" || text == "0")
        return false;
    return std::nullopt;
}

std::uint32_t bit_of(const shape& what, const member& one) noexcept
{
    return std::uint32_t{1} << static_cast<unsigned>(&one - what.members.data());
}

} // namespace

std::optional<timestamp> timestamp_of_number(double value) noexcept
{
    constexpr double first_second = 1e8;               // in 1973
    constexpr double first_millisecond = 1e11;         // in 1973
    constexpr double end_of_years = 253'402'300'800e3; // 10000-01-01
    if (value >= first_second && value < first_millisecond)
        value *= 1'000;
    if (!(value >= first_millisecond && value < end_of_years))
        return std::nullopt;
    return timestamp{std::chrono::milliseconds{static_cast<std::int64_t>(value)}};
}

std::optional<timestamp> timestamp_of_text(std::string_view text) noexcept
{
    if (const std::optional<timestamp> when = parse_timestamp(text))
        return when;
    const std::optional<double> value = finite_number(text);
    return value ? timestamp_of_number(*value) : std::nullopt;
}

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
    text_.clear();
    // From where the last one was found: a service keeps to an order, and a table to the service's.
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
    if (foreign_depth_ != 0)
        return true;
    if (!expects_scalar())
        return unfit("a string", last_part);
    if (text_.empty())
        return put_text(last_part);
    text_ += last_part;
    return put_text(text_);
}

// A text, for a member of any kind but an object or a list.
bool shape_reader::put_text(std::string_view text)
{
    switch (top().at->what) {
    case kind::text:
    case kind::date:
    case kind::amount:
        return put({.text = text.data() == nullptr ? std::string_view{""} : text}, text);
    case kind::number:
        if (const std::optional<double> value = finite_number(text))
            return put({.number = *value}, text);
        break;
    case kind::boolean:
        if (const std::optional<bool> value = truth_of(text))
            return put({.boolean = *value}, text);
        break;
    case kind::object:
    case kind::list:
        break;
    }
    return keep_unread(text);
}

bool shape_reader::number(double value, std::string_view text)
{
    if (foreign_depth_ != 0)
        return true;
    if (!expects_scalar())
        return unfit("a number", text);
    switch (top().at->what) {
    case kind::text:
        return put({.text = text}, text);
    case kind::amount: {
        if (text.find_first_of("eE") == std::string_view::npos)
            return put({.text = text}, text);
        std::array<char, 400> digits; // what a double has without an exponent
        const auto written =
            std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
        return put({.text = {digits.data(), written.ptr}}, text);
    }
    case kind::date:
    case kind::number:
        return put({.number = value}, text);
    case kind::boolean:
        if (value == 0 || value == 1)
            return put({.boolean = value == 1}, text);
        break;
    case kind::object:
    case kind::list:
        break;
    }
    return keep_unread(text);
}

bool shape_reader::boolean(bool value)
{
    if (foreign_depth_ != 0)
        return true;
    const std::string_view text = value ? "true" : "false";
    if (!expects_scalar())
        return unfit("a boolean", text);
    switch (top().at->what) {
    case kind::boolean:
        return put({.boolean = value}, text);
    case kind::text:
        return put({.text = text}, text);
    case kind::date:
    case kind::amount:
    case kind::number:
    case kind::object:
    case kind::list:
        break;
    }
    return keep_unread(text);
}

bool shape_reader::null()
{
    const bool in_object = depth_ != 0 && top().list == nullptr;
    return foreign_depth_ != 0 || in_object || unfit("null");
}

bool shape_reader::begin_object()
{
    if (foreign_depth_ == 0) {
        if (depth_ == 0) {
            open(*root_, target_, nullptr);
            return true;
        }
        frame& here = top();
        if (here.list != nullptr && !missing_.empty()) { // no use in what follows one that can't be right
            ++foreign_depth_;
            return true;
        }
        if (here.list != nullptr) {
            ++here.elements;
            if (!take(here.list->element_size))
                return fail("is one too many for an answer of this size");
            open(*here.what, here.list->enter(here.target), nullptr);
            return true;
        }
        if (expects(kind::date)) {
            in_empty_date_ = true;
        } else if (!expects(kind::object)) {
            if (!unfit("an object"))
                return false;
        } else if (here.at->yields_to.empty() || !rival_was_given()) {
            here.given |= here.bit;
            open(*here.at->inside, here.at->enter(here.target), nullptr);
            return true;
        }
    }
    ++foreign_depth_;
    return true;
}

void shape_reader::end_object()
{
    if (foreign_depth_ != 0) {
        --foreign_depth_;
        in_empty_date_ = false;
        return;
    }
    frame& here = top();
    if ((here.given & here.what->needed) != here.what->needed && missing_.empty()) {
        here.at = &*std::ranges::find_if(here.what->members, [&here](const member& m) {
            return m.needed && (here.given & bit_of(*here.what, m)) == 0;
        });
        missing_ = place();
    }
    if (here.what->sign == recognised_by::any_member && here.seen == 0 && missing_.empty()) {
        here.at = here.what->members.data();
        missing_ = place();
    }
    --depth_;
}

bool shape_reader::begin_array()
{
    if (foreign_depth_ == 0) {
        if (expects(kind::list)) {
            top().given |= top().bit;
            open(*top().at->inside, top().target, top().at);
            return true;
        }
        if (!unfit("an array"))
            return false;
    }
    ++foreign_depth_;
    return true;
}

void shape_reader::end_array() noexcept
{
    if (foreign_depth_ != 0)
        --foreign_depth_;
    else
        --depth_;
}

// Whether the value that comes next is one of ours, and must be this.
bool shape_reader::expects(kind what) const noexcept
{
    if (depth_ == 0)
        return false;
    const member* const at = frames_[depth_ - 1].at;
    return at != nullptr && at->what == what;
}

bool shape_reader::expects_scalar() const noexcept
{
    if (depth_ == 0)
        return false;
    const member* const at = frames_[depth_ - 1].at;
    return at != nullptr && is_scalar(at->what);
}

// Bytes for something in a list; false when there is no room for them.
bool shape_reader::take(std::size_t bytes)
{
    if (room_ < bytes)
        return false;
    room_ -= bytes;
    return true;
}

void shape_reader::open(const shape& what, void* target, const member* list) noexcept
{
    frames_[depth_++] = {.what = &what, .target = target, .list = list};
}

bool shape_reader::rival_was_given() noexcept
{
    const frame& here = top();
    const auto rival = std::ranges::find(here.what->members, here.at->yields_to, &member::name);
    return rival != here.what->members.end() && (here.given & bit_of(*here.what, *rival)) != 0;
}

bool shape_reader::put(const scalar& value, std::string_view text)
{
    frame& here = top();
    if (!here.at->put(here.target, value))
        return keep_unread(text);
    here.given |= here.bit;
    return true;
}

// The value is of a kind that it should not be. False when that can't be borne.
bool shape_reader::unfit(std::string_view kind_found, std::string_view text)
{
    if (depth_ == 0) {
        fault_ = "the answer is not an object";
        return false;
    }
    frame& here = top();
    if (here.list != nullptr)
        return odd_element(kind_found, text);
    if (here.at == nullptr)
        return true;
    if (!here.at->may_be_strange)
        return keep_unread(text.data() == nullptr ? kind_found : text);
    strange_ = place() + (here.at->what == kind::list ? " is not an array" : " is not an object");
    return true;
}

// An element of a list that is no object. One that needs nothing is as good as an empty object, which keeps its place.
bool shape_reader::odd_element(std::string_view kind_found, std::string_view text)
{
    frame& list = top();
    if (!missing_.empty()) // no use in what follows one that can't be right
        return true;
    ++list.elements;
    if (list.what->needed != 0)
        return fail(std::string{"is "}.append(kind_found));
    if (!take(list.list->element_size))
        return fail("is one too many for an answer of this size");
    void* const element = list.list->enter(list.target);
    if (kind_found == "null")
        return true;
    if (text.data() == nullptr)
        text = kind_found;
    if (list.what->unread == nullptr)
        return keep_unread(text);
    return keep(list.what->unread, element, {}, text);
}

// The value at the present member can't be read: `text`. False when there is no room for that.
bool shape_reader::keep_unread(std::string_view text)
{
    std::size_t keeper = depth_;
    while (keeper != 0 && (frames_[keeper - 1].list != nullptr || frames_[keeper - 1].what->unread == nullptr))
        --keeper;
    if (keeper == 0)
        return true;
    std::string name;
    for (const frame& one : std::span{frames_}.first(depth_).subspan(keeper - 1)) {
        if (one.list != nullptr) {
            name += "[" + std::to_string(one.elements - 1) + "]";
        } else {
            if (!name.empty())
                name += '.';
            name += one.at->name;
        }
    }
    const frame& here = frames_[keeper - 1];
    return keep(here.what->unread, here.target, std::move(name), text);
}

bool shape_reader::keep(unread_sink keeper, void* owner, std::string&& name, std::string_view text)
{
    std::string shown{text.substr(0, 4 * longest_unread)};
    detail::make_printable(shown, longest_unread);
    if (!take(sizeof(unread_value) + name.size() + shown.size()))
        return fail("is one too many for an answer of this size");
    keeper(owner, std::move(name), std::move(shown));
    return true;
}

bool shape_reader::fail(std::string_view what)
{
    fault_ = place().append(" ").append(what);
    return false;
}

std::string shape_reader::place() const
{
    std::string text;
    for (const frame& one : std::span{frames_}.first(depth_)) {
        if (one.list != nullptr) {
            text += "[" + std::to_string(one.elements - 1) + "]";
        } else if (one.at != nullptr) {
            if (!text.empty())
                text += '.';
            text += one.at->name;
        }
    }
    return text;
}

} // namespace venice_keys::codec
