// Every public aggregate can be written with the names of some of its members alone, and no compiler warns of those
// that are left out (-Wextra has -Wmissing-field-initializers). This file is compiled and never run.
#include <venice_keys/emulator.hpp>
#include <venice_keys/venice_keys.hpp>

#include <chrono>
#include <type_traits>

namespace vk = venice_keys;

namespace {

using namespace std::chrono_literals;

// What stands for one aggregate: a type that is one, and that can be made of nothing at all.
template <class T>
T made(T value)
{
    static_assert(std::is_aggregate_v<T>);
    return value;
}

const vk::error failure{vk::errc::closed};

} // namespace

void make_each_aggregate()
{
    made(vk::config{.base_url = "https://localhost:8443/api/v1"});
    made(vk::config{.tls = {.ca_file = "ca.pem"}, .proxy = {.url = "http://proxy:3128"}, .retry = {.max_attempts = 5}});
    made(vk::config{.error_budget = {.strict = true}});
    made(vk::config{.timeout = 5s});
    made(vk::config{.user_agent = "of-my-own/1.0"});
    made(vk::tls_config{.ca_pem = "-----BEGIN"});
    made(vk::tls_config{.pinned_public_keys = {"a pin"}});
    made(vk::proxy_config{.url = "http://proxy:3128"});
    made(vk::proxy_config{.no_proxy = "*"});
    made(vk::retry_config{.max_attempts = 5});
    made(vk::error_budget_config{.strict = true});

    made(vk::emulator_options{.initial_keys = 3});
    made(vk::emulator_options{.http_port = 0, .token = "a token"});
    made(vk::emulator_options{.error_budget = 20});
    made(vk::journal_entry{.number = 1});
    made(vk::journal_entry{.key = {.id = "a key"}});
    made(vk::emulator_stats{.requests = 1});

    made(vk::api_key{.id = "a key"});
    made(vk::api_key{.description = "the key of a tenant"});
    made(vk::consumption_limits{.diem = 5.0});
    made(vk::unread_value{.name = "expiresAt"});
    made(vk::usage_amounts{.usd = vk::decimal{}});
    made(vk::key_details{});
    made(vk::key_details{{.id = "a key"}});
    made(vk::created_key{});
    made(vk::created_key{{.id = "a key"}});
    made(vk::account_limits{.tier_id = "paid"});
    made(vk::rate_limit{.amount = 5.0});
    made(vk::model_rate_limits{.model_id = "a model"});
    made(vk::rate_limit_event{.key_id = "a key"});
    made(vk::bulk_summary{.applied = 3});
    made(vk::confirmation{.what = vk::confirmation::verdict::in_effect});
    made(vk::field_issue{.path = "consumptionLimit.usd"});
    made(vk::client_stats{.replies = 1});

    // An event that is about an error refers to it.
    made(vk::event::connection_label{.number = 1});
    made(vk::event::request_label{.call = 1});
    made(vk::event::connection_opened{.tls_resumed = true});
    made(vk::event::connection_failed{.why = failure});
    made(vk::event::connection_closed{.why = failure});
    made(vk::event::attempt_started{.resend_count = 1});
    made(vk::event::attempt_ended{.status = 200});
    made(vk::event::retry_scheduled{.attempts = 1});
    made(vk::event::paced{.token_number = 1});
    made(vk::event::error_budget_changed{.failures = 1});
    made(vk::event::pipelining_judged{.state = vk::pipelining_state::works});
}
