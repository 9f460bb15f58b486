#include "structure/mirror.hpp"
#include "structure/source_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(structure_mirror_test)

namespace {

using structure::source_tree;
using structure::untwinned;

// Whoever adds a room writes its tests, and not a line here.
constexpr std::string_view for_connections = "integration/promise_09_connecting.cpp";
constexpr std::string_view for_emulator = "integration/emulator_serving.cpp";
constexpr std::string_view is_on_sockets = "it does nothing but wait for sockets";
constexpr std::string_view is_a_part = "it is a part of what is tested there, and has no meaning without it";
constexpr std::string_view is_values = "it holds what others put into it";
constexpr std::string_view is_in_a_client = "only a whole client uses it, and shows whether it works";
constexpr untwinned exceptions[] = {
    {"client/client", "unit/client/lifetime.cpp", is_in_a_client},
    {"client/core", "unit/client/promise_01_once.cpp", is_in_a_client},
    {"codec/key_shape", "unit/codec/decode_details.cpp", is_a_part},
    {"emulator/channel", for_emulator, is_on_sockets},
    {"emulator/connection", for_emulator, is_on_sockets},
    {"emulator/emulator", "integration/emulator.cpp", is_on_sockets},
    {"emulator/http1_server", for_emulator, is_on_sockets},
    {"emulator/http2_server", "integration/emulator_http2.cpp", is_on_sockets},
    {"emulator/http_server", for_emulator, is_on_sockets},
    {"emulator/listener", for_emulator, is_on_sockets},
    {"emulator/transport", for_emulator, is_on_sockets},
    {"model/same_build", "install", "a program that links another build is refused by the linker"},
    {"model/small_letter", "unit/model/key_id.cpp", is_a_part},
    {"net/attempt", for_connections, is_on_sockets},
    {"net/connector", "integration/racing.cpp", is_on_sockets},
    {"net/tls_channel", "integration/tls.cpp", is_on_sockets},
    {"net/tls_transport", "integration/tls.cpp", is_on_sockets},
    {"pool/call", "unit/pool/pool.cpp", is_values},
    {"pool/connection", "unit/pool/pool.cpp", is_values},
    {"pool/reporter", "unit/pool/observer.cpp", is_a_part},
    {"wire/slot", "unit/wire/conversation.cpp", is_values},
    {"wire/stream", "unit/wire/multiplex_requests.cpp", is_values},
};

std::string missing(const source_tree& source, std::span<const untwinned> allowed = {})
{
    return structure::to_text(structure::find_missing_twins(source.root(), allowed));
}

} // namespace

BOOST_AUTO_TEST_CASE(every_room_has_its_tests_beside_it)
{
    for (const auto& one : structure::find_missing_twins(VENICE_KEYS_SOURCE_DIR, exceptions))
        BOOST_ERROR(one.file << ": " << one.why);
}

BOOST_AUTO_TEST_CASE(every_exception_has_a_reason)
{
    for (const untwinned& each : exceptions)
        BOOST_TEST(!each.why.empty(), each.room);
}

BOOST_AUTO_TEST_CASE(a_twin_has_the_name_of_the_room)
{
    const source_tree source{{"lib/wire/part.hpp", "int f();\n"},
                             {"lib/wire/part.cpp", ""},
                             {"lib/wire/other.cpp", ""},
                             {"lib/pool/large.cpp", ""},
                             {"lib/model/secrets.cpp", ""},
                             {"lib/model/values.cpp", ""},
                             {"test/unit/wire/part.cpp", ""},
                             {"test/unit/wire/other_at_its_end.cpp", ""},
                             {"test/unit/pool/large/one_aspect.cpp", ""},
                             {"test/unit/model/promise_10_secrets.cpp", ""},
                             {"test/unit/model/promise_11_values.cpp", ""}};
    BOOST_TEST(missing(source) == "");
}

BOOST_AUTO_TEST_CASE(a_source_and_a_header_with_code_without_a_twin_are_found)
{
    const source_tree source{{"lib/wire/part.cpp", ""},
                             {"lib/wire/inline.hpp", "inline int f()\n{\n}\n"},
                             {"lib/wire/short.hpp", "struct it {\n    int f() { return 1; }\n};\n"},
                             {"test/unit/pool/part.cpp", ""},
                             {"test/unit/wire/parts.cpp", ""}};
    BOOST_TEST(missing(source) == "lib/wire/inline.hpp:0: there is no test/unit/wire/inline.cpp\n"
                                  "lib/wire/part.cpp:0: there is no test/unit/wire/part.cpp\n"
                                  "lib/wire/short.hpp:0: there is no test/unit/wire/short.cpp");
}

BOOST_AUTO_TEST_CASE(a_header_that_declares_and_no_more_needs_none)
{
    const source_tree source{{"lib/net/interface.hpp",
                              "class it {\npublic:\n    virtual ~it() = default;\n    virtual void f() = 0;\n};\n"}};
    BOOST_TEST(missing(source) == "");
}

BOOST_AUTO_TEST_CASE(the_sources_of_one_header_are_one_room)
{
    const source_tree source{{"lib/wire/part.hpp", ""},
                             {"lib/wire/part.cpp", ""},
                             {"lib/wire/part_of_it.cpp", ""},
                             {"lib/wire/partly.cpp", ""},
                             {"test/unit/wire/part.cpp", ""}};
    BOOST_TEST(missing(source) == "lib/wire/partly.cpp:0: there is no test/unit/wire/partly.cpp");
}

BOOST_AUTO_TEST_CASE(an_exception_passes_as_long_as_it_is_one)
{
    constexpr untwinned allowed[] = {{"wire/part", "unit/wire/whole.cpp", "it has no meaning alone"}};
    const source_tree without{{"lib/wire/part.cpp", ""}, {"test/unit/wire/whole.cpp", ""}};
    BOOST_TEST(missing(without, allowed) == "");
    const source_tree with{{"lib/wire/part.cpp", ""}, {"test/unit/wire/part.cpp", ""}};
    BOOST_TEST(missing(with, allowed) == "lib/wire/part:0: has a twin, or is gone, and is still an exception");
    const source_tree gone{{"lib/wire/other.hpp", ""}};
    BOOST_TEST(missing(gone, allowed) == "lib/wire/part:0: has a twin, or is gone, and is still an exception");
    const source_tree nowhere{{"lib/wire/part.cpp", ""}};
    BOOST_TEST(missing(nowhere, allowed) ==
               "lib/wire/part:0: test/unit/wire/whole.cpp, which is to test it, is not there");
}

BOOST_AUTO_TEST_SUITE_END()
