// Finds where HTTP/2 frames begin in bytes that come in pieces (RFC 9113 section 4.1), and counts the frames that
// brought nothing. It reads only their heads; nghttp2 interprets them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace venice_keys::wire {

struct frame_head {
    std::uint32_t length = 0;
    std::uint8_t type = 0;
    std::uint8_t flags = 0;
    std::int32_t stream = 0;
};

class frame_watch {
public:
    struct piece {
        std::size_t taken = 0;
        std::string_view bytes; // of one frame, with its head whole or not at all; valid until the next call
        bool begins = false;    // the bytes begin with the head that head() returns
    };

    // Takes the first piece of `bytes`, which must not be empty. What was not taken is to be given again.
    [[nodiscard]] piece next(std::string_view bytes) noexcept;
    [[nodiscard]] const frame_head& head() const noexcept { return head_; }

    // How many CONTINUATION frames the header block that is coming has, with the one that has begun.
    [[nodiscard]] std::size_t continuations() const noexcept { return continuations_; }

    // The budget for frames that bring nothing: each costs one, and each answer gives some back.
    static constexpr std::size_t allowance = 1'000;
    static constexpr std::size_t for_an_answer = 10;

    // A frame has begun. False: too many have come for so few answers.
    [[nodiscard]] bool charge() noexcept
    {
        charged_ = true;
        return ++idle_ <= allowance;
    }
    // The frame that began last has brought something.
    void refund() noexcept
    {
        idle_ -= charged_ ? 1 : 0;
        charged_ = false;
    }
    void answered() noexcept { idle_ -= idle_ < for_an_answer ? idle_ : for_an_answer; }

private:
    static constexpr std::size_t head_size = 9;

    void read_head(std::string_view from) noexcept;

    std::array<char, head_size> partial_{};
    std::size_t have_ = 0; // bytes of a head that have come
    std::size_t left_ = 0; // bytes of a payload that are to come
    frame_head head_;
    std::size_t continuations_ = 0;
    std::size_t idle_ = 0;
    bool charged_ = false;
};

} // namespace venice_keys::wire
