#include <venice_keys/enums.hpp>

#include <array>
#include <cstddef>
#include <ostream>

namespace venice_keys {

namespace {

// The service's texts; each is at the index of its enumerator. The first, `other`, has none.
constexpr std::array<std::string_view, 4> limit_periods{"", "EPOCH", "MONTH", "LIFETIME"};
constexpr std::array<std::string_view, 3> key_types{"", "INFERENCE", "ADMIN"};
constexpr std::array<std::string_view, 4> model_privacies{"", "ALL", "PRIVATE_TEXT", "PRIVATE_ONLY"};

static_assert(limit_periods[limit_period::lifetime] == "LIFETIME");
static_assert(key_types[key_type::admin] == "ADMIN");
static_assert(model_privacies[model_privacy::private_only] == "PRIVATE_ONLY");

template <class Known, std::size_t size>
Known find(const std::array<std::string_view, size>& texts, std::string_view text) noexcept
{
    for (std::size_t i = 1; i != size; ++i) {
        if (texts[i] == text)
            return static_cast<Known>(i);
    }
    return Known{};
}

template <std::size_t size>
std::string_view text_of(const std::array<std::string_view, size>& texts, std::size_t known,
                         std::string_view unknown) noexcept
{
    return known != 0 && known < size ? texts[known] : unknown;
}

} // namespace

limit_period::limit_period(std::string_view text)
    : value_(find<known>(limit_periods, text)), text_(value_ == other ? text : std::string_view{})
{
}

std::string_view limit_period::text() const noexcept
{
    return text_of(limit_periods, value_, text_);
}

std::ostream& operator<<(std::ostream& out, const limit_period& value)
{
    return out << value.text();
}

key_type::key_type(std::string_view text)
    : value_(find<known>(key_types, text)), text_(value_ == other ? text : std::string_view{})
{
}

std::string_view key_type::text() const noexcept
{
    return text_of(key_types, value_, text_);
}

std::ostream& operator<<(std::ostream& out, const key_type& value)
{
    return out << value.text();
}

model_privacy::model_privacy(std::string_view text)
    : value_(find<known>(model_privacies, text)), text_(value_ == other ? text : std::string_view{})
{
}

std::string_view model_privacy::text() const noexcept
{
    return text_of(model_privacies, value_, text_);
}

std::ostream& operator<<(std::ostream& out, const model_privacy& value)
{
    return out << value.text();
}

} // namespace venice_keys
