// What the programs say of their arguments and of their failures.
#include "messages/programs.hpp"
#include "integration/examples/child.hpp"
#include "integration/examples/service.hpp"
#include "messages/stage.hpp"
#include "messages/table.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <vector>

namespace messages {

namespace {

using integration::child;
using words = std::vector<std::string>;

// The names of the programs, and where they are.
const std::map<std::string, std::string>& programs()
{
    static const std::map<std::string, std::string> all = [] {
        std::map<std::string, std::string> found;
        for (const char* const name :
             {"accounts", "all_operations", "callback", "cancellation", "create_once", "future", "graceful_shutdown",
              "nightly_limits", "observed", "server", "update_many", "update_one", "wallet"})
            found[name] = integration::path_of(name);
#ifdef VENICE_KEYS_DEMO
        found["venice-keys-demo"] = VENICE_KEYS_DEMO;
        found["venice-keys-emulator"] = VENICE_KEYS_EMULATOR;
#endif
        return found;
    }();
    return all;
}

// Nothing that this machine has set may change what is said.
const child::variables environment{{"VENICE_API_KEY", "s3cret"}, {"VENICE_BASE_URL", "https://127.0.0.1:1"},
                                   {"VENICE_CA_FILE", ""},       {"https_proxy", ""},
                                   {"HTTPS_PROXY", ""},          {"LC_ALL", "C"}};

struct run {
    std::string said;
    int status = 0;
};

run run_of(const std::string& program, words arguments, const child::variables& with, const std::string& input = {})
{
    child::variables all = with;
    for (const auto& [name, value] : environment)
        if (std::ranges::find(with, name, &child::variables::value_type::first) == with.end())
            all.emplace_back(name, value);
    child one{programs().at(program), std::move(arguments), all, input};
    run ended{one.read_all(), 0};
    while (ended.said.ends_with('\n'))
        ended.said.pop_back();
    ended.status = one.wait();
    return ended;
}

class programs_table {
public:
    explicit programs_table(table& all) : all_(all) {}

    void add(const std::string& program, const words& arguments, std::string what, const std::string& input = {},
             const child::variables& with = {})
    {
        const run ended = run_of(program, arguments, with, input);
        std::string when = "`" + program;
        for (const std::string& each : arguments)
            when += each.empty() ? " ''" : " " + (each.find('\n') == std::string::npos ? each : "$'a\\nb'");
        all_.add(when + "`", "exit " + std::to_string(ended.status), ended.said, std::move(what));
    }

private:
    table& all_;
};

// What the larger examples say of their own data. They end with other numbers where their first lines say so.
void add_own_data(table& all, programs_table& of)
{
    integration::service venice(1);
    const auto path = std::filesystem::temp_directory_path() / ("venice_keys_limits_" + std::to_string(::getpid()));
    all.call(path.string(), "limits.csv");
    const auto nightly = [&](const std::string& lines, std::string what) {
        std::ofstream(path) << lines;
        of.add("nightly_limits", {path.string()}, std::move(what), {}, venice.environment());
    };
    nightly("key-1,5\nnothing else\nkey-2,five\nkey-1,6\n,7\n", "mend the lines; nothing was changed");
    nightly("", "see whether it is the right file");
    nightly("key-1,5\n", "take the line out, or see why the key is gone");
    of.add("create_once", {"tenant-42", path.string()}, "give the name of a new file", {}, venice.environment());
    std::filesystem::remove(path);
    all.add("`nightly_limits limits.csv`", "exit 1", "nightly_limits: stopped after 10 failures",
            "see what the lines before it say");
    all.add("`create_once tenant-42 secret`", "exit 0", "create_once: deleting KEY-ID, whose secret was lost",
            "nothing: another key is made");
    all.add(
        "`create_once tenant-42 secret`", "exit 1",
        "create_once: look for keys described 'tenant-42 #0123456789abcdef': forbidden (HTTP 403); answered after 1 "
        "attempt",
        "delete what [has no secret](unknown-creations.md)");
    all.add("`all_operations`", "exit 1", "all_operations: there may be a key that nobody has the secret of",
            "delete what [has no secret](unknown-creations.md)");
    all.add("`all_operations`", "exit 0", "all_operations: the deletion is in effect", "nothing");
    all.add("`graceful_shutdown 8080 20`", "exit 3", "graceful_shutdown: left: KEY-ID: not begun",
            "send the line again");
}

} // namespace

std::string help_of_all_programs()
{
    std::string all;
    for (const auto& [name, path] : programs())
        all += run_of(name, {"--help"}, {}).said + "\n";
    return all;
}

void add_programs(table& all)
{
    programs_table of(all);
    all.begin("The examples", "They end with 2 if their arguments are wrong, before anything starts, and with 1 if "
                              "something failed. `--help` says what they take.");
    of.add("update_many", {"5USD"}, "give a number");
    of.add("update_many", {"5"}, "give the ids on standard input");
    of.add("update_one", {}, "give the id of a key");
    of.add("update_one", {""}, "give the id of a key");
    of.add("update_one", {"a\nb"}, "give the id without its line end");
    of.add("callback", {"a", "b"}, "give one id");
    of.add("future", {}, "give ids of keys");
    of.add("all_operations", {"surplus", "words"}, "leave them out");
    of.add("wallet", {"0x12"}, "give an address");
    of.add("server", {"70000"}, "give a port");
    of.add("update_one", {"key-1"}, "mend the variable", {}, {{"VENICE_API_KEY", ""}});
    of.add("update_one", {"key-1"}, "mend the variable", {}, {{"VENICE_BASE_URL", "https://127.0.0.1:1/api/v1\n"}});
    of.add("update_one", {"key-1"}, "mend the variable", {}, {{"VENICE_API_KEY", "Bearer s3cret"}});
    of.add("update_one", {"key-1"}, "mend the variable", {}, {{"VENICE_CA_FILE", "/no/such/ca.pem"}});
    add_own_data(all, of);
    stage on;
    all.call(":" + std::to_string(on.emulator.port()), ":8443");
    all.call("--port " + std::to_string(on.emulator.port()), "--port 8443");
    all.call("server " + std::to_string(on.emulator.port()), "server 8443");
    of.add("server", {std::to_string(on.emulator.port())}, "give another port");
    all.add("many connections to `server 8443`", "none",
            "server: cannot accept a connection: Too many open files; trying again",
            "raise the limit (`ulimit -n`); the tests of the examples show it");
#ifdef VENICE_KEYS_DEMO
    all.begin("The tools", "They end with 2 if their arguments are wrong, and with 1 if they fail.");
    const std::string token = "--print-token";
    of.add("venice-keys-demo", {"--keys", "0"}, "give a number in the range");
    of.add("venice-keys-demo", {"--keys"}, "give a number");
    of.add("venice-keys-demo", {"surplus"}, "leave it out");
    of.add("venice-keys-demo", {"--token=s3cret"}, "see `--help`");
    of.add("venice-keys-emulator", {}, "say who may know the token");
    of.add("venice-keys-emulator", {token, "--print-token=s3cret"}, "leave the value out");
    of.add("venice-keys-emulator", {token, "--address", "localhost"}, "give an address");
    of.add("venice-keys-emulator", {token, "--protocol", "h3"}, "give one of these");
    of.add("venice-keys-emulator", {token, "--service-time", "soon"}, "give a time");
    of.add("venice-keys-emulator", {token, "--unknown-key-status", "402"}, "give one of the two");
    of.add("venice-keys-emulator", {token, "--certificate", "cert.pem"}, "give both");
    of.add("venice-keys-emulator", {token, "--certificate", "c.pem", "--private-key", "k.pem", "--ca-file", "ca.pem"},
           "leave `--ca-file` out");
    of.add("venice-keys-emulator", {token, "--ca-file", ""}, "give a path");
    of.add("venice-keys-emulator", {token, "--fault", "burn"}, "see `--help`");
    of.add("venice-keys-emulator", {token}, "mend the variable", {}, {{"VENICE_KEYS_EMULATOR_TOKEN", "Bearer s3cret"}});
    of.add("venice-keys-emulator", {token}, "mend the variable", {}, {{"VENICE_KEYS_EMULATOR_TOKEN", ""}});
    of.add("venice-keys-emulator", {"--token-file", "/no/such/token"}, "give a path that can be written");
    of.add("venice-keys-emulator", {"--token-file", "/"}, "give the path of a file");
    of.add("venice-keys-emulator", {token, "--ca-file", "/no/such/ca.pem"}, "give a path that can be written");
    const std::string taken = std::to_string(on.emulator.port());
    of.add("venice-keys-emulator", {token, "--port", taken}, "give another port");
    of.add("venice-keys-emulator", {token, "--port", taken, "--http-port", "0"}, "give another port");
#endif
}

} // namespace messages
