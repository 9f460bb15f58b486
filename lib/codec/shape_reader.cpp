#include "codec/shape_reader.hpp"

#include <algorithm>
#include <utility>

namespace venice_keys::codec {

namespace {

// Bytes of memory for a text in parts. At least so many, for a secret in a short string's own space would stay there;
// at most so many from one answer to the next.
constexpr std::size_t least_kept = 128;
constexpr std::size_t most_kept = 4'096;

std::uint32_t bit_of(const shape& what, const member& one) noexcept
{
    return std::uint32_t{1} << static_cast<unsigned>(&one - what.members.data());
}

} // namespace

void shape_reader::start(const shape& root, void* target) noexcept
{
    root_ = &root;
    target_ = target;
    depth_ = 0;
    foreign_depth_ = 0;
    name_size_ = 0;
    if (text_.capacity() > most_kept)
        secret_bytes{}.swap(text_); // assigning an empty one would keep the memory
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
        return true;
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
    if (foreign_depth_ != 0 || !expects_text())
        return;
    if (text_.capacity() < least_kept)
        text_.reserve(least_kept);
    text_ += part;
}

bool shape_reader::string(std::string_view last_part)
{
    if (foreign_depth_ != 0)
        return true;
    if (!expects_text())
        return unfit("a string");
    if (text_.empty())
        return put({.text = last_part});
    text_ += last_part;
    return put({.text = text_});
}

bool shape_reader::number(double value)
{
    if (foreign_depth_ != 0)
        return true;
    return expects(kind::number) ? put({.number = value}) : unfit("a number");
}

bool shape_reader::boolean(bool value)
{
    if (foreign_depth_ != 0)
        return true;
    return expects(kind::boolean) ? put({.boolean = value}) : unfit("a boolean");
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
        if (here.list != nullptr) {
            ++here.elements;
            open(*here.what, here.list->enter(here.target), nullptr);
            return true;
        }
        if (!expects(kind::object)) {
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
        return;
    }
    frame& here = top();
    if ((here.given & here.what->needed) != here.what->needed && missing_.empty()) {
        here.at = &*std::ranges::find_if(here.what->members, [&here](const member& m) {
            return m.needed && (here.given & bit_of(*here.what, m)) == 0;
        });
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

bool shape_reader::expects_text() const noexcept
{
    if (depth_ == 0)
        return false;
    const member* const at = frames_[depth_ - 1].at;
    return at != nullptr && is_text(at->what);
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

bool shape_reader::put(const scalar& value)
{
    frame& here = top();
    here.given |= here.bit;
    here.at->put(here.target, value);
    return true;
}

// The value is of a kind that it should not be. False when that can't be borne.
bool shape_reader::unfit(std::string_view kind_found)
{
    if (depth_ == 0) {
        fault_ = "not an object";
        return false;
    }
    frame& here = top();
    if (here.list != nullptr) {
        ++here.elements;
        return fail(std::string{"is "}.append(kind_found));
    }
    if (here.at == nullptr || here.at->what == kind::date)
        return true;
    if (!here.at->may_be_strange)
        return fail(std::string{"is "}.append(kind_found));
    strange_ = place() + (here.at->what == kind::list ? " is not an array" : " is not an object");
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
