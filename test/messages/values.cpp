// Values that are refused before anything is sent: of keys, calls, tokens.
#include "client/configure.hpp"
#include "client/requests.hpp"
#include "messages/stage.hpp"
#include "messages/table.hpp"

#include <venice_keys/bulk.hpp>
#include <venice_keys/confirmation.hpp>

#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

namespace messages {

namespace {

void add_fields(table& all)
{
    all.begin("Fields of a key",
              "The call ends at once, and nothing is sent. `error::detail` is the part behind `invalid argument: `.");
    const auto add = [&all](std::string when, const vk::result<void>& refused, std::string what) {
        all.add(std::move(when), refused.error(), std::move(what));
    };
    using vk::key_update;
    add("an id is empty", key_update{""}.usd(1).validate(), "give the id that `list_keys` gives");
    add("an id has a control character", key_update{"key-1\n"}.usd(1).validate(), "cut it off, where the id is read");
    add("an id has a blank at an end", key_update{" key-1"}.usd(1).validate(), "cut it off");
    add("an id is not UTF-8", key_update{"\xFF"}.usd(1).validate(), "see where the id comes from");
    add("an id is no name of a key", vk::detail::get_request::check(".."), "give the id that `list_keys` gives");
    add("the same", vk::detail::get_request::check("rate_limits"), "call `rate_limits()`");
    add("a limit is out of range", key_update{"key-1"}.usd(-5).validate(), "give a number in the range, or `clear`");
    add("a limit is no number", key_update{"key-1"}.diem(std::nan("")).validate(), "see how it is computed");
    add("a period has no text", key_update{"key-1"}.limit_period(vk::limit_period::other).validate(),
        "use one of the constants of `limit_period`");
    add("a description is too long", key_update{"key-1"}.description(std::string(65, 'x')).validate(), "shorten it");
    add("a description is not UTF-8", key_update{"key-1"}.description("\xFF").validate(), "convert it");
    add("an expiration can't be read", key_update{"key-1"}.expires_at("tomorrow").validate(),
        "write it so, or give a `time_point`");
    add("an expiration has no text", key_update{"key-1"}.expires_at(vk::timestamp::max()).validate(),
        "give a sensible time, or `clear`");
    add("an update has no field", key_update{"key-1"}.validate(), "set or clear one");
}

void add_options(table& all, stage& on)
{
    all.begin("Options of a call", "The call ends at once, and nothing is sent.");
    const vk::config usual;
    using std::chrono::milliseconds;
    all.add("a timeout is out of range",
            vk::detail::timeout_of(usual, vk::call_options{}.timeout(milliseconds{0})).error(),
            "give a time in the range");
    all.add("the time to confirm is out of range",
            vk::detail::timeout_of(usual, vk::call_options{}.confirm(milliseconds{-1})).error(),
            "give a time in the range");
    const auto bulk = [&](const vk::bulk_options& options,
                          const std::function<void(std::size_t, vk::result<vk::api_key>)>& sink) {
        return on.error_of<vk::bulk_summary>(on.settings(), on.who(), [&](vk::client& client, auto handler) {
            client.update_keys(std::vector<vk::key_update>{}, options, sink, std::move(handler));
        });
    };
    all.add("a bulk update has no room", bulk(vk::bulk_options{}.max_in_flight(0), [](std::size_t, const auto&) {}),
            "give a number in the range");
    all.add("a bulk update has nobody to tell", bulk({}, {}), "give a function");
}

void add_tokens(table& all, stage& on)
{
    all.begin("Tokens", "No text quotes the token: it may be a good one with one byte too many.");
    const auto add = [&](std::string when, std::string_view token, std::string what) {
        all.add(std::move(when),
                on.error_of(on.settings(), vk::credentials{vk::secret{token}},
                            [&](vk::client& client, auto handler) {
                                client.update_key(vk::key_update{"key-1"}.usd(1), std::move(handler));
                            }),
                std::move(what));
    };
    add("empty", "", "see whether the variable or the file is the right one");
    add("a line end behind it, as from `cat` or `echo`", "s3cret\n", "cut it off; `secret::from_file` does so");
    add("the same from a file of another system", "s3cret\r\n", "cut it off");
    add("a blank in front of it", " s3cret", "cut it off");
    add("a blank in it", "s3cret s3cret", "copy it again; it is one word");
    add("a header in place of the token", "Authorization: Bearer s3cret", "leave out all but the token");
    add("a scheme in front of it", "Bearer s3cret", "leave it out");
    add("quotation marks around it", "\"s3cret\"", "leave them out; in a shell they don't belong to the value");
    add("an assignment in place of its value", "VENICE_API_KEY=s3cret", "give what follows the `=`");
    add("something else", "<s3cret>", "copy the token again");

    const auto source = [&](std::string when, const vk::result<vk::secret>& got, std::string what) {
        all.add(std::move(when), got.error(), std::move(what));
    };
    ::unsetenv("VENICE_NO_SUCH_KEY"); // NOLINT(concurrency-mt-unsafe): one thread
    source("`from_environment` finds no variable", vk::secret::from_environment("VENICE_NO_SUCH_KEY"), "export it");
    ::setenv("VENICE_NO_SUCH_KEY", "", 1); // NOLINT(concurrency-mt-unsafe): one thread
    source("the variable is empty", vk::secret::from_environment("VENICE_NO_SUCH_KEY"), "export it");
    source("`from_environment` gets no name", vk::secret::from_environment(""), "give the name of a variable");
    const auto folder = std::filesystem::temp_directory_path() / ("venice_keys_messages_" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    all.call(folder.string(), "/etc/venice");
    const auto file = [&folder](const char* name, const std::string& text, unsigned mode) {
        const std::string path = folder / name;
        std::ofstream(path) << text;
        std::filesystem::permissions(path, std::filesystem::perms{mode});
        return path;
    };
    source("`from_file` finds no file", vk::secret::from_file(folder / "missing"), "see whether the path is right");
    source("it is no file", vk::secret::from_file(folder), "give the path of a file");
    source("others may read it", vk::secret::from_file(file("open", "s3cret", 0644)), "`chmod 600` it");
    source("it is empty", vk::secret::from_file(file("empty", "\n", 0600)), "write the token into it");
    source("it is far too long", vk::secret::from_file(file("long", std::string(70'000, 'x'), 0600)),
           "see whether the path is right");
    source("the path has a NUL", vk::secret::from_file(std::string("a\0b", 3)), "see where the path comes from");
    all.by_hand("the file system fails", vk::errc::invalid_argument,
                "/etc/venice/token: can't be read: Input/output error", "see to the file system");
    all.by_hand("the same", vk::errc::invalid_argument, "/etc/venice/token: can't be examined: Input/output error",
                "see to the file system");
    std::filesystem::remove_all(folder);
}

} // namespace

void add_values(table& all)
{
    stage on;
    add_fields(all);
    add_options(all, on);
    add_tokens(all, on);
}

void add_codes(table& all)
{
    all.begin(
        "The words of the codes",
        "What `error::code.message()` says, and what every message begins with. More words follow it in each of the "
        "tables above.");
    for (int code = 1; vk::error_category().message(code) != "unknown error"; ++code)
        all.add("the code alone", std::string(vk::name_of(static_cast<vk::errc>(code))),
                vk::error_category().message(code), "see [Errors](errors.md)");
    all.add("a number that is none of these codes", "unknown", vk::error_category().message(0), "use an `errc`");
    for (const vk::delivery each : {vk::delivery::not_sent, vk::delivery::answered, vk::delivery::sent_unanswered})
        all.add("how far the call got", "delivery", std::string(vk::to_string(each)),
                "see [promise 4](promises.md#4-every-error-says-how-far-it-got)");
    for (const auto each : {vk::confirmation::verdict::in_effect, vk::confirmation::verdict::differs,
                            vk::confirmation::verdict::unreadable})
        all.add("what reading a key back found", "confirmation", std::string(vk::to_string(each)),
                "see [Operations](operations.md#confirm)");
    vk::bulk_summary summary;
    summary.applied = 3;
    summary.unknown = 1;
    summary.first_error = vk::error(vk::errc::not_found);
    summary.first_error->delivery = vk::delivery::answered;
    std::ostringstream out;
    out << summary;
    all.add("the end of `update_keys`", "bulk_summary", out.str(), "look at the results that the sink got");
}

} // namespace messages
