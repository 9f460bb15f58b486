// What a failed BOOST_TEST shows of values that have no operator<< of their own: enumerators by name, times, optionals,
// tuples, vectors; error codes, with their text; and of a result why it failed: BOOST_TEST(answer), without
// has_value(). Tests that compare such values include this instead of <boost/test/unit_test.hpp>.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <ostream>
#include <ratio>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace printing {

template <class T>
concept enumeration_class = std::is_enum_v<T> && !std::is_convertible_v<T, std::underlying_type_t<T>>;

// A result: the value, or an error.
template <class T>
concept outcome = requires(std::ostream& out, const T& value)
{
    typename T::value_type;
    out << value.error();
};

// The compiler's own words for a value: `state::staged`, or `(state)9` when there is no such enumerator.
template <auto Value>
constexpr std::string_view words_for()
{
    constexpr std::string_view begin = "Value = ";
    std::string_view all = __PRETTY_FUNCTION__;
    all.remove_prefix(all.find(begin) + begin.size());
    return all.substr(0, all.find_first_of(";]"));
}

// The enumerator's name with that of its type: `state::staged`. Empty for a value that has none, or is above 63.
template <enumeration_class T>
constexpr std::string_view enumerator(T value)
{
    std::string_view found;
    [&]<std::size_t... N>(std::index_sequence<N...>)
    {
        (void)((static_cast<T>(N) == value && (found = words_for<static_cast<T>(N)>(), true)) || ...);
    }
    (std::make_index_sequence<64>());
    if (found.find('(') != std::string_view::npos)
        return {};
    const auto of_type = found.rfind("::", found.rfind("::") - 1);
    return of_type == std::string_view::npos ? found : found.substr(of_type + 2);
}

} // namespace printing

namespace boost::test_tools::tt_detail {

template <printing::enumeration_class T>
struct print_log_value<T> {
    void operator()(std::ostream& out, const T& value)
    {
        if constexpr (requires { out << value; })
            out << value;
        else if (const std::string_view name = printing::enumerator(value); !name.empty())
            out << name;
        else
            out << static_cast<long long>(value);
    }
};

template <>
struct print_log_value<boost::system::error_category> {
    void operator()(std::ostream& out, const boost::system::error_category& value) { out << value.name(); }
};

template <>
struct print_log_value<boost::system::error_code> {
    void operator()(std::ostream& out, const boost::system::error_code& value)
    {
        out << value << " (" << value.message() << ")";
    }
};

template <class Rep, class Period>
struct print_log_value<std::chrono::duration<Rep, Period>> {
    void operator()(std::ostream& out, const std::chrono::duration<Rep, Period>& value)
    {
        if (value == value.max())
            out << "the longest time";
        else
            print_log_value<double>()(out, std::chrono::duration<double>(value).count());
    }
};

template <class Clock, class Duration>
struct print_log_value<std::chrono::time_point<Clock, Duration>> {
    void operator()(std::ostream& out, const std::chrono::time_point<Clock, Duration>& value)
    {
        print_log_value<Duration>()(out, value.time_since_epoch());
    }
};

template <class T>
struct print_log_value<std::optional<T>> {
    void operator()(std::ostream& out, const std::optional<T>& value)
    {
        if (value)
            print_log_value<T>()(out, *value);
        else
            out << "nothing";
    }
};

template <>
struct print_log_value<std::nullopt_t> {
    void operator()(std::ostream& out, std::nullopt_t /*value*/) { out << "nothing"; }
};

template <class T>
struct print_log_value<std::vector<T>> {
    void operator()(std::ostream& out, const std::vector<T>& value)
    {
        const char* before = "";
        out << '{';
        for (const T& each : value) {
            out << std::exchange(before, ", ");
            print_log_value<T>()(out, each);
        }
        out << '}';
    }
};

template <class... T>
struct print_log_value<std::tuple<T...>> {
    void operator()(std::ostream& out, const std::tuple<T...>& value)
    {
        const char* before = "";
        out << '(';
        std::apply(
            [&](const T&... each) {
                ((out << std::exchange(before, ", "), print_log_value<std::remove_cvref_t<T>>()(out, each)), ...);
            },
            value);
        out << ')';
    }
};

template <printing::outcome T>
struct print_log_value<T> {
    void operator()(std::ostream& out, const T& value)
    {
        if (!value)
            out << value.error();
        else if constexpr (requires { out << *value; })
            out << *value;
        else
            out << "success";
    }
};

} // namespace boost::test_tools::tt_detail
