#define BOOST_TEST_MODULE venice_keys
#include <boost/test/unit_test.hpp>
