// The example that makes a key: whatever becomes of the answers, one key is left, and somebody has its secret.
#include "integration/examples/child.hpp"
#include "integration/examples/service.hpp"
#include "support/printing.hpp"

#include <venice_keys/emulator.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <unistd.h>

BOOST_AUTO_TEST_SUITE(integration_examples_create_once)

namespace {

namespace vk = venice_keys;
using integration::child;
using integration::path_of;
using integration::service;
using change = vk::journal_entry::change;

// A path that nothing is at, and at the end nothing again.
class new_path {
public:
    new_path() : path_(std::filesystem::temp_directory_path() / ("venice_keys_made_" + std::to_string(::getpid())))
    {
        std::filesystem::remove(path_);
    }
    new_path(const new_path&) = delete;
    new_path& operator=(const new_path&) = delete;
    ~new_path()
    {
        std::error_code ignored; // it may not have been written
        std::filesystem::remove(path_, ignored);
    }

    [[nodiscard]] std::string text() const { return path_.string(); }
    [[nodiscard]] bool exists() const { return std::filesystem::exists(path_); }
    [[nodiscard]] std::string content() const
    {
        std::ifstream file{path_};
        return {std::istreambuf_iterator<char>{file}, {}};
    }

private:
    std::filesystem::path path_;
};

std::vector<change> changes(service& venice)
{
    std::vector<change> all;
    for (const vk::journal_entry& each : venice.emulator().journal())
        all.push_back(each.what);
    return all;
}

// What the example says when it makes a key, and ends with this status.
std::string made(const service& venice, const new_path& file, int status)
{
    child example{path_of("create_once"), {"tenant 42", file.text()}, venice.environment()};
    std::string said = example.read_all();
    BOOST_TEST(example.wait() == status, said);
    return said;
}

// What is left: one key, whose secret is in the file.
void check_one_key_is_left(service& venice, const new_path& file, const std::string& said)
{
    BOOST_TEST_REQUIRE(venice.emulator().keys().size() == 1U, said);
    const vk::api_key key = venice.key(0);
    BOOST_TEST(said.find("made " + key.id + ": " + key.description + "\n") != std::string::npos, said);
    BOOST_TEST(key.description.starts_with("tenant 42 #"), key.description);
    BOOST_TEST(key.description.size() == std::string{"tenant 42 #"}.size() + 16);
    const std::string secret = file.content();
    BOOST_TEST(secret.starts_with("VENICE_INFERENCE_KEY_"));
    BOOST_TEST(secret.ends_with(key.last6_chars)); // it is the secret of this key, and not of another
    BOOST_TEST(said.find(secret) == std::string::npos);
}

} // namespace

BOOST_AUTO_TEST_CASE(one_creation_that_is_answered_makes_one_key)
{
    service venice{0};
    const new_path file;
    const std::string said = made(venice, file, 0);
    check_one_key_is_left(venice, file, said);
    BOOST_TEST(venice.emulator().stats().requests == 1U); // nothing is looked for
    const auto mode = std::filesystem::status(file.text()).permissions();
    BOOST_TEST((mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)));
}

BOOST_AUTO_TEST_CASE(a_key_whose_secret_was_lost_is_deleted_and_another_made)
{
    service venice{0};
    venice.emulator().add_fault(vk::fault::close().only_method("POST").applied(vk::fault::apply::before));
    const new_path file;
    const std::string said = made(venice, file, 0);
    const std::vector<change> expected{change::created, change::removed, change::created};
    BOOST_TEST((changes(venice) == expected), said);
    check_one_key_is_left(venice, file, said);
}

BOOST_AUTO_TEST_CASE(a_creation_that_was_lost_on_its_way_is_made_once)
{
    service venice{0};
    venice.emulator().add_fault(vk::fault::close().only_method("POST").applied(vk::fault::apply::never));
    const new_path file;
    const std::string said = made(venice, file, 0);
    BOOST_TEST((changes(venice) == std::vector<change>{change::created}), said);
    check_one_key_is_left(venice, file, said);
}

BOOST_AUTO_TEST_CASE(a_creation_that_the_service_makes_after_its_loss_is_found_as_well)
{
    service venice{0};
    venice.emulator().add_fault(vk::fault::close().only_method("POST").applied(vk::fault::apply::late));
    const new_path file;
    const std::string said = made(venice, file, 0);
    const std::vector<change> expected{change::created, change::removed, change::created};
    BOOST_TEST((changes(venice) == expected), said);
    check_one_key_is_left(venice, file, said);
}

BOOST_AUTO_TEST_CASE(no_more_are_made_while_nobody_can_tell_how_many_there_are)
{
    service venice{0};
    venice.emulator().add_fault(vk::fault::close().only_method("POST").applied(vk::fault::apply::before));
    venice.emulator().add_fault(vk::fault::answer(403).only_method("GET"));
    const new_path file;
    const std::string said = made(venice, file, 1);
    BOOST_TEST_REQUIRE(venice.emulator().keys().size() == 1U, said);
    BOOST_TEST(said.find("create_once: look for keys described '" + venice.key(0).description + "': ") !=
                   std::string::npos,
               said);
    BOOST_TEST(!file.exists()); // nor is there a secret
}

BOOST_AUTO_TEST_CASE(no_key_is_made_when_its_secret_could_not_be_kept)
{
    service venice{0};
    const new_path file;
    std::ofstream{file.text()} << "another secret";
    const std::string said = made(venice, file, 1);
    BOOST_TEST(said == "create_once: " + file.text() + ": File exists\n");
    BOOST_TEST(venice.emulator().stats().requests == 0U);
    BOOST_TEST(file.content() == "another secret");
}

BOOST_AUTO_TEST_SUITE_END()
