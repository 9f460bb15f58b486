#include "client/configure.hpp"

#include "support/printing.hpp"
#include "unit/support/quiet_client.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_client_configure)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace std::chrono_literals;
using venice_keys::test::settings;

namespace {

template <class Function>
std::string fault(Function&& function)
{
    try {
        static_cast<void>(function());
    } catch (const request_failed& why) {
        BOOST_TEST(why.error().code == errc::invalid_argument);
        return why.error().detail;
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_CASE(the_server_is_that_of_the_base_url)
{
    const endpoint server = detail::server_of(settings());
    BOOST_TEST(server.host == "192.0.2.1");
    BOOST_TEST(server.authority == "192.0.2.1:1");
}

BOOST_AUTO_TEST_CASE(what_is_not_valid_is_named)
{
    config wrong = settings();
    wrong.max_queue = 0;
    BOOST_TEST(fault([&] { return detail::server_of(wrong); }).starts_with("max_queue"));
    wrong = settings();
    wrong.tls.ca_pem = "no certificate";
    boost::asio::io_context io;
    struct owner final : net::turn_owner {
        void on_turn_end() override {}
        void on_failure(boost::system::error_code cause) noexcept override { BOOST_ERROR("an event threw: " << cause); }
    } nobody;
    const endpoint server = detail::server_of(settings());
    BOOST_TEST(fault([&] {
                   return std::make_unique<net::tls_transport_source>(
                       detail::transports_of(wrong, server, io.get_executor(), nobody));
               }).find("ca_pem") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(each_setting_reaches_its_place)
{
    config from = settings();
    from.max_connections = 3;
    from.pipeline_depth = 5;
    from.max_streams = 7;
    from.max_header_bytes = 9'000;
    from.max_header_count = 11;
    from.max_reply_bytes = 13'000;
    from.connect_timeout = 15s;
    from.stall_timeout = 17s;
    from.idle_timeout = 19s;
    from.answer_timeout = 21s;
    from.max_connection_age = 23h;
    from.retry.max_attempts = 4;
    from.error_budget.most = 12;
    from.error_budget.window = 25s;
    from.error_budget.strict = true;
    from.error_budget.enabled = false;
    from.error_budget.reserve = 2;
    const pool_settings to = detail::pool_settings_of(from, detail::server_of(from));
    BOOST_TEST(to.max_connections == 3U);
    BOOST_TEST(to.pipeline_depth == 5U);
    BOOST_TEST(to.session.streams == 7U);
    BOOST_TEST(to.session.reply.header_bytes == 9'000U);
    BOOST_TEST(to.session.reply.header_count == 11U);
    BOOST_TEST(to.session.reply.body_bytes == 13'000U);
    BOOST_TEST(to.session.connect_timeout == 15s);
    BOOST_TEST(to.session.stall_timeout == 17s);
    BOOST_TEST(to.session.idle_timeout == 19s);
    BOOST_TEST(to.session.answer_timeout == 21s);
    BOOST_TEST(to.max_connection_age == 23h);
    BOOST_TEST(to.retry.max_attempts == 4U);
    BOOST_TEST(to.error_budget.most == 12U);
    BOOST_TEST(to.error_budget.window == 25s);
    BOOST_TEST(to.error_budget.strict);
    BOOST_TEST(!to.error_budget.enabled);
    BOOST_TEST(to.error_budget.reserve == 2U);
    BOOST_TEST(to.pipelining == pipelining_state::unknown);
}

BOOST_AUTO_TEST_CASE(a_connection_is_taken_to_carry_one_request_where_only_http1_is_spoken)
{
    config from = settings();
    from.max_streams = 7;
    const endpoint server = detail::server_of(from);
    BOOST_TEST(detail::pool_settings_of(from, server).expected_room == 7U);
    from.protocol = protocol::http2;
    BOOST_TEST(detail::pool_settings_of(from, server).expected_room == 7U);
    from.protocol = protocol::http1;
    BOOST_TEST(detail::pool_settings_of(from, server).expected_room == 1U);
}

BOOST_AUTO_TEST_CASE(a_call_may_take_as_long_as_its_options_say_or_else_the_settings)
{
    config from = settings();
    from.timeout = 7s;
    BOOST_TEST(detail::timeout_of(from, {}).value() == 7s);
    BOOST_TEST(detail::timeout_of(from, call_options().timeout(2s)).value() == 2s);
    BOOST_TEST(detail::timeout_of(from, call_options().timeout(24h)).value() == 24h);
    BOOST_TEST(detail::timeout_of(from, call_options().timeout(0ms)).error().detail ==
               "call_options::timeout: 0 ms is not in 1 ms … 24 h");
    BOOST_TEST(detail::timeout_of(from, call_options().timeout(24h + 1ms)).error().detail ==
               "call_options::timeout: 86400001 ms is not in 1 ms … 24 h");
    BOOST_TEST(detail::timeout_of(from, call_options().confirm(0ms)).error().detail ==
               "call_options::confirm: 0 ms is not in 1 ms … 24 h");
}

BOOST_AUTO_TEST_SUITE_END()
