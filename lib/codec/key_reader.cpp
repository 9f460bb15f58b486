#include "codec/key_reader.hpp"

#include <algorithm>
#include <utility>

namespace venice_keys::codec {

const std::array<key_reader::known_name, 16> key_reader::known_names{{
    {"data", place::root, member::data},
    {"success", place::root, member::success},
    {"id", place::data, member::id},
    {"apiKeyType", place::data, member::type},
    {"consumptionLimits", place::data, member::limits},
    {"consumptionLimit", place::data, member::singular_limit},
    {"limitPeriod", place::data, member::limit_period},
    {"modelPrivacy", place::data, member::model_privacy},
    {"description", place::data, member::description},
    {"last6Chars", place::data, member::last6_chars},
    {"createdAt", place::data, member::created_at},
    {"expiresAt", place::data, member::expires_at},
    {"lastUsedAt", place::data, member::last_used_at},
    {"usd", place::limits, member::usd},
    {"diem", place::limits, member::diem},
    {"vcu", place::limits, member::vcu},
}};

namespace {

constexpr std::size_t most_kept = 4'096; // bytes of memory, from one answer to the next

template <class Member>
constexpr std::uint32_t bit_of(Member what) noexcept
{
    return std::uint32_t{1} << static_cast<unsigned>(what);
}

} // namespace

void key_reader::start(api_key& target) noexcept
{
    target_ = &target;
    singular_limits_ = {};
    limits_ = nullptr;
    seen_ = 0;
    place_ = place::outside;
    member_ = member::unknown;
    foreign_depth_ = 0;
    has_id_ = false;
    says_failure_ = false;
    data_is_strange_ = false;
    name_size_ = 0;
    if (text_.capacity() > most_kept)
        std::string{}.swap(text_); // assigning an empty one would keep the memory
    text_.clear();
    fault_.clear();
}

void key_reader::name_part(std::string_view part) noexcept
{
    if (foreign_depth_ != 0)
        return;
    const std::size_t room = name_.size() - name_size_;
    std::copy_n(part.begin(), std::min(part.size(), room), name_.begin() + static_cast<std::ptrdiff_t>(name_size_));
    name_size_ += std::min(part.size(), room);
}

bool key_reader::name(std::string_view last_part)
{
    if (foreign_depth_ != 0)
        return true;
    std::string_view text = last_part;
    if (name_size_ != 0) {
        name_part(last_part);
        text = {name_.data(), std::exchange(name_size_, 0)};
    }
    const auto known = std::find_if(known_names.begin(), known_names.end(), [this, text](const known_name& one) {
        return one.where == place_ && one.text == text;
    });
    member_ = known == known_names.end() ? member::unknown : known->what;
    text_.clear();
    if (member_ == member::unknown)
        return true;
    if ((seen_ & bit_of(member_)) != 0)
        return fail("appears twice");
    seen_ |= bit_of(member_);
    return true;
}

void key_reader::string_part(std::string_view part)
{
    if (foreign_depth_ != 0)
        return;
    if (std::string* const text = text_of_member())
        *text += part;
}

bool key_reader::string(std::string_view last_part)
{
    if (foreign_depth_ != 0)
        return true;
    std::string* const text = text_of_member();
    if (text == nullptr)
        return unfit("a string");
    std::string_view whole = last_part;
    if (text != &text_ || !text_.empty())
        whole = *text += last_part;

    switch (member_) {
    case member::id:
        has_id_ = true;
        break;
    case member::type:
        target_->type = key_type{whole};
        break;
    case member::limit_period:
        target_->limit_period = limit_period{whole};
        break;
    case member::model_privacy:
        target_->model_privacy = model_privacy{whole};
        break;
    case member::created_at:
        target_->created_at = parse_timestamp(whole);
        break;
    case member::expires_at:
        target_->expires_at = parse_timestamp(whole);
        break;
    case member::last_used_at:
        target_->last_used_at = parse_timestamp(whole);
        break;
    case member::description:
    case member::last6_chars:
    case member::unknown:
    case member::data:
    case member::success:
    case member::limits:
    case member::singular_limit:
    case member::usd:
    case member::diem:
    case member::vcu:
        break;
    }
    return true;
}

bool key_reader::number(double value)
{
    if (foreign_depth_ != 0)
        return true;
    if (member_ == member::usd)
        limits_->usd = value;
    else if (member_ == member::diem)
        limits_->diem = value;
    else if (member_ == member::vcu)
        limits_->vcu = value;
    else
        return unfit("a number");
    return true;
}

bool key_reader::boolean(bool value)
{
    if (foreign_depth_ != 0)
        return true;
    if (member_ != member::success)
        return unfit("a boolean");
    says_failure_ = !value;
    return true;
}

bool key_reader::null()
{
    return foreign_depth_ != 0 || place_ != place::outside || unfit("null");
}

bool key_reader::begin_object()
{
    if (foreign_depth_ == 0) {
        if (place_ == place::outside) {
            place_ = place::root;
            return true;
        }
        if (member_ == member::data) {
            place_ = place::data;
            return true;
        }
        if (member_ == member::limits || member_ == member::singular_limit) {
            limits_ = member_ == member::limits ? &target_->limits : &singular_limits_;
            seen_ &= ~(bit_of(member::usd) | bit_of(member::diem) | bit_of(member::vcu));
            place_ = place::limits;
            return true;
        }
        if (!unfit("an object"))
            return false;
    }
    ++foreign_depth_;
    return true;
}

void key_reader::end_object() noexcept
{
    if (foreign_depth_ != 0) {
        --foreign_depth_;
        return;
    }
    switch (place_) {
    case place::limits:
        place_ = place::data;
        break;
    case place::data:
        place_ = place::root;
        break;
    case place::root:
    case place::outside:
        place_ = place::outside;
        break;
    }
}

bool key_reader::begin_array()
{
    if (foreign_depth_ == 0 && !unfit("an array"))
        return false;
    ++foreign_depth_;
    return true;
}

void key_reader::end_array() noexcept
{
    --foreign_depth_;
}

void key_reader::end() noexcept
{
    if ((seen_ & bit_of(member::limits)) == 0)
        target_->limits = singular_limits_;
}

// Where the text of the member goes; null for one that has no text.
std::string* key_reader::text_of_member() noexcept
{
    switch (member_) {
    case member::id:
        return &target_->id;
    case member::description:
        return &target_->description;
    case member::last6_chars:
        return &target_->last6_chars;
    case member::type:
    case member::limit_period:
    case member::model_privacy:
    case member::created_at:
    case member::expires_at:
    case member::last_used_at:
        return &text_;
    case member::unknown:
    case member::data:
    case member::success:
    case member::limits:
    case member::singular_limit:
    case member::usd:
    case member::diem:
    case member::vcu:
        return nullptr;
    }
    return nullptr;
}

// The member's value is of a kind that it should not be. False when that can't be borne.
bool key_reader::unfit(std::string_view kind)
{
    if (place_ == place::outside) {
        fault_ = "not an object";
        return false;
    }
    switch (member_) {
    case member::unknown:
    case member::created_at: // the specification's own example has {} for a date
    case member::expires_at:
    case member::last_used_at:
        return true;
    case member::data:
        data_is_strange_ = true;
        return true;
    case member::success:
    case member::id:
    case member::type:
    case member::limits:
    case member::singular_limit:
    case member::limit_period:
    case member::model_privacy:
    case member::description:
    case member::last6_chars:
    case member::usd:
    case member::diem:
    case member::vcu:
        break;
    }
    return fail("is " + std::string{kind});
}

bool key_reader::fail(std::string_view what)
{
    switch (place_) {
    case place::data:
        fault_ = "data.";
        break;
    case place::limits:
        fault_ = limits_ == &singular_limits_ ? "data.consumptionLimit." : "data.consumptionLimits.";
        break;
    case place::root:
    case place::outside:
        break;
    }
    for (const known_name& one : known_names) {
        if (one.what == member_)
            fault_ += one.text;
    }
    fault_.append(" ").append(what);
    return false;
}

} // namespace venice_keys::codec
