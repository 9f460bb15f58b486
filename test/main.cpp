// The entry of every test program. Not BOOST_TEST_MODULE, which must be defined before Boost.Test is included: the
// precompiled header does that first.
#include <boost/test/unit_test.hpp>

int main(int argc, char* argv[])
{
    const auto name_it = [] {
        boost::unit_test::framework::master_test_suite().p_name.value = "venice_keys";
        return true;
    };
    return boost::unit_test::unit_test_main(name_it, argc, argv);
}
