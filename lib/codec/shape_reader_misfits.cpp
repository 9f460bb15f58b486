// What a shape_reader does with values that do not fit the tables.
#include "codec/shape_reader.hpp"

#include "model/redact.hpp"

#include <venice_keys/unread_value.hpp>

#include <span>
#include <utility>

namespace venice_keys::codec {

namespace {

constexpr std::size_t longest_unread = 64;

} // namespace

// The value at the present place is of the wrong kind. Returns false when that makes the answer useless.
bool shape_reader::unfit(std::string_view kind_found, std::string_view text)
{
    if (depth_ == 0) {
        fault_ = "the answer is not an object";
        return false;
    }
    const frame& here = top();
    if (here.list != nullptr)
        return odd_element(kind_found, text);
    if (here.at == nullptr)
        return true;
    if (!here.at->may_be_strange)
        return keep_unread(text);
    strange_ = path() + (here.at->what == kind::list ? " is not an array" : " is not an object");
    return true;
}

// An element of a list is no object. Where elements need no member, it counts as an empty object, so that the others
// keep their places.
bool shape_reader::odd_element(std::string_view kind_found, std::string_view text)
{
    frame& list = top();
    if (!missing_.empty())
        return true;
    if (list.what->needed != 0) {
        ++list.elements;
        return fail(std::string{"is "}.append(kind_found));
    }
    void* const element = add_element(list);
    if (element == nullptr || kind_found == "null")
        return element != nullptr;
    return list.what->unread == nullptr ? keep_unread(text) : keep(list.what->unread, element, {}, text);
}

// Returns null when there is no room for another element.
void* shape_reader::add_element(frame& list)
{
    ++list.elements;
    return take(list.list->element_size) ? list.list->enter(list.target) : nullptr;
}

// Takes bytes from what lists may have.
bool shape_reader::take(std::size_t bytes)
{
    if (room_ < bytes)
        return fail("is one too many for an answer of this size");
    room_ -= bytes;
    return true;
}

// The value at the present place can't be read. The nearest object that has a place for such values keeps its text.
bool shape_reader::keep_unread(std::string_view text)
{
    std::size_t keeper = depth_;
    while (keeper != 0 && (frames_[keeper - 1].list != nullptr || frames_[keeper - 1].what->unread == nullptr))
        --keeper;
    if (keeper == 0)
        return true;
    const frame& here = frames_[keeper - 1];
    return keep(here.what->unread, here.target, path(keeper - 1), text);
}

bool shape_reader::keep(unread_sink keeper, void* owner, std::string&& name, std::string_view text)
{
    std::string shown{text.substr(0, 4 * longest_unread)};
    detail::make_printable(shown, longest_unread);
    if (!take(sizeof(unread_value) + name.size() + shown.size()))
        return false;
    keeper(owner, std::move(name), std::move(shown));
    return true;
}

bool shape_reader::fail(std::string_view what)
{
    fault_ = path().append(" ").append(what);
    return false;
}

// The names from the frame `first` down to the present place.
std::string shape_reader::path(std::size_t first) const
{
    std::string text;
    for (const frame& one : std::span{frames_}.first(depth_).subspan(first)) {
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
