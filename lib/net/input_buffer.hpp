// Decrypted bytes that nobody has taken yet, in one block whose size never changes. The secret of a new key may pass
// through it, so its memory is cleansed when it is freed. It knows nothing of what the bytes mean.
#pragma once

#include "net/byte_layer.hpp"

#include <venice_keys/secret.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <vector>

namespace venice_keys::net {

class input_buffer {
public:
    explicit input_buffer(std::size_t bytes) : block_(bytes) {}

    // The bytes that may be taken, the oldest first. Valid until the next fill() or make_room().
    [[nodiscard]] std::string_view bytes() const noexcept { return {block_.data() + begin_, end_ - begin_}; }
    // `count` must not exceed what bytes() has.
    void take(std::size_t count) noexcept { begin_ += count; }

    // Reads until `enough` bytes have come or there are no more. A server sends each answer in a record or two of its
    // own, and several are to be seen together. `done`: the room is used up, or there may be more to read. Any other
    // outcome is the layer's.
    template <class Layer>
    [[nodiscard]] byte_layer::outcome fill(Layer& from, std::size_t enough)
    {
        const std::size_t end = std::min(block_.size(), end_ + enough);
        while (end_ < end) {
            std::size_t got = 0;
            const byte_layer::outcome how = from.read(block_.data() + end_, block_.size() - end_, got);
            end_ += got;
            if (how != byte_layer::outcome::done)
                return how;
        }
        return byte_layer::outcome::done;
    }

    // Makes room behind the bytes that are left. False when they fill the whole block.
    [[nodiscard]] bool make_room() noexcept
    {
        if (begin_ == end_)
            begin_ = end_ = 0;
        if (end_ != block_.size())
            return true;
        if (begin_ == 0)
            return false;
        std::memmove(block_.data(), block_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
        return true;
    }

private:
    std::vector<char, cleansing_allocator<char>> block_;
    std::size_t begin_ = 0; // where the bytes that were not taken begin
    std::size_t end_ = 0;
};

} // namespace venice_keys::net
