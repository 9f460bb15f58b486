#include "codec/refusal_reader.hpp"

#include "codec/mended_json.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace venice_keys::codec {

namespace {

namespace json = boost::json;
using boost::system::error_code;

// Where a value stands.
enum class place : std::uint8_t { root, error, details, issues, issue, issue_path, elsewhere };

// What a text is, by where it stands and by its name.
enum class meaning : std::uint8_t {
    none,
    error_text,
    plain_message,
    error_message,
    error_type,
    param,
    code,
    request_id,
    detail,
    issue_text,
    whole_issue,
    issue_path,
    path_part,
    a_secret,
};

// Boost.JSON's handler.
class refusal_handler {
public:
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();

    explicit refusal_handler(const refusal_bounds& bounds) : bounds_(bounds) {}

    [[nodiscard]] refusal_texts take();

    bool on_document_begin(error_code& /*ec*/) noexcept { return true; }
    bool on_document_end(error_code& /*ec*/) noexcept { return true; }
    bool on_object_begin(error_code& /*ec*/);
    bool on_object_end(std::size_t /*size*/, error_code& /*ec*/);
    bool on_array_begin(error_code& /*ec*/);
    bool on_array_end(std::size_t /*size*/, error_code& /*ec*/);
    bool on_key_part(json::string_view part, std::size_t /*size*/, error_code& /*ec*/)
    {
        collect(part, bounds_.path);
        return true;
    }
    bool on_key(json::string_view part, std::size_t /*size*/, error_code& /*ec*/);
    bool on_string_part(json::string_view part, std::size_t /*size*/, error_code& /*ec*/)
    {
        if (meaning_of_text() != meaning::none)
            collect(part, bounds_.text);
        return true;
    }
    bool on_string(json::string_view part, std::size_t /*size*/, error_code& /*ec*/);
    bool on_number_part(json::string_view /*part*/, error_code& /*ec*/) noexcept { return true; }
    bool on_int64(std::int64_t value, json::string_view /*text*/, error_code& /*ec*/)
    {
        if (!open_.empty() && open_.back().where == place::issue_path)
            extend(issue_.path, std::to_string(value));
        return scalar();
    }
    bool on_uint64(std::uint64_t /*value*/, json::string_view /*text*/, error_code& /*ec*/) { return scalar(); }
    bool on_double(double /*value*/, json::string_view /*text*/, error_code& /*ec*/) { return scalar(); }
    bool on_bool(bool /*value*/, error_code& /*ec*/) noexcept { return true; }
    bool on_null(error_code& /*ec*/) noexcept { return true; }
    bool on_comment_part(json::string_view /*part*/, error_code& /*ec*/) noexcept { return true; }
    bool on_comment(json::string_view /*part*/, error_code& /*ec*/) noexcept { return true; }

private:
    // An open object or array.
    struct level {
        place where = place::elsewhere;
        bool array = false;
        std::size_t path = 0; // bytes of path_ that lead here
        meaning next = meaning::none;
    };

    [[nodiscard]] bool named(std::string_view name) const noexcept { return std::string_view{name_} == name; }
    [[nodiscard]] meaning meaning_of_text() const noexcept
    {
        return open_.empty() ? meaning::error_text : open_.back().next;
    }
    [[nodiscard]] meaning meaning_of_name() const noexcept;
    [[nodiscard]] place place_inside(bool array) const noexcept;
    void open(bool array);
    bool scalar() noexcept
    {
        if (!open_.empty() && open_.back().where == place::root && named("x402Version"))
            texts_.wants_payment = true;
        return true;
    }
    void take_text(meaning what);
    void add_issue(std::string_view path, std::string_view text);
    void extend(detail::secret_bytes& path, std::string_view part) const;
    void collect(std::string_view part, std::size_t most);

    refusal_bounds bounds_;
    refusal_texts texts_;
    std::vector<level> open_;
    detail::secret_bytes name_;      // of the member whose value comes next
    detail::secret_bytes collected_; // of a name or text that comes in parts
    detail::secret_bytes path_;      // in details
    raw_issue issue_;                // that is being read
    bool has_error_text_ = false;
    detail::secret_bytes error_text_, plain_message_, error_message_, error_type_, param_, error_code_;
    std::size_t entries_ = 0;
};

meaning refusal_handler::meaning_of_name() const noexcept
{
    const place where = open_.back().where;
    if (where == place::details)
        return meaning::detail;
    if (named("apiKey") || named("token"))
        return meaning::a_secret;
    switch (where) {
    case place::root:
        if (named("error"))
            return meaning::error_text;
        if (named("message"))
            return meaning::plain_message;
        if (named("details"))
            return meaning::detail;
        break;
    case place::error:
        if (named("message"))
            return meaning::error_message;
        if (named("type"))
            return meaning::error_type;
        if (named("param"))
            return meaning::param;
        break;
    case place::issue:
        if (named("message"))
            return meaning::issue_text;
        return named("path") ? meaning::issue_path : meaning::none;
    case place::details:
    case place::issues:
    case place::issue_path:
    case place::elsewhere:
        return meaning::none;
    }
    if (named("code"))
        return meaning::code;
    return named("request_id") || named("requestId") ? meaning::request_id : meaning::none;
}

place refusal_handler::place_inside(bool array) const noexcept
{
    if (open_.empty())
        return array ? place::elsewhere : place::root;
    switch (open_.back().where) {
    case place::root:
        if (named("details"))
            return place::details;
        if (named("issues") && array)
            return place::issues;
        return named("error") && !array ? place::error : place::elsewhere;
    case place::details:
        return place::details;
    case place::issues:
        return array ? place::elsewhere : place::issue;
    case place::issue:
        return named("path") && array ? place::issue_path : place::elsewhere;
    case place::error:
    case place::issue_path:
    case place::elsewhere:
        break;
    }
    return place::elsewhere;
}

void refusal_handler::open(bool array)
{
    level inside{place_inside(array), array, path_.size(), meaning::none};
    if (array && inside.where == place::details)
        inside.next = meaning::detail;
    else if (inside.where == place::issues)
        inside.next = meaning::whole_issue;
    else if (inside.where == place::issue_path)
        inside.next = meaning::path_part;
    else if (inside.where == place::issue)
        issue_ = {};
    open_.push_back(inside);
}

bool refusal_handler::on_object_begin(error_code& /*ec*/)
{
    open(false);
    return true;
}

bool refusal_handler::on_object_end(std::size_t /*size*/, error_code& /*ec*/)
{
    if (open_.back().where == place::issue)
        add_issue(issue_.path, issue_.text);
    open_.pop_back();
    return true;
}

bool refusal_handler::on_array_begin(error_code& /*ec*/)
{
    open(true);
    return true;
}

bool refusal_handler::on_array_end(std::size_t /*size*/, error_code& /*ec*/)
{
    open_.pop_back();
    return true;
}

bool refusal_handler::on_key(json::string_view part, std::size_t /*size*/, error_code& /*ec*/)
{
    collect(part, bounds_.path);
    name_.swap(collected_);
    collected_.clear();
    level& here = open_.back();
    here.next = meaning_of_name();
    if (here.where == place::details) {
        path_.resize(here.path);
        if (!named("_errors"))
            extend(path_, name_);
    }
    return true;
}

bool refusal_handler::on_string(json::string_view part, std::size_t /*size*/, error_code& /*ec*/)
{
    const meaning what = meaning_of_text();
    if (what == meaning::none)
        return true;
    collect(part, bounds_.text);
    if (open_.empty())
        texts_.is_string = true;
    take_text(what);
    collected_.clear();
    return true;
}

void refusal_handler::take_text(meaning what)
{
    switch (what) {
    case meaning::none:
        break;
    case meaning::error_text:
        has_error_text_ = true;
        error_text_ = collected_;
        break;
    case meaning::plain_message:
        plain_message_ = collected_;
        break;
    case meaning::error_message:
        error_message_ = collected_;
        break;
    case meaning::error_type:
        error_type_ = collected_;
        break;
    case meaning::param:
        param_ = collected_;
        break;
    case meaning::code:
        (open_.back().where == place::error ? error_code_ : texts_.code) = collected_;
        break;
    case meaning::request_id:
        texts_.request_id = collected_;
        break;
    case meaning::detail:
        add_issue(path_, collected_);
        break;
    case meaning::issue_text:
        issue_.text = collected_;
        break;
    case meaning::whole_issue:
        add_issue({}, collected_);
        break;
    case meaning::issue_path:
        issue_.path = collected_;
        break;
    case meaning::path_part:
        extend(issue_.path, collected_);
        break;
    case meaning::a_secret:
        texts_.has_secret_member = true;
        break;
    }
}

void refusal_handler::add_issue(std::string_view path, std::string_view text)
{
    if (entries_ == bounds_.issues || (path.empty() && text.empty()))
        return;
    ++entries_;
    texts_.issues.push_back({detail::secret_bytes{path}, detail::secret_bytes{text}});
}

void refusal_handler::extend(detail::secret_bytes& path, std::string_view part) const
{
    if (path.size() >= bounds_.path)
        return;
    if (!path.empty())
        path += '.';
    path += part.substr(0, bounds_.path - std::min(path.size(), bounds_.path));
}

void refusal_handler::collect(std::string_view part, std::size_t most)
{
    collected_ += part.substr(0, most - std::min(collected_.size(), most));
}

refusal_texts refusal_handler::take()
{
    texts_.is_json = true;
    if (texts_.code.empty())
        texts_.code = error_code_;
    if (has_error_text_) {
        texts_.text = std::move(error_text_);
        return std::move(texts_);
    }
    for (const detail::secret_bytes* const each : {&error_message_, &error_code_, &error_type_, &plain_message_}) {
        if (texts_.text.empty())
            texts_.text = *each;
    }
    // An object's `param` names the field that the text is about.
    if (!param_.empty() && !texts_.text.empty())
        texts_.issues.insert(texts_.issues.begin(), {param_, texts_.text});
    return std::move(texts_);
}

std::optional<refusal_texts> parse(std::string_view body, std::size_t max_depth, const refusal_bounds& bounds)
{
    json::parse_options options;
    options.max_depth = max_depth;
    json::basic_parser<refusal_handler> parser{options, bounds};
    // One call with all of it: the parser then never suspends, and so needs no memory of its own.
    error_code ec;
    const std::size_t used = parser.write_some(false, body.data(), body.size(), ec);
    if (ec || used != body.size())
        return std::nullopt;
    return parser.handler().take();
}

} // namespace

refusal_texts read_refusal_texts(std::string_view body, std::size_t max_depth, const refusal_bounds& bounds)
{
    body = without_bom(body);
    if (std::optional<refusal_texts> texts = parse(body, max_depth, bounds))
        return *std::move(texts);
    if (const std::optional<detail::secret_bytes> mended = mended_json(body)) {
        if (std::optional<refusal_texts> texts = parse(*mended, max_depth, bounds))
            return *std::move(texts);
    }
    return {};
}

} // namespace venice_keys::codec
