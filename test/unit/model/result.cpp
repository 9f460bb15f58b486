#include "support/printing.hpp"

#include <venice_keys/result.hpp>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

BOOST_AUTO_TEST_SUITE(unit_model_result)

using namespace venice_keys;

namespace {

template <class Result>
bool throws_code(Result&& value, errc code)
{
    try {
        std::forward<Result>(value).value();
    } catch (const request_failed& thrown) {
        return thrown.error().code == code;
    }
    return false;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_fresh_one_is_an_error)
{
    BOOST_TEST(!result<int>{}.has_value());
    BOOST_TEST(result<int>{}.error().code == errc::no_result);
    BOOST_TEST(!result<void>{}.has_value());
    BOOST_TEST(result<void>{}.error().code == errc::no_result);
}

BOOST_AUTO_TEST_CASE(it_holds_a_value_or_an_error)
{
    const result<std::string> good = "text";
    BOOST_REQUIRE(good.has_value());
    BOOST_TEST(*good == "text");
    BOOST_TEST(good->size() == 4u);
    BOOST_TEST(good.value() == "text");

    const result<std::string> bad = error{errc::closed, "gone"};
    BOOST_REQUIRE(!bad);
    BOOST_TEST(bad.error().code == errc::closed);
    BOOST_TEST(bad.error().detail == "gone");

    const result<std::string> short_form = errc::cancelled;
    BOOST_TEST(short_form.error().code == errc::cancelled);
}

BOOST_AUTO_TEST_CASE(value_throws_the_error)
{
    result<int> bad = errc::closed;
    BOOST_TEST(throws_code(bad, errc::closed));
    BOOST_TEST(throws_code(std::as_const(bad), errc::closed));
    BOOST_TEST(throws_code(std::move(bad), errc::closed));
    BOOST_TEST(throws_code(result<void>{errc::not_found}, errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_success_without_a_value_is_a_success)
{
    const result<void> done = result<void>::success();
    BOOST_TEST(done.has_value());
    done.value();
}

BOOST_AUTO_TEST_CASE(values_that_only_move_move_through)
{
    result<std::unique_ptr<int>> good = std::make_unique<int>(7);
    const std::unique_ptr<int> taken = std::move(good).value();
    BOOST_TEST(*taken == 7);
}

BOOST_AUTO_TEST_CASE(another_value_stands_in_for_an_error)
{
    BOOST_TEST(result<int>{3}.value_or(9) == 3);
    BOOST_TEST(result<int>{errc::closed}.value_or(9) == 9);
    const result<std::string> bad = errc::closed;
    BOOST_TEST(bad.value_or("else") == "else");
}

BOOST_AUTO_TEST_CASE(steps_follow_a_value_and_skip_an_error)
{
    const auto half = [](int n) {
        return n % 2 == 0 ? result<int>{n / 2} : result<int>{errc::invalid_argument};
    };
    BOOST_TEST(result<int>{8}.and_then(half).value() == 4);
    BOOST_TEST(result<int>{7}.and_then(half).error().code == errc::invalid_argument);
    BOOST_TEST(result<int>{errc::closed}.and_then(half).error().code == errc::closed);

    const auto text = [](int n) {
        return std::to_string(n);
    };
    BOOST_TEST(result<int>{8}.transform(text).value() == "8");
    BOOST_TEST(result<int>{errc::closed}.transform(text).error().code == errc::closed);

    const auto zero = [](const error&) {
        return result<int>{0};
    };
    BOOST_TEST(result<int>{8}.or_else(zero).value() == 8);
    BOOST_TEST(result<int>{errc::closed}.or_else(zero).value() == 0);
}

BOOST_AUTO_TEST_CASE(moving_a_result_does_not_throw)
{
    static_assert(std::is_nothrow_move_constructible_v<result<std::string>>);
    static_assert(std::is_nothrow_move_constructible_v<result<void>>);
    static_assert(std::is_nothrow_constructible_v<result<std::string>, error&&>);
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_SUITE_END()
