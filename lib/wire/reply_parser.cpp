#include "wire/reply_parser.hpp"

#include "model/cleansed_text.hpp"

#include "wire/reply_fields.hpp"
#include "wire/tolerance.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <functional>

namespace venice_keys::wire {

namespace http = boost::beast::http;
using boost::beast::iequals;
using boost::system::error_code;
using view = boost::beast::string_view;

namespace {

// The least that follows where a chunk's size is due: `0` and two line breaks.
constexpr std::size_t smallest_chunk_head = 5;

} // namespace

// One message. Beast's parser can't be used twice, so for each message one is constructed anew in the same place.
class reply_parser::message : public http::basic_parser<false> {
public:
    message(reply& target, const reply_limits& limits) : reply_(target), limits_(limits)
    {
        eager(true);
        header_limit(static_cast<std::uint32_t>(limits.header_bytes) + 1); // never reached: see reply_parser::parse
        body_limit(limits.body_bytes);
    }

    // The bytes that the next put() is given. A field's value that lies outside of them was put together from folds.
    void input(std::string_view bytes) noexcept { input_ = bytes; }

    // What is refused beyond Beast's own checks; null: nothing.
    [[nodiscard]] const char* refused() const noexcept { return refused_; }

    // Whether a chunk's size comes next.
    [[nodiscard]] bool at_chunk_size() const { return is_header_done() && chunked() && chunk_left_ == 0; }
    // Whether the line break that ends the chunk before it comes first.
    [[nodiscard]] bool after_chunk() const noexcept { return after_chunk_; }

private:
    void refuse(const char* why, error_code& ec, http::error as = http::error::bad_value)
    {
        refused_ = why;
        ec = as;
    }

    [[nodiscard]] bool folded(view name, view value) const
    {
        const std::less_equal<const char*> before;
        if (!before(input_.data(), value.data()) || !before(value.data(), input_.data() + input_.size()))
            return true;
        // A folded value whose first line is empty stays in the input, behind a line break.
        const char* const gap = name.data() + name.size();
        return std::find(gap, value.data(), '\n') != value.data();
    }

    void on_request_impl(http::verb, view, view, int, error_code&) override {}

    void on_response_impl(int status, view, int version, error_code& ec) override
    {
        reply_.status = static_cast<unsigned>(status);
        version_ = version;
        if (status < 100) // neither an interim answer nor any other
            refuse("the status code is below 100", ec);
    }

    void on_field_impl(http::field name, view text, view value, error_code& ec) override
    {
        if (++count_ > limits_.header_count)
            return refuse("the answer has more header fields than config::max_header_count", ec,
                          http::error::header_limit);
        if (folded(text, value))
            return refuse("a header line is folded", ec);
        if (in_body_) // a trailer: nothing in it counts
            return;
        if (name == http::field::transfer_encoding) {
            if (!iequals(value, "chunked") || version_ < 11)
                refuse("the answer has a transfer coding other than chunked", ec);
        } else if (!take_field({text.data(), text.size()}, {value.data(), value.size()}, reply_)) {
            refuse("the answer has a content coding that was not asked for", ec);
        }
    }

    void on_header_impl(error_code& ec) override
    {
        in_body_ = true;
        reply_.keep_alive = keep_alive(); // read now, because Beast would heed a `Connection` in the trailers
        eager(!chunked());                // each line with a chunk's size is mended before Beast sees it
        if (reply_.status == 101)
            refuse("the server switched protocols (101), which was not asked for", ec);
    }

    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override
    {
        if (length)
            detail::reserve_cleansed(reply_.body, static_cast<std::size_t>(*length)); // Beast has checked it
    }

    std::size_t on_body_impl(view part, error_code&) override
    {
        detail::append_cleansed(reply_.body, {part.data(), part.size()});
        return part.size();
    }

    void on_chunk_header_impl(std::uint64_t size, view, error_code&) override
    {
        chunk_left_ = size;
        after_chunk_ = true;
    }

    std::size_t on_chunk_body_impl(std::uint64_t left, view part, error_code& ec) override
    {
        chunk_left_ = left - part.size();
        return message::on_body_impl(part, ec);
    }

    void on_finish_impl(error_code&) override {}

    reply& reply_;
    const reply_limits& limits_;
    std::string_view input_;
    std::size_t count_ = 0;
    std::uint64_t chunk_left_ = 0;
    int version_ = 11;
    bool in_body_ = false;
    bool after_chunk_ = false;
    const char* refused_ = nullptr;
};

reply_parser::reply_parser(reply_limits limits) : limits_(limits)
{
}

reply_parser::~reply_parser()
{
    detail::cleanse_text(reply_.body); // may hold the secret of a new key
}

reply_parser::step reply_parser::parse(std::string_view bytes)
{
    std::size_t consumed = 0;
    for (;;) {
        if (done_) {
            reply_.clear();
            if (message_) {
                std::destroy_at(message_.get());
                std::construct_at(message_.get(), reply_, limits_);
            } else {
                message_ = std::make_unique<message>(reply_, limits_);
            }
            done_ = false;
            begun_ = false;
            head_ = 0;
        }
        std::string_view rest = bytes.substr(consumed);
        // Beast measures each line and each piece by itself. The limit here is for the whole head, wherever it is cut,
        // so Beast is shown no more of a head than the limit allows.
        const bool in_head = !message_->is_header_done();
        const std::size_t left = limits_.header_bytes - head_;
        const bool shortened = in_head && rest.size() > left;
        if (shortened)
            rest = rest.substr(0, left);
        // Beast asserts that it never sees less of a last chunk than this.
        if (rest.empty() || (message_->at_chunk_size() && rest.size() < smallest_chunk_head))
            return {outcome::need_more, consumed};
        begun_ = true;
        if (in_head && head_ == 0) {
            const status_line line = look_at_status_line(rest);
            if (line != status_line::complete_enough && left <= bare_status_line_size && rest.size() == left)
                return {fail(http::error::header_limit), consumed};
            if (line == status_line::too_short_to_tell)
                return {outcome::need_more, consumed};
            if (line == status_line::bare) {
                if (const error_code ec = take_bare_status_line(rest))
                    return {fail(ec), consumed};
                head_ = bare_status_line_size;
                consumed += bare_status_line_size;
                continue;
            }
        }
        if (message_->at_chunk_size() && mend_chunk_line(rest, message_->after_chunk(), mended_))
            rest = mended_;
        error_code ec;
        message_->input(rest);
        const std::size_t taken = message_->put(boost::asio::const_buffer(rest.data(), rest.size()), ec);
        consumed += taken;
        if (ec && ec != http::error::need_more)
            return {fail(ec), consumed};
        if (!message_->is_header_done()) {
            if (rest.size() == left)
                return {fail(http::error::header_limit), consumed};
            head_ += taken;
            return {outcome::need_more, consumed};
        }
        if (!message_->is_done()) {
            if (shortened || (!ec && taken != 0))
                continue;
            return {outcome::need_more, consumed};
        }
        done_ = true;
        if (reply_.status >= 200) {
            interim_ = 0;
            return {outcome::done, consumed};
        }
        if (++interim_ > max_interim) {
            why_ = error(errc::protocol_error, "more than eight interim (1xx) answers came");
            return {outcome::failed, consumed};
        }
    }
}

error_code reply_parser::take_bare_status_line(std::string_view bytes)
{
    const auto whole = with_blank(bytes);
    error_code ec;
    message_->put(boost::asio::buffer(whole), ec);
    return ec == http::error::need_more ? error_code() : ec;
}

reply_parser::outcome reply_parser::end_of_stream()
{
    if (!in_reply() || !message_->got_some()) // a few bytes of a status line may not have reached it
        return outcome::need_more;
    error_code ec;
    message_->put_eof(ec);
    if (ec)
        return outcome::need_more;
    done_ = true;
    reply_.keep_alive = false;
    return outcome::done;
}

reply_parser::outcome reply_parser::fail(error_code cause)
{
    if (const char* const refused = message_->refused())
        why_ = error(cause == http::error::header_limit ? errc::reply_too_large : errc::protocol_error, refused);
    else if (cause == http::error::body_limit || cause == http::error::buffer_overflow)
        why_ = error(errc::reply_too_large, "the body is larger than config::max_reply_bytes", cause);
    else if (cause == http::error::header_limit)
        why_ = error(errc::reply_too_large, "the head is larger than config::max_header_bytes", cause);
    else
        why_ = error(errc::protocol_error, "the answer breaks the rules of HTTP/1.1: " + cause.message(), cause);
    return outcome::failed;
}

} // namespace venice_keys::wire
