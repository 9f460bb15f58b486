// The example of a server with many accounts: tokens are replaced while it runs, and one account's failure is its own.
#include "integration/examples/child.hpp"
#include "integration/examples/service.hpp"
#include "support/printing.hpp"

#include <venice_keys/emulator.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include <unistd.h>

BOOST_AUTO_TEST_SUITE(integration_examples_many_accounts)

namespace {

namespace vk = venice_keys;
using integration::child;
using integration::path_of;
using integration::service;

class token_folder {
public:
    token_folder()
        : path_(std::filesystem::temp_directory_path() / ("venice_keys_tokens_" + std::to_string(::getpid())))
    {
        std::filesystem::create_directory(path_);
    }
    token_folder(const token_folder&) = delete;
    token_folder& operator=(const token_folder&) = delete;
    ~token_folder()
    {
        std::error_code ignored; // it is in the system's folder for such things
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::string path() const { return path_.string(); }
    void put(const std::string& account, const std::string& token) const
    {
        using std::filesystem::perms;
        std::ofstream{path_ / account} << token << '\n';
        std::filesystem::permissions(path_ / account, perms::owner_read | perms::owner_write);
    }
    void open_to_all(const std::string& account) const
    {
        std::filesystem::permissions(path_ / account, std::filesystem::perms::all);
    }
    void remove(const std::string& account) const { std::filesystem::remove(path_ / account); }

private:
    std::filesystem::path path_;
};

// The next lines of the output, in any order.
std::set<std::string> lines(child& example, std::size_t count)
{
    std::set<std::string> all;
    for (; count != 0; --count)
        all.insert(example.read_line().value_or("the output has ended"));
    return all;
}

// Whether a line begins with one text and holds another.
bool some_line_says(const std::set<std::string>& all, const std::string& begin, const std::string& within)
{
    for (const std::string& line : all)
        if (line.starts_with(begin) && line.find(within) != std::string::npos)
            return true;
    return false;
}

std::string another_admin(service& venice)
{
    vk::api_key key;
    key.type = vk::key_type::admin;
    key.description = "another";
    return venice.emulator().add_key(key);
}

} // namespace

BOOST_AUTO_TEST_CASE(each_account_has_its_own_token_and_its_own_failure)
{
    service venice{1};
    const std::string second = another_admin(venice);
    const token_folder folder;
    folder.put("first", venice.emulator().token());
    folder.put("second", "not-a-token-of-the-service");
    folder.put("third", "nobody-reads-this");
    folder.open_to_all("third");
    folder.put(".hidden", "no account");
    child example{path_of("many_accounts"), {folder.path()}, venice.environment()};

    const std::set<std::string> at_first = lines(example, 3);
    BOOST_TEST(at_first.contains("first: 2 keys"));
    BOOST_TEST(some_line_says(at_first, "second: ", "401"));
    BOOST_TEST(some_line_says(at_first, "third: ", folder.path() + "/third"));

    // A new token for one that was refused; one account leaves, one comes; what can't be read changes nothing.
    folder.put("second", second);
    folder.remove("third");
    folder.put("fourth", second);
    folder.open_to_all("first");
    example.signal(SIGHUP);
    const std::set<std::string> then = lines(example, 4);
    BOOST_TEST(some_line_says(then, "first: ", folder.path() + "/first"));
    BOOST_TEST(then.contains("first: 2 keys")); // with the token that it had
    BOOST_TEST(then.contains("second: 2 keys"));
    BOOST_TEST(then.contains("fourth: 2 keys"));

    example.terminate();
    BOOST_TEST(example.read_all() == "");
    BOOST_TEST(example.wait() == 0);
    BOOST_TEST(venice.emulator().stats().connections == 1U); // which all of them share
    BOOST_TEST(venice.emulator().stats().unauthorized == 1U);
}

BOOST_AUTO_TEST_CASE(accounts_stay_when_their_folder_can_not_be_read)
{
    service venice{1};
    const token_folder folder;
    folder.put("only", venice.emulator().token());
    child example{path_of("many_accounts"), {folder.path()}, venice.environment()};
    BOOST_TEST(example.read_line().value_or("") == "only: 1 keys");

    std::filesystem::rename(folder.path(), folder.path() + ".away");
    example.signal(SIGHUP);
    const std::set<std::string> then = lines(example, 2);
    BOOST_TEST(then.contains(folder.path() + ": No such file or directory"));
    BOOST_TEST(then.contains("only: 1 keys"));
    std::filesystem::rename(folder.path() + ".away", folder.path());
    example.terminate();
    BOOST_TEST(example.read_all() == "");
    BOOST_TEST(example.wait() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
