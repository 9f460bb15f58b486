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

// The sections of a refusal.
enum class section : std::uint8_t { root, error, details, issues, issue, issue_path, elsewhere };

// What a text means by its section and its name. Of each meaning up to last_kept, the last text is kept.
enum class meaning : std::uint8_t {
    error_text,
    plain_message,
    error_message,
    error_type,
    error_code,
    param,
    code,
    request_id,
    issue_text,
    issue_path,
    last_kept = issue_path,
    whole_issue,
    detail,
    path_part,
    a_secret,
    none,
};

struct meaning_of_member {
    section where;
    std::string_view name;
    meaning what;
};
constexpr meaning_of_member meanings[] = {
    {section::root, "error", meaning::error_text},       {section::root, "message", meaning::plain_message},
    {section::root, "details", meaning::detail},         {section::root, "code", meaning::code},
    {section::root, "request_id", meaning::request_id},  {section::root, "requestId", meaning::request_id},
    {section::error, "message", meaning::error_message}, {section::error, "type", meaning::error_type},
    {section::error, "param", meaning::param},           {section::error, "code", meaning::error_code},
    {section::error, "request_id", meaning::request_id}, {section::error, "requestId", meaning::request_id},
    {section::issue, "message", meaning::issue_text},    {section::issue, "path", meaning::issue_path},
};

// Boost.JSON calls it while it parses.
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
    bool on_object_begin(error_code& /*ec*/) { return open(false); }
    bool on_object_end(std::size_t /*size*/, error_code& /*ec*/) { return close(); }
    bool on_array_begin(error_code& /*ec*/) { return open(true); }
    bool on_array_end(std::size_t /*size*/, error_code& /*ec*/) { return close(); }
    bool on_key_part(json::string_view part, std::size_t /*size*/, error_code& /*ec*/)
    {
        return collect(part, bounds_.path);
    }
    bool on_key(json::string_view part, std::size_t /*size*/, error_code& /*ec*/);
    bool on_string_part(json::string_view part, std::size_t /*size*/, error_code& /*ec*/)
    {
        return meaning_of_text() == meaning::none || collect(part, bounds_.text);
    }
    bool on_string(json::string_view part, std::size_t /*size*/, error_code& /*ec*/);
    bool on_number_part(json::string_view /*part*/, error_code& /*ec*/) noexcept { return true; }
    bool on_int64(std::int64_t value, json::string_view /*text*/, error_code& /*ec*/)
    {
        if (!open_.empty() && open_.back().where == section::issue_path)
            extend(kept(meaning::issue_path), std::to_string(value));
        return scalar();
    }
    bool on_uint64(std::uint64_t /*value*/, json::string_view /*text*/, error_code& /*ec*/) { return scalar(); }
    bool on_double(double /*value*/, json::string_view /*text*/, error_code& /*ec*/) { return scalar(); }
    bool on_bool(bool /*value*/, error_code& /*ec*/) noexcept { return true; }
    bool on_null(error_code& /*ec*/) noexcept { return true; }
    bool on_comment_part(json::string_view /*part*/, error_code& /*ec*/) noexcept { return true; }
    bool on_comment(json::string_view /*part*/, error_code& /*ec*/) noexcept { return true; }

private:
    // An object or an array that has begun and not ended.
    struct level {
        section where = section::elsewhere;
        std::size_t path = 0;         // the bytes of path_ that lead here
        meaning next = meaning::none; // of the next text
    };

    [[nodiscard]] bool named(std::string_view name) const noexcept { return std::string_view{name_} == name; }
    [[nodiscard]] meaning meaning_of_text() const noexcept
    {
        return open_.empty() ? meaning::error_text : open_.back().next;
    }
    [[nodiscard]] meaning meaning_of_name() const noexcept;
    [[nodiscard]] section section_inside(bool array) const noexcept;
    bool open(bool array);
    bool close();
    bool scalar() noexcept
    {
        if (!open_.empty() && open_.back().where == section::root && named("x402Version"))
            texts_.wants_payment = true;
        return true;
    }
    [[nodiscard]] detail::secret_bytes& kept(meaning what) noexcept { return kept_[static_cast<std::size_t>(what)]; }
    void add_issue(std::string_view path, std::string_view text);
    void extend(detail::secret_bytes& path, std::string_view part) const;
    bool collect(std::string_view part, std::size_t most)
    {
        collected_ += part.substr(0, most - std::min(collected_.size(), most));
        return true;
    }

    refusal_bounds bounds_;
    refusal_texts texts_;
    std::vector<level> open_;
    detail::secret_bytes name_;      // the name of the member whose value comes next
    detail::secret_bytes collected_; // the parts of a name or of a text that have come
    detail::secret_bytes path_;      // the path in `details`
    std::array<detail::secret_bytes, static_cast<std::size_t>(meaning::last_kept) + 1> kept_;
    bool has_error_text_ = false;
    std::size_t entries_ = 0;
};

meaning refusal_handler::meaning_of_name() const noexcept
{
    const section where = open_.back().where;
    if (where == section::details)
        return meaning::detail;
    if (named("apiKey") || named("token"))
        return meaning::a_secret;
    const auto found = std::ranges::find_if(
        meanings, [&](const meaning_of_member& each) { return each.where == where && named(each.name); });
    return found == std::end(meanings) ? meaning::none : found->what;
}

section refusal_handler::section_inside(bool array) const noexcept
{
    if (open_.empty())
        return array ? section::elsewhere : section::root;
    const section where = open_.back().where;
    if (where == section::details || (where == section::root && named("details")))
        return section::details;
    if (where == section::root && array && named("issues"))
        return section::issues;
    if (where == section::root && !array && named("error"))
        return section::error;
    if (where == section::issues && !array)
        return section::issue;
    return where == section::issue && array && named("path") ? section::issue_path : section::elsewhere;
}

bool refusal_handler::open(bool array)
{
    level inside{section_inside(array), path_.size(), meaning::none};
    if (array && inside.where == section::details)
        inside.next = meaning::detail;
    else if (inside.where == section::issues)
        inside.next = meaning::whole_issue;
    else if (inside.where == section::issue_path)
        inside.next = meaning::path_part;
    else if (inside.where == section::issue)
        kept(meaning::issue_path) = kept(meaning::issue_text) = {};
    open_.push_back(inside);
    return true;
}

bool refusal_handler::close()
{
    if (open_.back().where == section::issue)
        add_issue(kept(meaning::issue_path), kept(meaning::issue_text));
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
    if (here.where == section::details) {
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
    texts_.is_string = open_.empty();
    has_error_text_ |= what == meaning::error_text;
    if (what <= meaning::last_kept)
        kept(what) = collected_;
    else if (what == meaning::whole_issue)
        add_issue({}, collected_);
    else if (what == meaning::detail)
        add_issue(path_, collected_);
    else if (what == meaning::path_part)
        extend(kept(meaning::issue_path), collected_);
    else if (what == meaning::a_secret)
        texts_.has_secret_member = true;
    collected_.clear();
    return true;
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

refusal_texts refusal_handler::take()
{
    texts_.is_json = true;
    texts_.request_id = std::move(kept(meaning::request_id));
    texts_.code = kept(kept(meaning::code).empty() ? meaning::error_code : meaning::code);
    if (has_error_text_) {
        texts_.text = std::move(kept(meaning::error_text));
        return std::move(texts_);
    }
    for (const meaning each :
         {meaning::error_message, meaning::error_code, meaning::error_type, meaning::plain_message})
        if (texts_.text.empty())
            texts_.text = kept(each);
    // The member `param` names the field that the text is about.
    if (!kept(meaning::param).empty() && !texts_.text.empty())
        texts_.issues.insert(texts_.issues.begin(), {kept(meaning::param), texts_.text});
    return std::move(texts_);
}

std::optional<refusal_texts> parse(std::string_view body, std::size_t max_depth, const refusal_bounds& bounds)
{
    json::parse_options options;
    options.max_depth = max_depth;
    json::basic_parser<refusal_handler> parser{options, bounds};
    // When one call has all of it, the parser never suspends, and so it needs no memory of its own.
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
    std::optional<refusal_texts> texts = parse(body, max_depth, bounds);
    if (!texts)
        if (const std::optional<detail::secret_bytes> mended = mended_json(body))
            texts = parse(*mended, max_depth, bounds);
    return std::move(texts).value_or(refusal_texts{});
}

} // namespace venice_keys::codec
