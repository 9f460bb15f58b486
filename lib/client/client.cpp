#include "client/core.hpp"

namespace venice_keys {

namespace detail {

namespace {

template <class T>
void end_as_closed(const client_ref& client, handler_of<T>&& handler)
{
    completion<T>(std::move(handler), client.executor)
        .complete_later(client.executor, error(errc::closed, "the client was destroyed earlier"));
}

template <class Request, class... Values>
void start(const client_ref& client, const call_options& options, handler_of<typename Request::value_type>&& handler,
           Values&&... values)
{
    if (const auto core = client.core.lock())
        return core->start<Request>(client.who, options, std::move(handler), std::forward<Values>(values)...);
    end_as_closed(client, std::move(handler));
}

} // namespace

void send_update(const client_ref& client, key_update&& update, const call_options& options,
                 handler_of<api_key>&& handler)
{
    start<update_request>(client, options, std::move(handler), std::move(update));
}

void start_list(const client_ref& client, const call_options& options, handler_of<std::vector<key_details>> handler)
{
    start<list_request>(client, options, std::move(handler));
}

void start_get(const client_ref& client, std::string&& id, const call_options& options, handler_of<key_details> handler)
{
    start<get_request>(client, options, std::move(handler), std::move(id));
}

void start_create(const client_ref& client, new_key&& key, const call_options& options, handler_of<created_key> handler)
{
    start<create_request>(client, options, std::move(handler), std::move(key));
}

void send_delete(const client_ref& client, std::string&& id, const call_options& options, handler_of<void>&& handler)
{
    start<delete_request>(client, options, std::move(handler), std::move(id));
}

void start_rate_limits(const client_ref& client, const call_options& options, handler_of<account_limits> handler)
{
    start<rate_limits_request>(client, options, std::move(handler));
}

void start_rate_limit_log(const client_ref& client, const call_options& options,
                          handler_of<std::vector<rate_limit_event>> handler)
{
    start<rate_limit_log_request>(client, options, std::move(handler));
}

void start_web3_challenge(const client_ref& client, std::string&& address, const call_options& options,
                          handler_of<wallet_challenge> handler)
{
    start<web3_challenge_request>(client, options, std::move(handler), std::move(address));
}

void start_web3_create(const client_ref& client, new_web3_key&& key, const call_options& options,
                       handler_of<created_key> handler)
{
    start<web3_create_request>(client, options, std::move(handler), std::move(key));
}

bool is_single_threaded(const client_ref& client)
{
    const auto core = client.core.lock();
    return core && core->settings().threading == threading::single;
}

std::optional<std::chrono::milliseconds> time_limit_of(const client_ref& client, const call_options& options)
{
    const auto core = client.core.lock();
    if (!core)
        return std::nullopt;
    const auto limit = timeout_of(core->settings(), options);
    return limit ? std::optional(*limit) : std::nullopt;
}

void start_warm_up(const client_ref& client, std::size_t connections, handler_of<void> handler)
{
    if (const auto core = client.core.lock())
        return core->start_warm_up(connections, std::move(handler));
    end_as_closed(client, std::move(handler));
}

void start_close(const client_ref& client, std::chrono::milliseconds timeout, handler_of<void> handler)
{
    if (const auto core = client.core.lock())
        return core->start_close(timeout, std::move(handler));
    end_as_closed(client, std::move(handler));
}

namespace {

std::shared_ptr<account> new_account(std::weak_ptr<client_core> core, credentials who)
{
    auto made = std::make_shared<account>(std::move(core), std::move(who));
    made->listen();
    return made;
}

} // namespace

} // namespace detail

client_view client_view::as(credentials who) const
{
    return client_view({ref_.core, detail::new_account(ref_.core, std::move(who)), ref_.executor});
}

client::client(detail::same_build, executor_type executor, credentials who, config settings)
    : client_view(detail::client_ref{}), core_(std::make_shared<detail::client_core>(executor, std::move(settings)))
{
    ref_.core = core_;
    ref_.executor = std::move(executor);
    ref_.who = detail::new_account(core_, std::move(who));
}

client::client(client&& other) noexcept
    : client_view({std::move(other.ref_.core), other.ref_.who, other.ref_.executor}), core_(std::move(other.core_))
{
}

client& client::operator=(client&& other) noexcept
{
    client before(std::move(*this));
    core_ = std::move(other.core_);
    ref_ = {std::move(other.ref_.core), other.ref_.who, other.ref_.executor};
    return *this;
}

client::~client()
{
    if (core_)
        core_->destroy();
}

client_stats client::stats() const noexcept
{
    return core_ ? core_->stats() : client_stats{};
}

} // namespace venice_keys
