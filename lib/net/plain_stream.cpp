#include "net/plain_stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <algorithm>
#include <cstring>

namespace venice_keys::net {

namespace asio = boost::asio;
using boost::system::error_code;

byte_layer::outcome plain_stream::read(char* to, std::size_t room, std::size_t& got)
{
    got = std::min(fed_.size(), room);
    if (got != 0) {
        std::memcpy(to, fed_.data(), got);
        fed_.remove_prefix(got);
        return outcome::done;
    }
    if (!read_end_)
        return outcome::needs_bytes;
    if (read_end_ == asio::error::eof)
        return outcome::ended;
    why_ = read_end_;
    return outcome::failed;
}

byte_layer::outcome plain_stream::write(std::string_view bytes)
{
    while (sent_ != bytes.size()) {
        error_code ec;
        sent_ += socket_.write_some(asio::buffer(bytes.data() + sent_, bytes.size() - sent_), ec);
        if (ec == asio::error::would_block || ec == asio::error::try_again)
            return outcome::needs_write;
        if (ec) {
            why_ = ec;
            return outcome::failed;
        }
    }
    sent_ = 0;
    return outcome::done;
}

} // namespace venice_keys::net
