#include "support/printing.hpp"

#include <venice_keys/observer.hpp>

#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

BOOST_AUTO_TEST_SUITE(unit_model_observer)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace std::chrono_literals;

namespace {

// The attributes of an event, in their order, each with a letter for its type: `server.port:i=443`.
template <class Event>
std::string attributes_of(const Event& what)
{
    std::ostringstream out;
    out << std::boolalpha;
    what.for_each_attribute([&out](std::string_view name, const attribute_value& value) {
        out << (out.tellp() == 0 ? "" : " ") << name << ':' << "sidb"[value.index()] << '=';
        std::visit([&out](auto plain) { out << plain; }, value);
    });
    return out.str();
}

const event::connection_label connection{7, "api.venice.ai", 443, "1.1"};
const event::request_label request{12, "PATCH", "/api_keys"};
const std::string connection_text =
    "venice_keys.connection.number:i=7 server.address:s=api.venice.ai server.port:i=443";
const std::string request_text = "venice_keys.call.number:i=12 http.request.method:s=PATCH url.template:s=/api_keys";

error lost()
{
    return {errc::connection_lost, "the server closed the connection",
            make_error_code(boost::system::errc::connection_reset)};
}

} // namespace

BOOST_AUTO_TEST_CASE(an_opened_connection_tells_of_its_protocols)
{
    const event::connection_opened what{connection, "1.3", true, 12'500'000ns};
    BOOST_TEST(attributes_of(what) ==
               connection_text + " network.protocol.name:s=http network.protocol.version:s=1.1"
                                 " tls.protocol.version:s=1.3 tls.resumed:b=true venice_keys.duration:d=0.0125");
}

BOOST_AUTO_TEST_CASE(a_connection_that_ends_tells_why)
{
    const error why = lost();
    const std::string why_text = " error.type:s=connection_lost"
                                 " venice_keys.error.detail:s=the server closed the connection"
                                 " venice_keys.error.cause.category:s=generic venice_keys.error.cause.value:i=" +
                                 std::to_string(why.cause.value());
    BOOST_TEST(attributes_of(event::connection_failed{connection, why, 2s}) ==
               connection_text + why_text + " venice_keys.duration:d=2");
    BOOST_TEST(attributes_of(event::connection_closed{connection, why, 81, 16, 1500ms}) ==
               connection_text + why_text +
                   " venice_keys.connection.answered:i=81 venice_keys.connection.unanswered:i=16"
                   " venice_keys.duration:d=1.5");
    const error bare{errc::closed};
    BOOST_TEST(attributes_of(event::connection_failed{connection, bare, 0ns}) ==
               connection_text + " error.type:s=closed venice_keys.duration:d=0");
}

BOOST_AUTO_TEST_CASE(a_first_attempt_has_no_resend_count)
{
    BOOST_TEST(attributes_of(event::attempt_started{connection, request, 0}) == connection_text + " " + request_text);
    BOOST_TEST(attributes_of(event::attempt_started{connection, request, 2}) ==
               connection_text + " " + request_text + " http.request.resend_count:i=2");
}

BOOST_AUTO_TEST_CASE(an_attempt_that_ended_leaves_out_what_there_is_not)
{
    event::attempt_ended what{.connection = connection, .request = request, .status = 200, .duration = 250us};
    const std::string start = connection_text + " " + request_text;
    BOOST_TEST(attributes_of(what) == start + " network.protocol.version:s=1.1 http.response.status_code:i=200"
                                              " venice_keys.duration:d=0.00025");
    what.resend_count = 1;
    what.status = 404;
    what.why = errc::not_found;
    what.request_id = "8f2c-FRA";
    BOOST_TEST(attributes_of(what) == start + " http.request.resend_count:i=1 network.protocol.version:s=1.1"
                                              " http.response.status_code:i=404 error.type:s=not_found"
                                              " venice_keys.request_id:s=8f2c-FRA venice_keys.duration:d=0.00025");
    what.status = 0;
    what.request_id = "";
    what.why = errc::connection_lost;
    BOOST_TEST(attributes_of(what) == start + " http.request.resend_count:i=1 network.protocol.version:s=1.1"
                                              " error.type:s=connection_lost venice_keys.duration:d=0.00025");
}

BOOST_AUTO_TEST_CASE(a_retry_tells_when_and_why)
{
    event::retry_scheduled what{request, 1, 100ms, errc::unavailable, 503};
    BOOST_TEST(attributes_of(what) == request_text + " venice_keys.attempts:i=1 venice_keys.delay:d=0.1"
                                                     " error.type:s=unavailable http.response.status_code:i=503");
    what.status = 0;
    BOOST_TEST(attributes_of(what) == request_text + " venice_keys.attempts:i=1 venice_keys.delay:d=0.1"
                                                     " error.type:s=unavailable");
}

BOOST_AUTO_TEST_CASE(what_is_held_back_is_told)
{
    BOOST_TEST(attributes_of(event::paced{1, pace_reason::retry_after, 2s, true}) ==
               "venice_keys.token.number:i=1 venice_keys.pace.reason:s=retry_after venice_keys.delay:d=2 "
               "venice_keys.pace.creations_only:b=true");
    BOOST_TEST(attributes_of(event::paced{1, pace_reason::rate_limit, 1s, false}) ==
               "venice_keys.token.number:i=1 venice_keys.pace.reason:s=rate_limit venice_keys.delay:d=1 "
               "venice_keys.pace.creations_only:b=false");
    BOOST_TEST(
        attributes_of(event::error_budget_changed{2, error_budget_state::holding, 16, 0, 30s}) ==
        "venice_keys.token.number:i=2 venice_keys.error_budget.state:s=holding venice_keys.error_budget.failures:i=16"
        " venice_keys.error_budget.allowed_in_flight:i=0 venice_keys.delay:d=30");
    BOOST_TEST(attributes_of(event::error_budget_changed{2, error_budget_state::token_refused, 1, 1, 0ns}) ==
               "venice_keys.token.number:i=2 venice_keys.error_budget.state:s=token_refused "
               "venice_keys.error_budget.failures:i=1"
               " venice_keys.error_budget.allowed_in_flight:i=1");
    BOOST_TEST(to_string(error_budget_state::passing) == "passing");
}

BOOST_AUTO_TEST_CASE(each_event_has_a_name_of_its_own)
{
    const std::set<std::string_view> names = {event::connection_opened::name,
                                              event::connection_failed::name,
                                              event::connection_closed::name,
                                              event::attempt_started::name,
                                              event::attempt_ended::name,
                                              event::retry_scheduled::name,
                                              event::paced::name,
                                              event::error_budget_changed::name};
    BOOST_TEST(names.size() == 8u);
    BOOST_TEST(names.contains("retry_scheduled"));
}

BOOST_AUTO_TEST_CASE(an_observer_that_overrides_one_event_is_deaf_to_the_others)
{
    struct counter final : observer {
        void paced(const event::paced& what) noexcept override { waited += what.wait; }
        std::chrono::nanoseconds waited{0};
    };
    counter mine;
    observer& told = mine;
    const error why = lost();
    told.connection_opened({.connection = connection});
    told.connection_failed({connection, why, 0ns});
    told.connection_closed({connection, why, 0, 0, 0ns});
    told.attempt_started({});
    told.attempt_ended({});
    told.retry_scheduled({});
    told.error_budget_changed({});
    BOOST_TEST(mine.waited == 0ns);
    told.paced({.wait = 3s});
    BOOST_TEST(mine.waited == 3s);
    static_assert(std::has_virtual_destructor_v<observer>);
}

BOOST_AUTO_TEST_SUITE_END()
