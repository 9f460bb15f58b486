// A program that ends with a connection open ends as if there were none. Sanitizers see the most of what can go wrong
// here.
#include "integration/examples/child.hpp"

#include <venice_keys/emulator.hpp>

#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include <unistd.h>

BOOST_AUTO_TEST_SUITE(integration_exit_program_ends)

namespace vk = venice_keys;

namespace {

struct service {
    service() { std::ofstream(ca_file) << emulator.ca_pem(); }
    ~service()
    {
        std::error_code ignored; // it may not have been written
        std::filesystem::remove(ca_file, ignored);
    }

    // How the program ends, and what it said, which is nothing when all is well.
    void check_ends_well(const std::string& how)
    {
        integration::child program(VENICE_KEYS_ENDING_PROGRAM, {how},
                                   {{"VENICE_API_KEY", emulator.token()},
                                    {"VENICE_BASE_URL", emulator.base_url()},
                                    {"VENICE_CA_FILE", ca_file.string()},
                                    // glibc overwrites what is freed.
                                    {"GLIBC_TUNABLES", "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0"}});
        BOOST_TEST(program.read_all() == "");
        BOOST_TEST(program.wait() == 0);
        BOOST_TEST(emulator.stats().requests != 0U);
    }

    boost::asio::thread_pool pool{1};
    vk::emulator emulator{pool.get_executor(), {}};
    std::filesystem::path ca_file =
        std::filesystem::temp_directory_path() / ("venice_keys_exit_" + std::to_string(::getpid()) + ".pem");
};

} // namespace

BOOST_FIXTURE_TEST_CASE(with_a_client_of_static_storage, service)
{
    check_ends_well("static");
}

BOOST_FIXTURE_TEST_CASE(with_a_thread_that_runs, service)
{
    for (int i = 0; i != 20; ++i)
        check_ends_well("thread");
}

BOOST_AUTO_TEST_SUITE_END()
