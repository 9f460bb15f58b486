// What a failed BOOST_TEST shows of the library's values that have no operator<<: small ones whole, and of a result
// what is in it.
#pragma once

#include "support/printing.hpp"

#include <venice_keys/api_key.hpp>
#include <venice_keys/key_details.hpp>
#include <venice_keys/result.hpp>
#include <venice_keys/unread_value.hpp>

#include <ostream>
#include <type_traits>

namespace boost::test_tools::tt_detail {

template <>
struct print_log_value<venice_keys::field_issue> {
    void operator()(std::ostream& out, const venice_keys::field_issue& it) { out << '[' << it.path << "] " << it.text; }
};

template <>
struct print_log_value<venice_keys::unread_value> {
    void operator()(std::ostream& out, const venice_keys::unread_value& it)
    {
        out << '[' << it.name << "] " << it.text;
    }
};

// Limits and amounts, which have these three.
template <class T>
    requires std::is_same_v<T, venice_keys::consumption_limits> || std::is_same_v<T, venice_keys::usage_amounts>
struct print_log_value<T> {
    void operator()(std::ostream& out, const T& it)
    {
        print_log_value<decltype(it.usd)> each;
        out << "usd ";
        each(out, it.usd);
        out << ", diem ";
        each(out, it.diem);
        out << ", vcu ";
        each(out, it.vcu);
    }
};

template <class T>
struct print_log_value<venice_keys::result<T>> {
    void operator()(std::ostream& out, const venice_keys::result<T>& it)
    {
        if (!it)
            out << it.error();
        else if constexpr (std::is_void_v<T>)
            out << "success";
        else
            print_log_value<T>()(out, *it);
    }
};

} // namespace boost::test_tools::tt_detail
