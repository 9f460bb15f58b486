// Promise 11, bounded: no configuration can make a size or a wait endless, nor switch one off.
#include <venice_keys/config.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_model_promise_11_bounds)

using namespace venice_keys;
using std::chrono::milliseconds;

BOOST_AUTO_TEST_CASE(no_size_can_be_endless_or_nothing)
{
    using member = std::size_t config::*;
    const std::vector<member> sizes = {&config::max_connections,  &config::pipeline_depth,  &config::max_streams,
                                       &config::max_queue,        &config::max_reply_bytes, &config::max_header_bytes,
                                       &config::max_header_count, &config::max_json_depth};
    for (const member size : sizes) {
        for (const std::size_t value : {std::size_t{0}, std::numeric_limits<std::size_t>::max()}) {
            config settings;
            settings.*size = value;
            BOOST_TEST(!settings.validate().has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(no_wait_can_be_endless_or_nothing)
{
    using member = milliseconds config::*;
    const std::vector<member> waits = {&config::timeout, &config::connect_timeout, &config::stall_timeout,
                                       &config::idle_timeout, &config::max_connection_age};
    for (const member wait : waits) {
        for (const milliseconds value : {milliseconds::min(), milliseconds{0}, milliseconds::max()}) {
            config settings;
            settings.*wait = value;
            BOOST_TEST(!settings.validate().has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(the_error_budget_can_count_neither_nothing_nor_for_ever)
{
    for (const unsigned most : {0u, 51u, std::numeric_limits<unsigned>::max()}) {
        config settings;
        settings.error_budget.most = most;
        BOOST_TEST(!settings.validate().has_value());
    }
    for (const milliseconds window : {milliseconds::min(), milliseconds{0}, milliseconds::max()}) {
        config settings;
        settings.error_budget.window = window;
        BOOST_TEST(!settings.validate().has_value());
    }
}

BOOST_AUTO_TEST_SUITE_END()
