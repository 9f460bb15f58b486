#include "wire/frame_watch.hpp"

#include <algorithm>
#include <cstring>

namespace venice_keys::wire {

frame_watch::piece frame_watch::next(std::string_view bytes) noexcept
{
    bool begins = false;
    std::size_t of_head = 0;
    if (left_ == 0) {
        of_head = std::min(head_size - have_, bytes.size());
        std::memcpy(partial_.data() + have_, bytes.data(), of_head);
        have_ += of_head;
        if (have_ < head_size)
            return {bytes, false};
        read_head(partial_.data());
        have_ = 0;
        left_ = head_.length;
        begins = true;
    }
    const std::size_t of_payload = std::min(left_, bytes.size() - of_head);
    left_ -= of_payload;
    return {bytes.substr(0, of_head + of_payload), begins};
}

void frame_watch::read_head(const unsigned char* from) noexcept
{
    const auto number = [from](std::size_t at, std::size_t size) {
        std::uint32_t value = 0;
        for (std::size_t i = at; i < at + size; ++i)
            value = value << 8U | from[i];
        return value;
    };
    // The first bit of a stream's number is reserved.
    head_ = {number(0, 3), from[3], from[4], static_cast<std::int32_t>(number(5, 4) & 0x7FFF'FFFFU)};
    constexpr std::uint8_t continuation = 9;
    continuations_ = head_.type == continuation ? continuations_ + 1 : 0;
}

} // namespace venice_keys::wire
