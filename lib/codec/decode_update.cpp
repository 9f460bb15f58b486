#include "codec/decode_update.hpp"

#include "codec/key_reader.hpp"
#include "codec/refusal_body.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

namespace venice_keys::codec {

namespace {

namespace json = boost::json;
using boost::system::error_code;

// Boost.JSON's handler: translates its events for a key_reader.
class parse_handler {
public:
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();

    key_reader reader;

    bool on_document_begin(error_code& /*ec*/) noexcept { return true; }
    bool on_document_end(error_code& /*ec*/) noexcept
    {
        reader.end();
        return true;
    }
    bool on_object_begin(error_code& ec) { return pass(reader.begin_object(), ec); }
    bool on_object_end(std::size_t /*size*/, error_code& /*ec*/) noexcept
    {
        reader.end_object();
        return true;
    }
    bool on_array_begin(error_code& ec) { return pass(reader.begin_array(), ec); }
    bool on_array_end(std::size_t /*size*/, error_code& /*ec*/) noexcept
    {
        reader.end_array();
        return true;
    }
    bool on_key_part(json::string_view part, std::size_t /*size*/, error_code& /*ec*/) noexcept
    {
        reader.name_part(part);
        return true;
    }
    bool on_key(json::string_view part, std::size_t /*size*/, error_code& ec) { return pass(reader.name(part), ec); }
    bool on_string_part(json::string_view part, std::size_t /*size*/, error_code& /*ec*/)
    {
        reader.string_part(part);
        return true;
    }
    bool on_string(json::string_view part, std::size_t /*size*/, error_code& ec)
    {
        return pass(reader.string(part), ec);
    }
    bool on_number_part(json::string_view /*part*/, error_code& /*ec*/) noexcept { return true; }
    bool on_int64(std::int64_t value, json::string_view /*text*/, error_code& ec)
    {
        return pass(reader.number(static_cast<double>(value)), ec);
    }
    bool on_uint64(std::uint64_t value, json::string_view /*text*/, error_code& ec)
    {
        return pass(reader.number(static_cast<double>(value)), ec);
    }
    bool on_double(double value, json::string_view text, error_code& ec)
    {
        // Boost.JSON 1.81 is up to a few units in the last place off, and gives infinity for 1e400.
        double exact = value;
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), exact);
        if (parsed.ec == std::errc{})
            value = exact;
        if (!std::isfinite(value)) {
            ec = json::error::exponent_overflow;
            return false;
        }
        return pass(reader.number(value), ec);
    }
    bool on_bool(bool value, error_code& ec) { return pass(reader.boolean(value), ec); }
    bool on_null(error_code& ec) { return pass(reader.null(), ec); }
    bool on_comment_part(json::string_view /*part*/, error_code& /*ec*/) noexcept { return true; }
    bool on_comment(json::string_view /*part*/, error_code& /*ec*/) noexcept { return true; }

private:
    static bool pass(bool accepted, error_code& ec)
    {
        if (!accepted)
            ec = make_error_code(errc::malformed_reply);
        return accepted;
    }
};

json::parse_options options_with(std::size_t max_depth)
{
    json::parse_options options;
    options.max_depth = max_depth;
    return options;
}

error answered(errc code, std::string detail)
{
    error why{code, std::move(detail)};
    why.delivery = delivery::answered;
    why.http_status = 200;
    return why;
}

} // namespace

struct update_decoder::state {
    explicit state(std::size_t depth) : max_depth(depth), parser(options_with(depth)) {}

    error malformed(std::string_view what, std::size_t at) const
    {
        return answered(errc::malformed_reply, std::string{what} + ", at byte " + std::to_string(at));
    }

    std::size_t max_depth;
    json::basic_parser<parse_handler> parser;
};

update_decoder::update_decoder(std::size_t max_depth) : state_(std::make_unique<state>(max_depth))
{
}
update_decoder::update_decoder(update_decoder&&) noexcept = default;
update_decoder& update_decoder::operator=(update_decoder&&) noexcept = default;
update_decoder::~update_decoder() = default;

result<api_key> update_decoder::decode(std::string_view body, const secret& token)
{
    result<api_key> answer{api_key{}};
    json::basic_parser<parse_handler>& parser = state_->parser;
    const key_reader& reader = parser.handler().reader;
    parser.reset();
    parser.handler().reader.start(*answer);

    // One call with all of it: the parser then never suspends, and so needs no memory of its own.
    error_code ec;
    const std::size_t used = parser.write_some(false, body.data(), body.size(), ec);
    if (!reader.fault().empty())
        return state_->malformed(reader.fault(), used);
    if (ec == json::error::too_deep)
        return state_->malformed("nested deeper than " + std::to_string(state_->max_depth) + " levels", used);
    if (ec == json::error::exponent_overflow)
        return state_->malformed("a number out of range", used);
    if (ec && used == body.size())
        return state_->malformed("the JSON ends too soon", used);
    if (ec)
        return state_->malformed("not JSON", used);
    if (used != body.size())
        return state_->malformed("something after the JSON", used);

    if (reader.says_failure()) {
        error why = answered(errc::rejected, {});
        read_refusal_body(body, token, state_->max_depth, why);
        return why;
    }
    if (reader.data_is_strange())
        return answered(errc::malformed_reply, "data is not an object");
    if (!reader.has_id())
        return answered(errc::reply_mismatch, "the answer names no key: no data.id in it");
    return answer;
}

result<api_key> decode_update(std::string_view body, const secret& token, std::size_t max_depth)
{
    return update_decoder{max_depth}.decode(body, token);
}

} // namespace venice_keys::codec
