// A text that the table does not show is found here.
#include "messages/literals.hpp"
#include "messages/programs.hpp"
#include "messages/table.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(messages_literals_test)

namespace {

using messages::literals_in;
using messages::prose_in;

// What is not in the table, and why. An empty text stands for the whole file.
struct exception {
    std::string_view file;
    std::string_view text;
    std::string_view why;
};

constexpr std::string_view of_the_service = "the emulator answers as the service does: these are the service's words";
constexpr std::string_view protocol = "it goes over the wire, or is compared with what comes from there";
constexpr std::string_view assertion = "a mistake in the program that asks, which an assertion finds";
constexpr std::string_view verdict = "nobody sees it unless the library or the emulator is at fault; "
                                     "test/integration/examples/demo_check.cpp shows each";
constexpr std::string_view success = "it is what a program shows when all is well";
constexpr std::string_view of_the_compiler = "a compiler says it: test/compile/optional.cpp";
constexpr exception exceptions[] = {
    {"include/venice_keys/field.hpp", "An empty std::optional", of_the_compiler},
    {"include/venice_keys/key_update.hpp", "An empty std::optional", of_the_compiler},
    {"lib/wire/request_head.cpp", "", protocol},
    {"lib/net/connect_request.cpp", "", protocol},
    {"lib/emulator/resource.cpp", "", of_the_service},
    {"lib/emulator/resource_routes.cpp", "", of_the_service},
    {"lib/emulator/validation.cpp", "", of_the_service},
    {"lib/codec/decode_refusal.cpp", "", protocol},
    {"tools/demo_terminal.cpp", "", success},
    {"tools/demo.cpp", "", success},
    {"tools/demo_check.cpp", "", verdict},
    {"include/venice_keys/detail/result_state.hpp", "", assertion},
    {"include/venice_keys/detail/result_steps.hpp", "", assertion},
    {"include/venice_keys/result.hpp", "a result that holds", assertion},
    {"lib/model/unfit_character.cpp", "a", "a character, of which the table has some"},
    {"lib/model/stream_observer.cpp", " venice_keys ", success},
    {"lib/model/yes_or_no.cpp", "not told", "a value of its own, and no failure"},
    {"lib/net/tls_stream.cpp", "venice-keys socket", "a name for OpenSSL, which it does not show"},
    {"lib/emulator/service.cpp", "", of_the_service},
    {"lib/emulator/reply.cpp", "", of_the_service},
    {"lib/emulator/reply_body.cpp", "", of_the_service},
    {"lib/emulator/web3.cpp", "", of_the_service},
    {"lib/emulator/dates.cpp", "", protocol},
    {"tools/arguments.hpp", "it is missing, and has no default", "only programs of bench/ have such an option"},
};

std::string contents(const std::filesystem::path& file)
{
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string_view line_of(std::string_view text, int number)
{
    while (--number != 0)
        text.remove_prefix(text.find('\n') + 1);
    return text.substr(0, text.find('\n'));
}

} // namespace

BOOST_AUTO_TEST_CASE(every_text_of_the_sources_is_in_the_table)
{
    std::string known;
    for (const messages::section& each : messages::all_messages().sections())
        for (const messages::row& one : each.rows)
            known += messages::with_single_blanks(one.text) + " \n";
    known += messages::with_single_blanks(messages::help_of_all_programs());

    const std::filesystem::path root = VENICE_KEYS_SOURCE_DIR;
    std::set<const exception*> used;
    for (const char* const folder : {"include", "lib", "tools", "docs/examples"}) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
            if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp")
                continue;
            const std::string file = std::filesystem::relative(entry.path(), root).string();
            const std::string source = contents(entry.path());
            for (const messages::literal& each : literals_in(source)) {
                // An example's standard output says what it has done, which is no failure, and what a server of the
                // examples answers is for its own clients.
                const std::string_view line = line_of(source, each.line);
                if (file.starts_with("docs/examples/") && line.find("cerr") == std::string_view::npos &&
                    line.find("complain(") == std::string_view::npos)
                    continue;
                for (const std::string& part : prose_in(each.text)) {
                    if (known.find(part) != std::string::npos)
                        continue;
                    const auto* const excuse = std::ranges::find_if(exceptions, [&](const exception& one) {
                        return one.file == file && (one.text.empty() || part.find(one.text) != std::string::npos);
                    });
                    if (excuse != std::end(exceptions))
                        used.insert(excuse);
                    else
                        BOOST_ERROR(
                            file << ":" << each.line << ": '" << part
                                 << "' is in no text of the table: provoke it in test/messages, and look at how "
                                    "it reads");
                }
            }
        }
    }
    for (const exception& one : exceptions)
        if (std::filesystem::exists(root / one.file))
            BOOST_TEST(used.contains(&one), one.file << " needs no exception any more for '" << one.text << "'");
}

BOOST_AUTO_TEST_CASE(what_an_example_complains_of_begins_with_its_name)
{
    constexpr std::string_view begin = "std::cerr << ";
    const std::filesystem::path folder = std::filesystem::path(VENICE_KEYS_SOURCE_DIR) / "docs/examples";
    std::size_t seen = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        const std::filesystem::path& file = entry.path();
        if (file.extension() != ".cpp")
            continue;
        const std::string stem = file.stem() == "main" ? file.parent_path().filename().string() : file.stem().string();
        const std::string source = contents(file);
        for (std::size_t at = 0; (at = source.find(begin, at)) != std::string::npos; ++seen) {
            at += begin.size();
            const std::string_view said = std::string_view(source).substr(at, source.find('\n', at) - at);
            BOOST_TEST(said.starts_with('"' + stem + ": "), file.filename().string() << " says " << said);
        }
    }
    BOOST_TEST(seen > 30U);
}

BOOST_AUTO_TEST_CASE(literals_are_found_where_there_are_any)
{
    const auto texts = [](std::string_view source) {
        std::string all;
        for (const auto& each : literals_in(source))
            all += std::to_string(each.line) + ":" + each.text + "|";
        return all;
    };
    BOOST_TEST(texts("f(\"a b\"\n  \"c\"); // \"d\"\n/* \"e\" */ g('\"', \"f\\\"\\n\\u2026\");") == "1:a bc|3:f\"\n…|");
    BOOST_TEST(texts("#include \"x.hpp\"\nint i = 1'000; auto s = R\"(a \"b\")\";") == "2:a \"b\"|");
}

BOOST_AUTO_TEST_CASE(prose_has_words_and_blanks)
{
    const auto parts = [](std::string_view text) {
        std::string all;
        for (const std::string& each : prose_in(text))
            all += "[" + each + "]";
        return all;
    };
    BOOST_TEST(parts("the file {} can't be read: {:>5}") == "[the file ][ can't be read: ]");
    BOOST_TEST(parts("is \n  empty") == "[is empty]");
    BOOST_TEST(parts(" failed") == "[ failed]");
    for (const char* const text : {"PATCH", "x-ratelimit-remaining", " \t", "; ", "A B", "{}", "update_one: "})
        BOOST_TEST(parts(text) == "", text);
}

BOOST_AUTO_TEST_SUITE_END()
