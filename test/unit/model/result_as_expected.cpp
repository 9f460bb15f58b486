// Where a result behaves as std::expected does: conversions, assignment, steps, comparison; and what no std::expected
// does, for which the header has its reasons.
#include "support/printing_values.hpp"

#include <venice_keys/result.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_model_result_as_expected)

using namespace venice_keys;

namespace {

template <class From, class To>
constexpr bool implicit = std::is_convertible_v<From, To>;
template <class From, class To>
constexpr bool explicit_alone = std::is_constructible_v<To, From> && !std::is_convertible_v<From, To>;
template <class From, class To>
constexpr bool none = !std::is_constructible_v<To, From>;

// What an object was made of.
struct traced {
    std::string how;
    explicit traced(int number) : how("int " + std::to_string(number)) {}
    traced(const traced& /*other*/) : how("copy") {}
    traced(traced&& /*other*/) noexcept : how("move") {}
    traced& operator=(const traced&) = default;
    traced& operator=(traced&&) = default;
};

// Copying and moving it throws when it says so.
struct brittle {
    bool breaks = false;
    explicit brittle(bool will) : breaks(will) {}
    brittle(const brittle& other) : breaks(other.breaks) { check(); }
    brittle(brittle&& other) : breaks(other.breaks) { check(); }
    brittle& operator=(const brittle&) = default;
    brittle& operator=(brittle&&) = default;
    ~brittle() = default;

    void check() const
    {
        if (breaks)
            throw std::runtime_error("brittle");
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_value_converts_where_it_converts_to_the_type)
{
    static_assert(implicit<int, result<int>>);
    static_assert(implicit<int, result<long>>);
    static_assert(implicit<const char*, result<std::string>>);
    static_assert(explicit_alone<std::string_view, result<std::string>>);
    static_assert(explicit_alone<int, result<std::vector<int>>>); // a size
    static_assert(explicit_alone<int*, result<std::unique_ptr<int>>>);
    static_assert(none<std::string, result<int>>);
    static_assert(none<void*, result<int>>);
    static_assert(implicit<error, result<int>> && implicit<errc, result<int>>);
    static_assert(implicit<errc, result<boost::system::error_code>>);
    BOOST_TEST(result<boost::system::error_code>(errc::closed).error().code == errc::closed);
    const result<std::vector<int>> braces({1, 2, 3});
    BOOST_TEST(braces.value().size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_result_converts_where_its_value_does)
{
    static_assert(implicit<result<int>, result<long>> && implicit<const result<int>&, result<long>>);
    static_assert(explicit_alone<result<int>, result<std::vector<int>>>);
    static_assert(implicit<result<std::unique_ptr<int>>, result<std::shared_ptr<int>>>);
    static_assert(none<const result<std::unique_ptr<int>>&, result<std::shared_ptr<int>>>);
    static_assert(none<result<std::string>, result<int>>);
    static_assert(none<result<int>, result<void>> && none<result<void>, result<int>>);
    BOOST_TEST(result<long>(result<int>(7)).value() == 7);
    BOOST_TEST(result<long>(result<int>(errc::closed)).error().code == errc::closed);
    const result<const char*> text = "text";
    BOOST_TEST(result<std::string>(text).value() == "text");
    BOOST_TEST(*result<std::shared_ptr<int>>(result<std::unique_ptr<int>>(std::make_unique<int>(3))).value() == 3);
}

BOOST_AUTO_TEST_CASE(a_result_of_bool_takes_the_value_of_another_result)
{
    static_assert(implicit<result<int>, result<bool>>);
    BOOST_TEST((!result<bool>(result<int>(0)).value()));
    BOOST_TEST((result<bool>(result<int>(2)).value()));
    BOOST_TEST(result<bool>(result<int>(errc::closed)).error().code == errc::closed);
    result<bool> flag = true;
    flag = result<int>(0);
    BOOST_TEST(!flag.value());
    flag = result<int>(errc::cancelled);
    BOOST_TEST(!flag.has_value());
    static_assert(none<result<std::string>, result<bool>>);
    static_assert(none<result<void>, result<bool>>);
}

BOOST_AUTO_TEST_CASE(what_takes_a_result_as_a_whole_gets_it)
{
    struct keeper {
        bool had_value;
        explicit keeper(const result<int>& whole) : had_value(whole.has_value()) {}
    };
    BOOST_TEST((!result<keeper>(result<int>(errc::closed)).value().had_value));
    static_assert(none<result<int>, result<result<std::string>>>);
    const result<result<int>> nested = result<int>(errc::closed);
    BOOST_TEST(nested.has_value());
}

BOOST_AUTO_TEST_CASE(what_a_temporary_gives_outlives_it)
{
    using list = result<std::vector<int>>;
    static_assert(std::is_same_v<decltype(std::declval<list>().value()), std::vector<int>>);
    static_assert(std::is_same_v<decltype(*std::declval<list>()), std::vector<int>>);
    static_assert(std::is_same_v<decltype(std::declval<const list>().value()), std::vector<int>>);
    static_assert(std::is_same_v<decltype(*std::declval<const list>()), std::vector<int>>);
    static_assert(std::is_same_v<decltype(std::declval<list>().error()), error>);
    static_assert(std::is_same_v<decltype(std::declval<const list>().error()), error>);
    static_assert(std::is_same_v<decltype(std::declval<result<void>>().error()), error>);
    static_assert(std::is_same_v<decltype(std::declval<list&>().value()), std::vector<int>&>);
    static_assert(std::is_same_v<decltype(std::declval<const list&>().value()), const std::vector<int>&>);
    const auto make = [] {
        return list(std::vector<int>{1, 2, 3});
    };
    int sum = 0;
    for (const int each : make().value())
        sum += each;
    for (const int each : *make())
        sum += each;
    BOOST_TEST(sum == 12);
    const error& why = list(error(errc::closed, "a text that is too long for a string to keep it in itself")).error();
    BOOST_TEST(why.detail.ends_with("itself"));
}

BOOST_AUTO_TEST_CASE(a_default_is_an_error_in_every_form)
{
    result<std::string> text = "text";
    text = {};
    BOOST_TEST(text.error().code == errc::no_result);
    const result<std::vector<int>> empty = {};
    BOOST_TEST(!empty.has_value());
    result<void> done = result<void>::success();
    done = {};
    BOOST_TEST(!done.has_value());
}

BOOST_AUTO_TEST_CASE(assignment_goes_from_any_state_to_any)
{
    for (const bool from_value : {true, false})
        for (const bool to_value : {true, false}) {
            const result<std::string> from = from_value ? result<std::string>("from") : errc::closed;
            const result<std::string> to = to_value ? result<std::string>("to") : errc::cancelled;
            result<std::string> copied = to;
            copied = from;
            BOOST_TEST(copied == from);
            result<std::string> moved = to;
            result<std::string> spent = from;
            moved = std::move(spent);
            BOOST_TEST(moved == from);
            result<std::string> one = from;
            result<std::string> other = to;
            swap(one, other);
            BOOST_TEST(one == to);
            BOOST_TEST(other == from);
            copied = "a value";
            BOOST_TEST(copied.value() == "a value");
            copied = errc::not_found;
            BOOST_TEST(copied.error().code == errc::not_found);
            moved = error(errc::closed, "why");
            BOOST_TEST(moved.error().detail == "why");
        }
    static_assert(!std::is_assignable_v<result<std::vector<int>>&, void*>);
    static_assert(!std::is_copy_constructible_v<result<std::unique_ptr<int>>>);
    static_assert(std::is_nothrow_move_assignable_v<result<std::string>>);
    static_assert(std::is_nothrow_swappable_v<result<std::string>> && std::is_nothrow_swappable_v<result<void>>);
}

BOOST_AUTO_TEST_CASE(what_throws_on_its_way_in_leaves_what_was_there)
{
    result<brittle> kept = error(errc::closed, "kept");
    const brittle breaking(true);
    BOOST_CHECK_THROW(kept = breaking, std::runtime_error);
    BOOST_TEST(kept.error().detail == "kept");
    BOOST_CHECK_THROW(kept.emplace(breaking), std::runtime_error);
    BOOST_TEST(kept.error().detail == "kept");
    kept.emplace(false);
    BOOST_CHECK_THROW(kept.emplace(breaking), std::runtime_error);
    BOOST_TEST(!kept.value().breaks);
}

BOOST_AUTO_TEST_CASE(a_value_is_made_in_place)
{
    const result<traced> made(std::in_place, 5);
    BOOST_TEST(made->how == "int 5");
    const result<std::string> list(std::in_place, {'a', 'b'});
    BOOST_TEST(list.value() == "ab");
    result<std::string> text = errc::closed;
    BOOST_TEST(text.emplace(3U, 'x') == "xxx");
    BOOST_TEST(text.emplace({'a', 'b'}) == "ab");
    result<void> nothing = errc::closed;
    nothing.emplace();
    BOOST_TEST(nothing.has_value());
}

BOOST_AUTO_TEST_CASE(steps_take_what_they_are_called_on)
{
    result<std::string> text = "text";
    const result<std::string>& same = text;
    const auto size = [](const auto& one) {
        return result<std::size_t>(one.size());
    };
    BOOST_TEST(text.and_then(size).value() + same.and_then(size).value() == 8U);
    BOOST_TEST((text.and_then([](std::string& one) { return result<char*>(one.data()); }).value() == text->data()));
    BOOST_TEST(std::move(same).transform([](const std::string&& one) { return one.size(); }).value() == 4U);
    BOOST_TEST(text.value() == "text");
    BOOST_TEST(std::move(text).transform([](std::string&& one) { return std::move(one); }).value() == "text");
    const result<std::string> bad = error(errc::closed, "gone");
    BOOST_TEST(bad.and_then(size).error() == bad.error());
    BOOST_TEST(bad.transform([](const std::string&) { return 1; }).error() == bad.error());
    BOOST_TEST(bad.or_else([](const error& why) { return result<std::string>(why.detail); }).value() == "gone");
    BOOST_TEST(bad.transform_error([](const error&) { return errc::cancelled; }).error().code == errc::cancelled);
    BOOST_TEST(result<std::string>(bad)
                   .transform_error([](error&& why) { return error(errc::closed, why.detail + "!"); })
                   .error()
                   .detail == "gone!");
    BOOST_TEST(result<int>(3).transform_error([](const error&) { return errc::closed; }).value() == 3);
}

BOOST_AUTO_TEST_CASE(steps_lead_to_nothing_and_on_from_it)
{
    int seen = 0;
    const result<void> done = result<int>(7).transform([&seen](int number) { seen = number; });
    BOOST_TEST(done.has_value());
    BOOST_TEST(seen == 7);
    BOOST_TEST(done.transform([] { return 8; }).value() == 8);
    BOOST_TEST(done.and_then([] { return result<int>(errc::closed); }).error().code == errc::closed);
    const result<void> bad = errc::closed;
    BOOST_TEST(bad.transform([] { return 8; }).error().code == errc::closed);
    BOOST_TEST(bad.or_else([](const error&) { return result<void>::success(); }).has_value());
}

BOOST_AUTO_TEST_CASE(results_compare_by_what_they_hold)
{
    BOOST_TEST(result<int>(3) == result<int>(3));
    BOOST_TEST(result<int>(3) == result<long>(3));
    BOOST_TEST(result<int>(3) != result<int>(4));
    BOOST_TEST(result<int>(3) == 3);
    BOOST_TEST(3 == result<int>(3));
    BOOST_TEST(result<int>(errc::closed) != 3);
    BOOST_TEST(result<int>(errc::closed) != result<int>(3));
    BOOST_TEST(result<int>(errc::closed) == result<int>(errc::closed));
    BOOST_TEST(result<int>(errc::closed) != result<int>(errc::cancelled));
    BOOST_TEST(result<int>(errc::closed) == error(errc::closed));
    BOOST_TEST(result<int>(errc::closed) != error(errc::closed, "with a reason"));
    BOOST_TEST(result<std::string>("text") == "text");
    BOOST_TEST(result<void>::success() == result<void>::success());
    BOOST_TEST(result<void>::success() != result<void>(errc::closed));
    BOOST_TEST(result<void>(errc::closed) == error(errc::closed));
}

BOOST_AUTO_TEST_CASE(another_error_stands_in_for_a_value)
{
    BOOST_TEST(result<int>(3).error_or(error(errc::closed)).code == errc::closed);
    BOOST_TEST(result<int>(errc::cancelled).error_or(error(errc::closed)).code == errc::cancelled);
    BOOST_TEST(result<void>::success().error_or(error(errc::closed)).code == errc::closed);
    BOOST_TEST((result<std::string>(errc::closed).value_or({}).empty()));
    BOOST_TEST(*result<std::unique_ptr<int>>(errc::closed).value_or(std::make_unique<int>(4)) == 4);
}

BOOST_AUTO_TEST_SUITE_END()
