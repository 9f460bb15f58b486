// The example of a nightly job: a file is checked before anything is sent, only what differs is sent, and a run can be
// repeated.
#include "integration/examples/child.hpp"
#include "integration/examples/service.hpp"
#include "support/printing.hpp"

#include <venice_keys/emulator.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

BOOST_AUTO_TEST_SUITE(integration_examples_nightly_limits)

namespace {

namespace vk = venice_keys;
using integration::child;
using integration::path_of;
using integration::service;

class limits_file {
public:
    explicit limits_file(const std::string& text)
        : path_(std::filesystem::temp_directory_path() / ("venice_keys_limits_" + std::to_string(::getpid())))
    {
        std::ofstream{path_} << text;
    }
    limits_file(const limits_file&) = delete;
    limits_file& operator=(const limits_file&) = delete;
    ~limits_file()
    {
        std::error_code ignored; // it may not have been written
        std::filesystem::remove(path_, ignored);
    }

    [[nodiscard]] std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

struct ending {
    std::string said;
    int status = 0;
};

ending run(service& venice, std::vector<std::string> arguments)
{
    child example{path_of("nightly_limits"), std::move(arguments), venice.environment()};
    ending end;
    end.said = example.read_all();
    end.status = example.wait();
    return end;
}

} // namespace

BOOST_AUTO_TEST_CASE(only_what_differs_is_sent_and_a_second_run_sends_nothing)
{
    service venice{4};
    const limits_file file{venice.key(0).id + ",5\n" + venice.key(1).id + ",\n" + venice.key(2).id + ",12.5\n"};
    const ending first = run(venice, {file.path()});
    BOOST_TEST(first.status == 0, first.said);
    BOOST_TEST(first.said.find("2 applied, 0 refused, 0 unknown, 0 not sent") != std::string::npos, first.said);
    BOOST_TEST(venice.key(0).limits.usd == 5.0);
    BOOST_TEST(!venice.key(1).limits.usd.has_value()); // as it was
    BOOST_TEST(venice.key(2).limits.usd == 12.5);
    BOOST_TEST(!venice.key(3).limits.usd.has_value()); // the file does not name it
    BOOST_TEST(venice.emulator().journal().size() == 2U);

    const ending second = run(venice, {file.path()});
    BOOST_TEST(second.status == 0, second.said);
    BOOST_TEST(venice.emulator().journal().size() == 2U);

    const limits_file lifted{venice.key(2).id + ",\n"}; // an empty amount removes the limit
    BOOST_TEST(run(venice, {lifted.path()}).status == 0);
    BOOST_TEST(!venice.key(2).limits.usd.has_value());
}

BOOST_AUTO_TEST_CASE(a_dry_run_tells_the_changes_and_makes_none)
{
    service venice{2};
    const limits_file before{venice.key(0).id + ",5\n"};
    BOOST_TEST(run(venice, {before.path()}).status == 0);
    const limits_file file{venice.key(0).id + ",1234567.5\n" + venice.key(1).id + ",\n"};
    const ending dry = run(venice, {file.path(), "--dry-run"});
    BOOST_TEST(dry.status == 0);
    BOOST_TEST(dry.said == venice.key(0).id + ": 5 USD -> 1234567.5 USD\n");
    BOOST_TEST(venice.key(0).limits.usd == 5.0);
    BOOST_TEST(venice.emulator().journal().size() == 1U);
}

BOOST_AUTO_TEST_CASE(each_wrong_line_is_named_and_nothing_is_sent)
{
    service venice{2};
    const std::string id = venice.key(0).id;
    const limits_file file{id + ",5\n" + "nothing else\n" + venice.key(1).id + ",five\n" + id + ",6\n,7\nx,-1\n"};
    const ending end = run(venice, {file.path()});
    const std::string at = "nightly_limits: " + file.path() + ":";
    BOOST_TEST(end.status == 2);
    BOOST_TEST(end.said.starts_with(at + "2: 'nothing else' is not KEY-ID,USD\n" + at +
                                    "3: 'five' is not a number of USD\n" + at + "4: key " + id +
                                    " is also in line 1\n" + at + "5: ',7': "),
               end.said);
    BOOST_TEST(end.said.find(at + "6: 'x,-1': ") != std::string::npos, end.said);
    BOOST_TEST(venice.emulator().stats().requests == 0U);

    const ending none = run(venice, {file.path() + ".gone"});
    BOOST_TEST(none.status == 2);
    BOOST_TEST(none.said == "nightly_limits: " + file.path() + ".gone: there is nothing to read\n");
    const limits_file empty{""};
    BOOST_TEST(run(venice, {empty.path()}).status == 2);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_gone_is_named_and_the_others_are_set)
{
    service venice{1};
    const limits_file file{"a-key-that-left,5\n" + venice.key(0).id + ",5\n"};
    const ending end = run(venice, {file.path()});
    BOOST_TEST(end.status == 1);
    BOOST_TEST(end.said.starts_with("nightly_limits: line 1: the account has no active key a-key-that-left\n"),
               end.said);
    BOOST_TEST(venice.key(0).limits.usd == 5.0);
    BOOST_TEST(venice.emulator().stats().failures == 0U); // the service was not asked for it
}

BOOST_AUTO_TEST_CASE(too_many_failures_stop_the_run_and_the_next_one_does_the_rest)
{
    service venice{200};
    std::string text;
    for (const vk::api_key& key : venice.emulator().keys())
        text += key.id + ",5\n";
    const limits_file file{text};
    venice.emulator().add_fault(vk::fault::answer(403).only_method("PATCH").after(20).times(10));
    const ending end = run(venice, {file.path()});
    BOOST_TEST(end.status == 1);
    BOOST_TEST(end.said.find("stopped after 10 failures\n") != std::string::npos, end.said);
    const std::size_t changed = venice.emulator().journal().size();
    BOOST_TEST(changed >= 20U);
    BOOST_TEST(changed < 190U); // the rest was not begun

    BOOST_TEST(run(venice, {file.path()}).status == 0);
    BOOST_TEST(venice.emulator().journal().size() == 200U); // each once
}

BOOST_AUTO_TEST_SUITE_END()
