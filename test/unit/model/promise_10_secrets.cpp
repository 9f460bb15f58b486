// Promise 10, secrets stay secret: the part of the secret type and of the error's text.
#include <venice_keys/error.hpp>
#include <venice_keys/secret.hpp>

#include "model/redact.hpp"
#include "model/secret_bytes.hpp"
#include "unit/model/memory_watch.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_model_promise_10_secrets)

namespace {

// So that the compiler must make the object, and its memory.
void keep(const void* object)
{
    asm volatile("" : : "r"(object) : "memory");
}

} // namespace

using namespace venice_keys;
using namespace venice_keys::detail;
using memory_watch::token;
using memory_watch::watch;

BOOST_AUTO_TEST_CASE(the_watch_sees_a_plain_string_that_leaks)
{
    const watch memory;
    {
        const std::string plain{token};
        keep(plain.data());
    }
    BOOST_TEST(memory.leaked() == 1);
}

BOOST_AUTO_TEST_CASE(a_destroyed_secret_leaves_nothing_in_memory)
{
    const watch memory;
    {
        const secret one{token};
        keep(one.expose().data());
        const secret copy{one};
        keep(copy.expose().data());
    }
    BOOST_TEST(memory.leaked() == 0);
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_assigned_to_leaves_nothing_in_memory)
{
    const watch memory;
    secret copied_to{token};
    secret moved_to{token};
    const secret other{"other"};
    copied_to = other;
    moved_to = secret{"another"};
    BOOST_TEST(copied_to.expose() == "other");
    BOOST_TEST(moved_to.expose() == "another");
    BOOST_TEST(memory.leaked() == 0);
}

BOOST_AUTO_TEST_CASE(a_string_that_is_handed_over_is_cleansed)
{
    const watch memory;
    {
        std::string text{token};
        const char* const bytes = text.data();
        const secret taken{std::move(text)};
        BOOST_TEST(taken.expose() == token);
        BOOST_TEST(std::string_view(bytes, token.size()) == std::string(token.size(), '\0'));
    }
    BOOST_TEST(memory.leaked() == 0);
}

BOOST_AUTO_TEST_CASE(a_string_that_is_handed_over_is_cleansed_behind_its_end_too)
{
    const watch memory;
    {
        std::string text;
        text.reserve(200); // growth would leave the token behind, and the test to blame
        text.append("xx").append(token);
        text.resize(1);
        const secret taken{std::move(text)};
        BOOST_TEST(taken.expose() == "x");
    }
    BOOST_TEST(memory.leaked() == 0);
}

BOOST_AUTO_TEST_CASE(a_growing_buffer_of_secret_bytes_leaves_nothing_in_memory)
{
    const watch memory;
    {
        secret_bytes buffer;
        for (int i = 0; i != 100; ++i)
            buffer += token;
        keep(buffer.data());
    }
    BOOST_TEST(memory.leaked() == 0);
}

BOOST_AUTO_TEST_CASE(redaction_leaves_nothing_in_memory)
{
    const watch memory;
    {
        const secret known{token};
        std::string text;
        text.reserve(200);
        text.append("no such key: ").append(token).append(" (really)");
        redact(text, known);
        BOOST_TEST(text == "no such key: [redacted] (really)");
    }
    BOOST_TEST(memory.leaked() == 0);
}

BOOST_AUTO_TEST_CASE(a_secret_prints_as_redacted)
{
    std::ostringstream out;
    out << secret{token} << ' ' << secret{};
    BOOST_TEST(out.str() == "[redacted] [redacted]");
}

BOOST_AUTO_TEST_CASE(a_secret_does_not_turn_into_a_string_unasked)
{
    static_assert(!std::is_convertible_v<secret, std::string>);
    static_assert(!std::is_convertible_v<secret, std::string_view>);
    static_assert(!std::is_convertible_v<std::string, secret>);
    static_assert(!std::is_convertible_v<const char*, secret>);
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_SUITE_END()
