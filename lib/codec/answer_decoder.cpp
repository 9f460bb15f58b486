#include "codec/answer_decoder.hpp"

#include "codec/mended_json.hpp"
#include "codec/refusal_body.hpp"
#include "codec/shape_reader.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace venice_keys::codec {

namespace {

namespace json = boost::json;
using boost::system::error_code;

// Translates the events of Boost.JSON for a shape_reader.
class parse_handler {
public:
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();

    shape_reader reader;

    bool on_document_begin(error_code& /*ec*/) noexcept { return true; }
    bool on_document_end(error_code& /*ec*/) noexcept { return true; }
    bool on_object_begin(error_code& ec) { return pass(reader.begin_object(), ec); }
    bool on_object_end(std::size_t /*size*/, error_code& /*ec*/)
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
    bool on_int64(std::int64_t value, json::string_view text, error_code& ec)
    {
        return pass(reader.number(static_cast<double>(value), text), ec);
    }
    bool on_uint64(std::uint64_t value, json::string_view text, error_code& ec)
    {
        return pass(reader.number(static_cast<double>(value), text), ec);
    }
    bool on_double(double value, json::string_view text, error_code& ec)
    {
        // Boost.JSON 1.81 may be a few units in the last place off, and it makes infinity of 1e400.
        double exact = value;
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), exact);
        if (parsed.ec == std::errc{})
            value = exact;
        if (!std::isfinite(value)) {
            ec = json::error::exponent_overflow;
            return false;
        }
        return pass(reader.number(value, text), ec);
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

error rejected(std::string_view body, const envelope_head& head, detail::secret_list secrets, std::size_t max_depth)
{
    error why = answered(errc::rejected, {});
    if (head.own == nullptr) {
        read_refusal_body(body, secrets, max_depth, why, body_of::success);
        return why;
    }
    std::vector<secret> all{secrets.begin(), secrets.end()};
    all.push_back(*head.own);
    if (head.also_own != nullptr)
        all.push_back(*head.also_own);
    read_refusal_body(body, std::span<const secret>{all}, max_depth, why, body_of::secret_success);
    return why;
}

// While the parser reads a text with escapes, it keeps the text on the stack, where it would stay.
[[gnu::noinline]] void cleanse_stack() noexcept
{
    std::array<char, 16 * 1024> used;
    cleanse(used.data(), used.size());
}

} // namespace

struct answer_decoder::state {
    explicit state(std::size_t depth) : max_depth(depth), parser(options_with(depth)) {}

    // Says what is wrong with the JSON, or with a member of it.
    [[nodiscard]] std::optional<error> parse(std::string_view body, const shape& root, void* target);
    // Whether the last parse() found that the bytes are not JSON. Then they may be mended.
    [[nodiscard]] bool no_json() const noexcept { return no_json_; }

    [[nodiscard]] const shape_reader& reader() const noexcept { return parser.handler().reader; }

    std::size_t max_depth;
    json::basic_parser<parse_handler> parser;

private:
    bool no_json_ = false;
};

std::optional<error> answer_decoder::state::parse(std::string_view body, const shape& root, void* target)
{
    parser.reset();
    parser.handler().reader.start(root, target, body.size());
    no_json_ = false;

    // When one call has all of it, the parser never suspends, and so it needs no memory of its own.
    error_code ec;
    const std::size_t used = parser.write_some(false, body.data(), body.size(), ec);
    const auto malformed = [used](std::string_view what) {
        return answered(errc::malformed_reply, std::string{what} + ", at byte " + std::to_string(used));
    };
    if (!reader().fault().empty())
        return malformed(reader().fault());
    if (ec == json::error::too_deep)
        return malformed("the answer is nested deeper than config::max_json_depth, " + std::to_string(max_depth) +
                         " levels");
    if (ec == json::error::exponent_overflow)
        return malformed("a number is out of range");
    no_json_ = ec.failed();
    if (ec && used == body.size())
        return malformed("the JSON ends too soon");
    if (ec && body.find_first_not_of(" \t\r\n") == body.find('<'))
        return answered(errc::malformed_reply,
                        "the answer looks like a web page and is not JSON: check config::base_url (VENICE_BASE_URL)");
    if (ec)
        return malformed("the answer is not JSON");
    if (used != body.size())
        return malformed("something follows the JSON");
    return std::nullopt;
}

answer_decoder::answer_decoder(std::size_t max_depth) : state_(std::make_unique<state>(max_depth))
{
}
answer_decoder::answer_decoder(answer_decoder&&) noexcept = default;
answer_decoder& answer_decoder::operator=(answer_decoder&&) noexcept = default;
answer_decoder::~answer_decoder() = default;

std::optional<error> answer_decoder::decode(std::string_view body, const shape& root, filled answer,
                                            const envelope_head& head, detail::secret_list secrets, lacking if_lacking)
{
    body = without_bom(body);
    std::optional<error> why = state_->parse(body, root, answer.target);
    if (why && state_->no_json()) {
        if (const std::optional<detail::secret_bytes> mended = mended_json(body)) {
            answer.empty(answer.target);
            why = state_->parse(*mended, root, answer.target);
        }
    }
    if (head.own != nullptr)
        cleanse_stack();
    if (why)
        return why;
    if (head.success == false)
        return rejected(body, head, secrets, state_->max_depth);
    const shape_reader& reader = state_->reader();
    if (!reader.strange().empty())
        return answered(errc::malformed_reply, reader.strange());
    if (reader.missing().empty())
        return std::nullopt;
    switch (if_lacking) {
    case lacking::is_malformed:
        break;
    case lacking::is_a_mismatch:
        return answered(errc::reply_mismatch, "the answer names no key: it has no data.id");
    }
    return answered(errc::malformed_reply, reader.missing() + " is missing");
}

} // namespace venice_keys::codec
