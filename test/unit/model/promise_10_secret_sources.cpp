// Promise 10, secrets stay secret: a token comes from a file that is its owner's alone, and what went wrong with it is
// told without it.
#include <venice_keys/secret.hpp> // alone: it brings what its users need to look at a result

#include "support/printing.hpp"
#include "unit/model/memory_watch.hpp"

#include <venice_keys/credentials.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_model_promise_10_secret_sources)

using namespace venice_keys;
using memory_watch::token;
using memory_watch::watch;
namespace fs = std::filesystem;

namespace {

constexpr const char* variable = "VENICE_KEYS_TEST_SECRET";

// A folder of the test's own, and one file's name in it.
struct folder {
    folder()
    {
        std::string name = (fs::temp_directory_path() / "venice_keys_secret_XXXXXX").string();
        BOOST_TEST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
        file = (path / "token").string();
    }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;
    ~folder()
    {
        std::error_code ignored;
        fs::remove_all(path, ignored);
        ::unsetenv(variable); // NOLINT(concurrency-mt-unsafe): the tests have one thread
    }

    void write(std::string_view text, mode_t mode = 0600) const
    {
        std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
        BOOST_TEST_REQUIRE(::chmod(file.c_str(), mode) == 0);
    }

    void set_variable(const char* text) const
    {
        BOOST_TEST_REQUIRE(::setenv(variable, text, 1) ==
                           0); // NOLINT(concurrency-mt-unsafe): the tests have one thread
    }

    fs::path path;
    std::string file;
};

// A variable that tests change, and which is afterwards what it was.
class environment_variable {
public:
    // NOLINTBEGIN(concurrency-mt-unsafe): the tests have one thread
    explicit environment_variable(const char* name) : name_(name)
    {
        if (const char* const text = std::getenv(name))
            before_ = text;
    }
    environment_variable(const environment_variable&) = delete;
    environment_variable& operator=(const environment_variable&) = delete;
    ~environment_variable() { set(before_ ? before_->c_str() : nullptr); }

    // Null: not set at all.
    void set(const char* text) const
    {
        const int failed = text != nullptr ? ::setenv(name_, text, 1) : ::unsetenv(name_);
        BOOST_TEST(failed == 0);
    }
    // NOLINTEND(concurrency-mt-unsafe)

private:
    const char* name_;
    std::optional<std::string> before_;
};

// The refusal's detail without the name in front; the name is checked.
std::string reason(const result<secret>& got, const std::string& name)
{
    BOOST_REQUIRE(!got);
    BOOST_TEST(got.error().code == errc::invalid_argument);
    BOOST_REQUIRE(got.error().detail.starts_with(name + ": "));
    BOOST_TEST(got.error().message().find(token) == std::string::npos);
    return got.error().detail.substr(name.size() + 2);
}

std::size_t open_files()
{
    return static_cast<std::size_t>(std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator{}));
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_file_of_its_owner_alone_is_read, folder)
{
    for (const mode_t mode : {0600u, 0400u, 0700u}) {
        write(token, mode);
        const result<secret> got = secret::from_file(file);
        BOOST_TEST_REQUIRE(got);
        BOOST_TEST(got->expose() == token);
    }
}

BOOST_FIXTURE_TEST_CASE(one_line_end_is_taken_off_and_nothing_else, folder)
{
    const std::string_view nul("a\0b", 3);
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"abc\n", "abc"},   {"abc\r\n", "abc"}, {"abc\n\n", "abc\n"},   {"abc\r", "abc\r"}, {"abc\n\r", "abc\n\r"},
        {" abc ", " abc "}, {"a\nb\n", "a\nb"}, {"abc\r\r\n", "abc\r"}, {"\nabc", "\nabc"}, {nul, nul}};
    for (const auto& [content, text] : cases) {
        write(content);
        const result<secret> got = secret::from_file(file);
        BOOST_TEST_REQUIRE(got);
        BOOST_TEST(got->expose() == text);
    }
}

BOOST_FIXTURE_TEST_CASE(a_file_that_others_may_touch_is_refused, folder)
{
    for (const mode_t bit : {0040u, 0020u, 0010u, 0004u, 0002u, 0001u}) {
        write(token, 0600u | bit);
        BOOST_TEST(reason(secret::from_file(file), file) ==
                   "is open to its group or to others; set its mode to 0600 or 0400");
    }
}

BOOST_FIXTURE_TEST_CASE(a_link_is_judged_by_what_it_leads_to, folder)
{
    write(token);
    const std::string link = (path / "link").string();
    BOOST_TEST_REQUIRE(::symlink(file.c_str(), link.c_str()) == 0);
    BOOST_TEST(secret::from_file(link));
    write(token, 0644);
    BOOST_TEST(reason(secret::from_file(link), link).starts_with("is open to"));
}

BOOST_FIXTURE_TEST_CASE(what_is_no_regular_file_is_refused_without_waiting, folder)
{
    BOOST_TEST_REQUIRE(::mkfifo(file.c_str(), 0600) == 0); // opening it would wait for a writer
    BOOST_TEST(reason(secret::from_file(file), file) == "is not a regular file");
    BOOST_TEST(reason(secret::from_file(path.string()), path.string()) == "is not a regular file");
    BOOST_TEST(reason(secret::from_file("/dev/null"), "/dev/null") == "is not a regular file");
}

BOOST_FIXTURE_TEST_CASE(nothing_is_not_a_secret, folder)
{
    for (const std::string_view nothing : {"", "\n", "\r\n"}) {
        write(nothing);
        BOOST_TEST(reason(secret::from_file(file), file) == "is empty");
    }
}

BOOST_FIXTURE_TEST_CASE(up_to_64_kib_are_read, folder)
{
    const std::string most(64 * 1024, 'x');
    write(most);
    const result<secret> got = secret::from_file(file);
    BOOST_TEST_REQUIRE(got);
    BOOST_TEST(got->expose() == most);
    for (const std::size_t more : {1u, 2u, 100'000u}) {
        write(most + std::string(more, '\n'));
        BOOST_TEST(reason(secret::from_file(file), file) == "is longer than 64 KiB, which no secret is");
    }
}

BOOST_FIXTURE_TEST_CASE(what_the_system_refuses_is_told_with_its_code, folder)
{
    const result<secret> missing = secret::from_file(file);
    BOOST_TEST(missing.error().cause == boost::system::errc::no_such_file_or_directory);
    BOOST_TEST(reason(missing, file) == "can't be opened: " + missing.error().cause.message());

    const std::string below = file + "/below";
    write(token);
    const result<secret> no_folder = secret::from_file(below);
    BOOST_TEST(no_folder.error().cause == boost::system::errc::not_a_directory);
    BOOST_TEST(reason(no_folder, below) == "can't be opened: " + no_folder.error().cause.message());

    BOOST_TEST(secret::from_file("").error().cause == boost::system::errc::no_such_file_or_directory);
}

BOOST_AUTO_TEST_CASE(a_file_that_fails_while_it_is_read_is_refused)
{
    // The first page of a program's memory, which it does not have. The file is regular, its size 0, its mode 0600.
    const result<secret> got = secret::from_file("/proc/self/mem");
    BOOST_TEST(got.error().cause.failed());
    BOOST_TEST(reason(got, "/proc/self/mem") == "can't be read: " + got.error().cause.message());
}

BOOST_FIXTURE_TEST_CASE(a_name_with_a_nul_is_not_cut_short, folder)
{
    write(token);
    const std::string name = file + std::string("\0.txt", 5);
    BOOST_TEST(reason(secret::from_file(name), name) == "has a NUL character in its name");
}

BOOST_FIXTURE_TEST_CASE(no_file_stays_open, folder)
{
    const std::size_t before = open_files();
    write(token);
    BOOST_TEST(secret::from_file(file));
    write("");
    BOOST_TEST(!secret::from_file(file).has_value());
    write(token, 0644);
    BOOST_TEST(!secret::from_file(file).has_value());
    BOOST_TEST(!secret::from_file(path.string()).has_value());
    BOOST_TEST(open_files() == before);
}

BOOST_FIXTURE_TEST_CASE(reading_leaves_nothing_in_memory, folder)
{
    write(std::string{token} + "\n");
    set_variable(token.data());
    const watch memory;
    BOOST_TEST(secret::from_file(file));
    BOOST_TEST(secret::from_environment(variable));
    BOOST_TEST(memory.leaked() == 0);
}

BOOST_FIXTURE_TEST_CASE(a_file_that_is_too_long_leaves_nothing_in_memory, folder)
{
    write(std::string{token} + std::string(64 * 1024, 'x'));
    const watch memory;
    BOOST_TEST(!secret::from_file(file).has_value());
    BOOST_TEST(memory.leaked() == 0);
}

BOOST_FIXTURE_TEST_CASE(a_variable_is_read_as_it_is, folder)
{
    set_variable(" a token\n");
    const result<secret> got = secret::from_environment(variable);
    BOOST_TEST_REQUIRE(got);
    BOOST_TEST(got->expose() == " a token\n");
}

BOOST_FIXTURE_TEST_CASE(a_variable_that_is_not_set_or_empty_is_named, folder)
{
    const std::string advice = " in the environment: give it its value and export it";
    BOOST_TEST(secret::from_environment(variable).error().detail == variable + std::string(" is not set") + advice);
    set_variable("");
    BOOST_TEST(secret::from_environment(variable).error().detail == variable + std::string(" is empty") + advice);
}

BOOST_AUTO_TEST_CASE(credentials_come_from_the_variable_of_the_service)
{
    const environment_variable key("VENICE_API_KEY");
    key.set("of-the-account");
    const result<credentials> got = credentials::from_environment();
    BOOST_TEST_REQUIRE(got);
    BOOST_TEST(got->token().expose() == "of-the-account");
}

BOOST_AUTO_TEST_CASE(credentials_need_a_variable_that_is_set_and_not_empty)
{
    const environment_variable key("VENICE_API_KEY");
    for (const char* const text : {static_cast<const char*>(nullptr), ""}) {
        key.set(text);
        const result<credentials> got = credentials::from_environment();
        BOOST_TEST_REQUIRE(!got);
        BOOST_TEST((got.error() == secret::from_environment("VENICE_API_KEY").error()));
        BOOST_TEST(got.error().detail.starts_with("VENICE_API_KEY"));
    }
}

BOOST_AUTO_TEST_CASE(credentials_that_are_no_token_are_refused_by_the_name_of_the_variable)
{
    const environment_variable key("VENICE_API_KEY");
    const auto fault_of = [&key](const char* text) {
        key.set(text);
        const result<credentials> got = credentials::from_environment();
        return got ? "accepted" : got.error().detail;
    };
    BOOST_TEST(fault_of("s3cret\n") == "VENICE_API_KEY: the token ends with a line feed (U+000A); cut it off");
    BOOST_TEST(fault_of("Bearer s3cret") ==
               "VENICE_API_KEY: the token begins with `Bearer `; leave that out, because the client adds it");
    BOOST_TEST(fault_of("'s3cret'") == "VENICE_API_KEY: the token is in quotation marks; leave them out");
}

BOOST_AUTO_TEST_CASE(a_variable_needs_a_name)
{
    BOOST_TEST(reason(secret::from_environment(""), "environment variable") == "has no name");
    BOOST_TEST(reason(secret::from_environment(nullptr), "environment variable") == "has no name");
}

BOOST_AUTO_TEST_SUITE_END()
