// The bottom of a stack of byte layers, without a socket: what is written goes into a string.
#pragma once

#include "net/byte_layer.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <exception>
#include <string>
#include <string_view>

namespace venice_keys::test {

// A `stubborn` one takes what is written only at the second try, as a full socket does.
class memory_link final : public net::byte_layer {
public:
    memory_link(std::string& sent, bool& stubborn) noexcept : sent_(sent), stubborn_(stubborn) {}

    boost::asio::ip::tcp::socket& socket() noexcept override { std::terminate(); }
    void feed(std::string_view bytes) noexcept override { fed_ = bytes; }
    void feed_end(boost::system::error_code why) noexcept override { end_ = why; }

    outcome read(char* to, std::size_t room, std::size_t& got) override
    {
        got = std::min(room, fed_.size());
        std::copy_n(fed_.data(), got, to);
        fed_.remove_prefix(got);
        if (got != 0)
            return outcome::done;
        if (!end_)
            return outcome::needs_bytes;
        return end_ == boost::asio::error::eof ? outcome::ended : outcome::failed;
    }

    outcome write(std::string_view bytes) override
    {
        if (broken)
            return outcome::failed;
        if (stubborn_ && bytes != refused_) {
            refused_ = bytes;
            return outcome::needs_write;
        }
        refused_.clear();
        sent_ += bytes;
        return outcome::done;
    }

    void say_goodbye() noexcept override {}
    [[nodiscard]] boost::system::error_code why() const noexcept override { return end_; }

    bool broken = false;

private:
    std::string& sent_;
    bool& stubborn_;
    std::string_view fed_;
    boost::system::error_code end_;
    std::string refused_;
};

} // namespace venice_keys::test
