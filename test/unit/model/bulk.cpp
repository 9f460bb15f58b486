#include <venice_keys/bulk.hpp>

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_model_bulk)

using namespace venice_keys;

namespace {

std::string printed(const bulk_summary& summary)
{
    std::ostringstream out;
    out << summary;
    return out.str();
}

} // namespace

BOOST_AUTO_TEST_CASE(each_end_has_a_text)
{
    BOOST_TEST(to_string(bulk_summary::end::finished) == "finished");
    BOOST_TEST(to_string(bulk_summary::end::stopped) == "stopped");
    BOOST_TEST(to_string(bulk_summary::end::cancelled) == "cancelled");
    BOOST_TEST(to_string(bulk_summary::end::closed) == "closed");
}

BOOST_AUTO_TEST_CASE(a_summary_is_one_line)
{
    bulk_summary summary;
    BOOST_TEST(printed(summary) == "finished: 0 applied, 0 refused, 0 unknown, 0 not sent");
    summary.how = bulk_summary::end::stopped;
    summary.applied = 10;
    summary.refused = 2;
    summary.unknown = 3;
    summary.not_sent = 4;
    BOOST_TEST(printed(summary) == "stopped: 10 applied, 2 refused, 3 unknown, 4 not sent");
    BOOST_TEST(summary.pulled() == 19u);
    summary.first_error = error{errc::closed};
    BOOST_TEST(printed(summary) == "stopped: 10 applied, 2 refused, 3 unknown, 4 not sent; the first error: " +
                                       summary.first_error->message());
}

BOOST_AUTO_TEST_SUITE_END()
