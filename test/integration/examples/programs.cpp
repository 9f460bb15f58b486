// Runs each program of docs/examples against the emulator, as a user would: the service and the token in the
// environment.
#include "integration/examples/child.hpp"
#include "integration/examples/service.hpp"
#include "support/printing.hpp"

#include <venice_keys/emulator.hpp>

#include <filesystem>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(integration_examples_programs)

namespace {

namespace vk = venice_keys;
using integration::ask;
using integration::child;
using integration::path_of;
using integration::service;
using integration::token_file;

std::string put_limit(const std::string& id, const std::string& limit)
{
    return "PUT /keys/" + id + "/limit HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " +
           std::to_string(limit.size()) + "\r\n\r\n" + limit;
}

} // namespace

BOOST_AUTO_TEST_CASE(update_one_sets_every_field_that_it_names)
{
    service venice{2};
    child example{path_of("update_one"), {venice.key(1).id}, venice.environment()};
    BOOST_TEST(example.read_all() == venice.key(1).id + ": 50 USD\n");
    BOOST_TEST(example.wait() == 0);

    const vk::api_key key = venice.key(1);
    BOOST_TEST(key.limits.usd == 50.0);
    BOOST_TEST(!key.limits.diem.has_value());
    BOOST_TEST(key.limit_period == vk::limit_period::month);
    BOOST_TEST(key.description == "tenant 42");
    BOOST_TEST(!key.expires_at.has_value());
    BOOST_TEST(venice.emulator().journal().size() == 1U);
}

BOOST_AUTO_TEST_CASE(update_one_says_why_it_failed)
{
    service venice{1};
    child example{path_of("update_one"), {"no-such-key"}, venice.environment()};
    const std::string said = example.read_all();
    BOOST_TEST(said.starts_with("update_one: not found (HTTP 400): the account has no active key with the id "
                                "'no-such-key'; list_keys gives the ids; "),
               said);
    BOOST_TEST(example.wait() == 1);
}

BOOST_AUTO_TEST_CASE(an_example_without_a_token_says_so)
{
    service venice{1};
    child example{"/usr/bin/env", {"-u", "VENICE_API_KEY", path_of("update_one"), venice.key(0).id}, {}};
    const std::string said = example.read_all();
    BOOST_TEST(said == "update_one: invalid argument: VENICE_API_KEY is not set in the environment: give it its value "
                       "and export it\n");
    BOOST_TEST(example.wait() == 1);
}

BOOST_AUTO_TEST_CASE(an_example_reads_its_proxy_out_of_the_environment)
{
    service venice{1};
    child::variables variables = venice.environment();
    variables.emplace_back("https_proxy", "socks5://alice:s3cret@localhost:1080");
    child wrong{path_of("update_one"), {venice.key(0).id}, variables};
    const std::string said = wrong.read_all();
    BOOST_TEST(said.find("https_proxy: begins with socks5://, not with http:// or https://") != std::string::npos,
               said);
    BOOST_TEST(said.find("s3cret") == std::string::npos, said);
    BOOST_TEST(wrong.wait() == 1);

    variables.back().second = "http://127.0.0.1:9"; // nobody is there, and nobody is asked: no_proxy is `*`
    child direct{path_of("update_one"), {venice.key(0).id}, variables};
    BOOST_TEST(direct.read_all() == venice.key(0).id + ": 50 USD\n");
    BOOST_TEST(direct.wait() == 0);
}

BOOST_AUTO_TEST_CASE(update_many_updates_each_key_of_its_input)
{
    service venice{50};
    std::string ids;
    for (const vk::api_key& key : venice.emulator().keys())
        ids += key.id + "\n";
    child example{path_of("update_many"), {"12.5"}, venice.environment(), ids};
    BOOST_TEST(example.read_all() == "50 of 50 keys updated\n");
    BOOST_TEST(example.wait() == 0);
    for (const vk::api_key& key : venice.emulator().keys())
        BOOST_TEST(key.limits.usd == 12.5);
}

BOOST_AUTO_TEST_CASE(list_keys_prints_the_ids_that_update_many_reads)
{
    service venice{3};
    child list{path_of("list_keys"), {}, venice.environment()};
    const std::string ids = list.read_all();
    BOOST_TEST(list.wait() == 0);
    child update{path_of("update_many"), {"50"}, venice.environment(), ids};
    BOOST_TEST(update.read_all() == "3 of 3 keys updated\n");
    BOOST_TEST(update.wait() == 0);
}

BOOST_AUTO_TEST_CASE(update_many_starts_no_more_after_a_refusal)
{
    service venice{1};
    std::string ids;
    for (int i = 0; i != 500; ++i)
        ids += "no-such-key-" + std::to_string(i) + "\n";
    child example{path_of("update_many"), {"1"}, venice.environment(), ids};
    const std::string said = example.read_all();
    BOOST_TEST(said.find("no-such-key-0: not found (HTTP 400)") != std::string::npos, said);
    BOOST_TEST(said.find("no-such-key-499") == std::string::npos, said); // it was never pulled
    // The service tells that 50 may fail, and the client keeps four back.
    BOOST_TEST(said.find("\nupdate_many: stopped: 0 applied, 46 refused, 0 unknown, 18 not sent; ") !=
                   std::string::npos,
               said);
    BOOST_TEST(said.ends_with("0 of 500 keys updated\n"), said);
    BOOST_TEST(example.wait() == 1);
    BOOST_TEST(venice.emulator().stats().failures <= 46U);
    BOOST_TEST(venice.emulator().stats().lockouts == 0U);
}

BOOST_AUTO_TEST_CASE(a_key_is_made_read_and_deleted_and_its_secret_is_not_printed)
{
    service venice{2};
    child example{path_of("all_operations"), {}, venice.environment()};
    const std::string made = example.read_line().value_or("");
    BOOST_TEST(made.starts_with("made "), made);
    BOOST_TEST(made.ends_with(", its secret: [redacted]"), made);
    const std::string rest = example.read_all();
    BOOST_TEST(rest.starts_with("3 keys\ntenant 42: "), rest);
    BOOST_TEST(rest.find("\ndeleted\ntier ") != std::string::npos, rest);
    BOOST_TEST(rest.ends_with("\nexceeded 0 times\n"), rest);
    BOOST_TEST(example.wait() == 0);

    const std::vector<vk::journal_entry> journal = venice.emulator().journal();
    BOOST_TEST_REQUIRE(journal.size() == 2U);
    BOOST_TEST(journal[0].what == vk::journal_entry::change::created);
    BOOST_TEST(journal[1].what == vk::journal_entry::change::removed);
    BOOST_TEST(venice.emulator().keys().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_deletion_whose_answers_are_lost_is_confirmed)
{
    service venice{0};
    // The loss on the connection that has answered costs no attempt; then there are three.
    venice.emulator().add_fault(vk::fault::close().only_method("DELETE").times(4).applied(vk::fault::apply::before));
    child example{path_of("all_operations"), {}, venice.environment()};
    const std::string said = example.read_all();
    BOOST_TEST(said.find("connection lost") != std::string::npos, said);
    BOOST_TEST(said.find("\nall_operations: the deletion is in effect\n") != std::string::npos, said);
    BOOST_TEST(example.wait() == 0);
    BOOST_TEST(venice.emulator().keys().empty());
}

BOOST_AUTO_TEST_CASE(a_wallet_gets_a_key_for_its_signature_and_no_token_is_sent)
{
    service venice{0};
    child::variables environment = venice.environment();
    environment.erase(environment.begin()); // the token
    child example{path_of("wallet"), {"0x" + std::string(40, 'a')}, environment, "0x" + std::string(130, 'b') + "\n"};
    const std::string asked = example.read_line().value_or("");
    BOOST_TEST(asked.starts_with("sign "), asked);
    const std::string made = example.read_all();
    BOOST_TEST(made.starts_with("made "), made);
    BOOST_TEST(example.wait() == 0);
    BOOST_TEST_REQUIRE(venice.emulator().keys().size() == 1U);
    BOOST_TEST(made == "made " + venice.key(0).id + "\n");
    BOOST_TEST(venice.key(0).description == "from a wallet");
}

BOOST_AUTO_TEST_CASE(two_accounts_share_a_client_and_one_gets_a_new_token)
{
    service venice{2};
    const token_file wrong{"not-the-token"};
    const token_file right{venice.emulator().token()};
    child example{path_of("accounts"), {wrong.path(), right.path()}, venice.environment()};
    const std::string said = example.read_all();
    BOOST_TEST(said.starts_with("environment: 2 keys\nfile: authentication failed (HTTP 401)"), said);
    BOOST_TEST(said.ends_with("\nnew file: 2 keys\n"), said);
    BOOST_TEST(example.wait() == 0);
    BOOST_TEST(venice.emulator().stats().connections == 1U);
    BOOST_TEST(venice.emulator().stats().unauthorized == 1U);
}

BOOST_AUTO_TEST_CASE(a_token_file_that_others_may_read_is_refused)
{
    service venice{2};
    const token_file open_to_all{venice.emulator().token(), std::filesystem::perms::others_read};
    child example{path_of("accounts"), {open_to_all.path(), open_to_all.path()}, venice.environment()};
    const std::string said = example.read_all();
    BOOST_TEST(said.find("is open to its group or to others; set its mode to 0600 or 0400") != std::string::npos, said);
    BOOST_TEST(said.find(venice.emulator().token()) == std::string::npos);
    BOOST_TEST(example.wait() == 1);
}

BOOST_AUTO_TEST_CASE(what_happens_is_written_to_a_log_and_counted)
{
    service venice{1};
    venice.emulator().add_fault(vk::fault::answer(503).after(1));
    child example{path_of("observed"), {venice.key(0).id}, venice.environment()};
    const std::string said = example.read_all();
    BOOST_TEST(example.wait() == 0);
    // The stream_observer, then the program's own.
    BOOST_TEST(said.find(" venice_keys connection_opened venice_keys.connection.number=1 ") != std::string::npos, said);
    BOOST_TEST(said.find(" venice_keys attempt_ended ") != std::string::npos, said);
    BOOST_TEST(said.find(" http.response.status_code=200 ") != std::string::npos, said);
    BOOST_TEST(said.find("\n1 calls, 1 requests, 0 of them again; p50 ") != std::string::npos, said);
    BOOST_TEST(said.find("\nretry_scheduled venice_keys.call.number=1 http.request.method=PATCH ") != std::string::npos,
               said);
    BOOST_TEST(said.find(" error.type=unavailable http.response.status_code=503\n") != std::string::npos, said);
    BOOST_TEST(said.find("\n1 calls, 2 requests, 1 of them again; p50 ") != std::string::npos, said);
    BOOST_TEST(said.find(venice.emulator().token()) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_callback_runs_and_the_program_ends)
{
    service venice{1};
    child example{path_of("callback"), {venice.key(0).id}, venice.environment()};
    BOOST_TEST(example.read_all() == venice.key(0).id + ": set from a callback\n");
    BOOST_TEST(example.wait() == 0);
    BOOST_TEST(venice.key(0).description == "set from a callback");
}

BOOST_AUTO_TEST_CASE(the_futures_hold_the_keys)
{
    service venice{2};
    child example{path_of("future"), {venice.key(0).id, venice.key(1).id}, venice.environment()};
    BOOST_TEST(example.read_all() ==
               venice.key(0).id + ": set from a future\n" + venice.key(1).id + ": set from a future\n");
    BOOST_TEST(example.wait() == 0);
    BOOST_TEST(venice.key(1).description == "set from a future");
}

BOOST_AUTO_TEST_CASE(a_future_that_throws_leaves_no_thread_behind)
{
    service venice{1};
    child example{path_of("future"), {"no-such-key", venice.key(0).id}, venice.environment()};
    const std::string said = example.read_all();
    BOOST_TEST(said.starts_with("future: not found (HTTP 400)"), said);
    BOOST_TEST(example.wait() == 1); // 134 if the thread had not been joined
}

BOOST_AUTO_TEST_CASE(a_cancelled_update_is_not_sent_and_the_others_are_applied)
{
    service venice{1};
    child example{path_of("cancellation"), {venice.key(0).id}, venice.environment()};
    const std::string first = example.read_line().value_or("");
    BOOST_TEST(first.starts_with("slot: cancelled: the call was waiting for a connection"), first);
    BOOST_TEST(first.ends_with("; not sent"), first);
    BOOST_TEST(example.read_all() == "deadline: within 5 s\n"
                                     "operator: before the timer\n"
                                     "group: first of a group\n");
    BOOST_TEST(example.wait() == 0);
    std::vector<std::string> applied;
    for (const vk::journal_entry& entry : venice.emulator().journal())
        applied.push_back(entry.key.description);
    const std::vector<std::string> expected{"within 5 s", "before the timer", "first of a group"};
    BOOST_TEST(applied == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_server_changes_the_key_that_a_request_names)
{
    service venice{2};
    child example{path_of("server"), {"0"}, venice.environment()};
    const std::string greeting = example.read_line().value_or("");
    const std::string before = "listening on 127.0.0.1:";
    BOOST_REQUIRE(greeting.starts_with(before));
    const auto port = static_cast<std::uint16_t>(std::stoul(greeting.substr(before.size())));

    const std::string changed = ask(port, put_limit(venice.key(1).id, "75.5"));
    BOOST_TEST(changed.starts_with("HTTP/1.1 200 "), changed);
    BOOST_TEST(venice.key(1).limits.usd == 75.5);
    BOOST_TEST(!venice.key(0).limits.usd.has_value());

    BOOST_TEST(ask(port, put_limit(venice.key(1).id, "much")).starts_with("HTTP/1.1 400 "));
    BOOST_TEST(ask(port, put_limit(venice.key(1).id, "-1")).starts_with("HTTP/1.1 400 "));
    BOOST_TEST(ask(port, put_limit("no-such-key", "1")).starts_with("HTTP/1.1 404 "));
    BOOST_TEST(venice.key(1).limits.usd == 75.5);

    example.terminate();
    static_cast<void>(example.read_all());
    BOOST_TEST(example.wait() == 0);
}

BOOST_AUTO_TEST_CASE(wrong_arguments_are_named_before_anything_starts)
{
    struct use {
        std::string program;
        std::vector<std::string> arguments;
        std::string complaint;
    };
    const std::string no_number = "' is not a number from 0 to ";
    const std::vector<use> uses{
        {"update_many", {"x"}, "update_many: USD: 'x" + no_number + "9999999999\n"},
        {"update_many", {"-1"}, "update_many: USD: '-1" + no_number + "9999999999\n"},
        {"update_many", {"nan"}, "update_many: USD: 'nan" + no_number + "9999999999\n"},
        {"update_many", {"1e10"}, "update_many: USD: '1e10" + no_number + "9999999999\n"},
        {"update_many", {"5USD"}, "update_many: USD: '5USD" + no_number + "9999999999\n"},
        {"update_many", {"1"}, "update_many: standard input: it has no line; give the ids of keys, one a line\n"},
        {"update_many", {}, "update_many: USD: it is missing\nusage: update_many USD\n"},
        {"list_keys", {"x"}, "list_keys: 1 argument too many\nusage: list_keys\n"},
        {"server", {"70000"}, "server: PORT: '70000" + no_number + "65535\n"},
        {"server", {"-1"}, "server: PORT: '-1" + no_number + "65535\n"},
        {"server", {""}, "server: PORT: '" + no_number + "65535\n"},
        {"update_one", {""}, "update_one: KEY-ID: it is empty\n"},
        {"observed", {"a\nb"}, "observed: KEY-ID: it has a control character, such as a line end\n"},
        {"callback", {"a", "b"}, "callback: 1 argument too many\nusage: callback KEY-ID\n"},
        {"cancellation", {}, "cancellation: KEY-ID: it is missing\nusage: cancellation KEY-ID\n"},
        {"future", {}, "future: KEY-ID...: it is missing\nusage: future KEY-ID...\n"},
        {"wallet", {"0x12"}, "wallet: ADDRESS: '0x12' is not 0x and 40 hexadecimal digits\n"},
        {"all_operations", {"x"}, "all_operations: 1 argument too many\nusage: all_operations\n"},
        {"create_once", {"tenant"}, "create_once: SECRET-FILE: it is missing\nusage: create_once NAME SECRET-FILE\n"},
        {"nightly_limits",
         {},
         "nightly_limits: FILE [--dry-run]: it is missing\nusage: nightly_limits FILE [--dry-run]\n"},
        {"nightly_limits",
         {"limits.csv", "--dry"},
         "nightly_limits: 1 argument too many\nusage: nightly_limits FILE [--dry-run]\n"},
        {"many_accounts", {}, "many_accounts: TOKEN-FOLDER: it is missing\nusage: many_accounts TOKEN-FOLDER\n"},
        {"metrics", {"x"}, "metrics: PORT: 'x" + no_number + "65535\n"},
        {"graceful_shutdown",
         {"x", "0"},
         "graceful_shutdown: PORT: 'x" + no_number +
             "65535\ngraceful_shutdown: DRAIN-SECONDS: '0' is not a number from 1 to 3600\n"},
        {"loop_per_thread",
         {"65", "x"},
         "loop_per_thread: THREADS: '65' is not a number from 1 to 64\nloop_per_thread: USD: 'x" + no_number +
             "9999999999\n"},
        {"accounts",
         {"", ""},
         "accounts: TOKEN-FILE: it is empty\n"
         "accounts: NEW-TOKEN-FILE: it is empty\n"},
    };
    for (const use& each : uses) {
        child example{path_of(each.program), each.arguments, {}};
        BOOST_TEST(example.read_all() == each.complaint);
        BOOST_TEST(example.wait() == 2);
    }
}

BOOST_AUTO_TEST_CASE(each_program_says_what_it_takes)
{
    for (const char* const program :
         {"update_one", "update_many", "all_operations", "wallet", "accounts", "observed", "callback", "future",
          "cancellation", "server", "list_keys", "create_once", "many_accounts", "nightly_limits", "metrics",
          "graceful_shutdown", "loop_per_thread"}) {
        child example{path_of(program), {"--help"}, {}};
        const std::string said = example.read_all();
        BOOST_TEST(said.starts_with("usage: " + std::string(program)), said);
        const std::string sentence = said.substr(said.find('\n') + 1, said.find("\n\n") - said.find('\n') - 1);
        BOOST_TEST(sentence.ends_with('.'), program << " does not say what it does: " << said);
        BOOST_TEST(said.find("VENICE_API_KEY") != std::string::npos, said);
        BOOST_TEST(example.wait() == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_is_told_in_plain_words)
{
    service venice{0};
    const std::string port = std::to_string(venice.emulator().port());
    for (const std::string program : {"server", "metrics", "graceful_shutdown"}) {
        std::vector<std::string> arguments{port};
        if (program == "graceful_shutdown")
            arguments.emplace_back("5");
        child example{path_of(program), arguments, venice.environment()};
        BOOST_TEST(example.read_all() == program + ": cannot listen on 127.0.0.1:" + port +
                                             ": Address already in use; give another PORT, or 0 for a free one\n");
        BOOST_TEST(example.wait() == 1);
    }
}

BOOST_AUTO_TEST_SUITE_END()
