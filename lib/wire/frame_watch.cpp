#include "wire/frame_watch.hpp"

#include <algorithm>

namespace venice_keys::wire {

frame_watch::piece frame_watch::next(std::string_view bytes) noexcept
{
    if (left_ != 0) {
        const std::size_t count = std::min(left_, bytes.size());
        left_ -= count;
        return {count, bytes.substr(0, count), false};
    }
    if (have_ == 0 && bytes.size() >= head_size) {
        read_head(bytes);
        const std::size_t count = std::min(head_size + head_.length, bytes.size());
        left_ = head_size + head_.length - count;
        return {count, bytes.substr(0, count), true};
    }
    // nghttp2 counts each part of a CONTINUATION frame's head as another frame, so it gets heads whole.
    const std::size_t count = std::min(head_size - have_, bytes.size());
    std::copy_n(bytes.data(), count, partial_.data() + have_);
    have_ += count;
    if (have_ < head_size)
        return {count, {}, false};
    have_ = 0;
    read_head({partial_.data(), head_size});
    left_ = head_.length;
    return {count, {partial_.data(), head_size}, true};
}

void frame_watch::read_head(std::string_view from) noexcept
{
    const auto number = [from](std::size_t at, std::size_t size) {
        std::uint32_t value = 0;
        for (const char each : from.substr(at, size))
            value = value << 8U | static_cast<unsigned char>(each);
        return value;
    };
    // The first bit of a stream's number is reserved.
    head_ = {number(0, 3), static_cast<std::uint8_t>(number(3, 1)), static_cast<std::uint8_t>(number(4, 1)),
             static_cast<std::int32_t>(number(5, 4) & 0x7FFF'FFFFU)};
    constexpr std::uint8_t continuation = 9;
    continuations_ = head_.type == continuation ? continuations_ + 1 : 0;
}

} // namespace venice_keys::wire
