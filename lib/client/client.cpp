#include "client/core.hpp"

namespace venice_keys {

namespace detail {

namespace {

error no_client()
{
    return {errc::closed, "the client is gone"};
}

} // namespace

void start_update(const client_ref& client, key_update&& update, const call_options& options, update_handler handler)
{
    if (const auto core = client.core.lock())
        return core->start_update(std::move(update), options, std::move(handler));
    handover<api_key>(std::move(handler), client.executor).complete_later(client.executor, no_client());
}

void start_warm_up(const client_ref& client, std::size_t connections, done_handler handler)
{
    if (const auto core = client.core.lock())
        return core->start_warm_up(connections, std::move(handler));
    handover<void>(std::move(handler), client.executor).complete_later(client.executor, no_client());
}

void start_close(const client_ref& client, std::chrono::milliseconds timeout, done_handler handler)
{
    if (const auto core = client.core.lock())
        return core->start_close(timeout, std::move(handler));
    handover<void>(std::move(handler), client.executor).complete_later(client.executor, no_client());
}

} // namespace detail

client::client(executor_type executor, credentials who, config settings)
    : core_(std::make_shared<detail::client_core>(executor, std::move(who), std::move(settings))),
      ref_{core_, std::move(executor)}
{
}

client::client(client&& other) noexcept
    : core_(std::move(other.core_)), ref_{std::move(other.ref_.core), other.ref_.executor}
{
}

client& client::operator=(client&& other) noexcept
{
    client before(std::move(*this));
    core_ = std::move(other.core_);
    ref_ = {std::move(other.ref_.core), other.ref_.executor};
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
