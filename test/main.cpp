// The entry of every test program. Not BOOST_TEST_MODULE, which must be defined before Boost.Test is included: the
// precompiled header does that first.
#include <boost/test/unit_test.hpp>

#ifdef __SANITIZE_THREAD__
// Asio counts the references to a type-erased executor with a release and a fence, and ThreadSanitizer does not see
// fences: whoever lets go of the last one seems to race with those before.
extern "C" const char* __tsan_default_suppressions() // NOLINT(bugprone-reserved-identifier): the sanitizer's name
{
    return "race:boost::asio::execution::detail::any_executor_base::destroy_shared\n";
}
#endif

int main(int argc, char* argv[])
{
    const auto name_it = [] {
        boost::unit_test::framework::master_test_suite().p_name.value = "venice_keys";
        return true;
    };
    return boost::unit_test::unit_test_main(name_it, argc, argv);
}
