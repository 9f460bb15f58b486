#include "structure/layers.hpp"
#include "structure/source_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(structure_layering)

namespace {

using structure::source_tree;

std::string violations(const source_tree& source)
{
    return structure::to_text(structure::find_violations(source.root()));
}

} // namespace

BOOST_AUTO_TEST_CASE(no_layer_looks_upwards_or_outside)
{
    for (const auto& v : structure::find_violations(VENICE_KEYS_SOURCE_DIR))
        BOOST_ERROR(v.file << ":" << v.line << ": " << v.why);
}

BOOST_AUTO_TEST_CASE(what_the_table_allows_passes)
{
    const source_tree source{{"include/venice_keys/client.hpp", "#include <venice_keys/config.hpp>\n"
                                                                "#include <boost/asio/deferred.hpp>\n"},
                             {"lib/wire/parser.hpp", "#include <string>\n"},
                             {"lib/wire/parser.cpp", "#include \"wire/parser.hpp\"\n"
                                                     "#include \"parser.hpp\"\n"
                                                     "#include <boost/beast/http/basic_parser.hpp>\n"
                                                     "#include <boost/asio/buffer.hpp>\n"},
                             {"lib/session/session.hpp", "#include \"wire/parser.hpp\"\n"},
                             {"lib/client/client.cpp", "#include <venice_keys/client.hpp>\n"
                                                       "#include \"codec/encode.hpp\"\n"}};
    BOOST_TEST(violations(source) == "");
}

BOOST_AUTO_TEST_CASE(an_upward_include_is_found)
{
    const source_tree source{{"lib/wire/pipeline.cpp", "#include <vector>\n#include \"client/core.hpp\"\n"}};
    BOOST_TEST(violations(source) == "lib/wire/pipeline.cpp:2: \"client/core.hpp\" is not for lib/wire");
}

BOOST_AUTO_TEST_CASE(an_upward_include_by_a_relative_name_is_found)
{
    const source_tree source{{"lib/session/session.hpp", ""},
                             {"lib/wire/pipeline.hpp", "  #  include \"../session/session.hpp\" // why not\n"}};
    BOOST_TEST(violations(source) == "lib/wire/pipeline.hpp:1: \"../session/session.hpp\" is not for lib/wire");
}

BOOST_AUTO_TEST_CASE(a_sideways_include_is_found)
{
    const source_tree source{{"lib/policy/retry.cpp", "#include \"net/stream.hpp\"\n"},
                             {"lib/emulator/http.cpp", "#include \"wire/parser.hpp\"\n"},
                             {"tools/main.cpp", "#include \"client/core.hpp\"\n"}};
    BOOST_TEST(violations(source) == "lib/emulator/http.cpp:1: \"wire/parser.hpp\" is not for lib/emulator\n"
                                     "lib/policy/retry.cpp:1: \"net/stream.hpp\" is not for lib/policy\n"
                                     "tools/main.cpp:1: \"client/core.hpp\" is not for tools");
}

BOOST_AUTO_TEST_CASE(a_layer_that_names_a_public_header_above_it_is_found)
{
    const source_tree source{{"lib/pool/pool.cpp", "#include <venice_keys/client.hpp>\n"},
                             {"lib/emulator/emulator.cpp", "#include <venice_keys/client.hpp>\n"}};
    BOOST_TEST(violations(source) == "lib/emulator/emulator.cpp:1: <venice_keys/client.hpp> is not for lib/emulator\n"
                                     "lib/pool/pool.cpp:1: <venice_keys/client.hpp> is not for lib/pool");
}

BOOST_AUTO_TEST_CASE(a_library_that_a_layer_must_not_use_is_found)
{
    const source_tree source{{"lib/model/limits.cpp", "#include <boost/beast/http/field.hpp>\n"},
                             {"lib/policy/error_budget.cpp", "#include <boost/asio/steady_timer.hpp>\n"},
                             {"lib/wire/pipeline.cpp", "#include <boost/asio/steady_timer.hpp>\n"},
                             {"lib/wire/request.cpp", "#include <boost/beast/http/fields.hpp>\n"}};
    BOOST_TEST(violations(source) ==
               "lib/model/limits.cpp:1: <boost/beast/http/field.hpp> is not for lib/model\n"
               "lib/policy/error_budget.cpp:1: <boost/asio/steady_timer.hpp> is not for lib/policy\n"
               "lib/wire/pipeline.cpp:1: <boost/asio/steady_timer.hpp> is not for lib/wire\n"
               "lib/wire/request.cpp:1: <boost/beast/http/fields.hpp> is not for lib/wire");
}

BOOST_AUTO_TEST_CASE(the_model_may_read_files_but_has_no_sockets)
{
    const source_tree source{{"lib/codec/file.cpp", "#include <fcntl.h>\n"},
                             {"lib/model/file.cpp", "#include <fcntl.h>\n#include <sys/stat.h>\n#include <unistd.h>\n"},
                             {"lib/model/socket.cpp", "#include <sys/socket.h>\n#include <poll.h>\n"}};
    BOOST_TEST(violations(source) == "lib/codec/file.cpp:1: <fcntl.h> is not for lib/codec\n"
                                     "lib/model/socket.cpp:1: <sys/socket.h> is not for lib/model\n"
                                     "lib/model/socket.cpp:2: <poll.h> is not for lib/model");
}

BOOST_AUTO_TEST_CASE(a_heavy_library_in_a_public_header_is_found)
{
    const source_tree source{{"include/venice_keys/config.hpp", "#include <boost/beast/core.hpp>\n"
                                                                "#include <boost/asio/ssl.hpp>\n"
                                                                "#include <boost/asio/ssl/context.hpp>\n"
                                                                "#include <boost/json.hpp>\n"}};
    BOOST_TEST(violations(source) ==
               "include/venice_keys/config.hpp:1: <boost/beast/core.hpp> is not for include/venice_keys\n"
               "include/venice_keys/config.hpp:2: <boost/asio/ssl.hpp> is not for include/venice_keys\n"
               "include/venice_keys/config.hpp:3: <boost/asio/ssl/context.hpp> is not for include/venice_keys\n"
               "include/venice_keys/config.hpp:4: <boost/json.hpp> is not for include/venice_keys");
}

BOOST_AUTO_TEST_CASE(a_public_header_that_reaches_into_lib_is_found)
{
    const source_tree source{{"lib/client/core.hpp", ""},
                             {"include/venice_keys/client.hpp", "#include \"client/core.hpp\"\n"}};
    BOOST_TEST(violations(source) ==
               "include/venice_keys/client.hpp:1: \"client/core.hpp\" is not for include/venice_keys");
}

BOOST_AUTO_TEST_CASE(a_folder_that_the_table_does_not_know_is_found)
{
    const source_tree source{{"lib/helpers/strings.cpp", "#include <string>\n"}};
    BOOST_TEST(violations(source) == "lib/helpers/strings.cpp:0: belongs to no layer of the table");
}

BOOST_AUTO_TEST_CASE(an_include_by_macro_is_found)
{
    const source_tree source{{"lib/model/odd.cpp", "#include VENICE_KEYS_HEADER\n"}};
    BOOST_TEST(violations(source) == "lib/model/odd.cpp:1: an #include that is not a plain name");
}

BOOST_AUTO_TEST_SUITE_END()
