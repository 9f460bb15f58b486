#include <venice_keys/credentials.hpp>

#include "model/bearer_token.hpp"
#include "model/credentials_state.hpp"
#include "model/invalid_argument.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace venice_keys {

namespace detail {

secret credentials_state::token(std::uint64_t& generation) const
{
    const std::lock_guard guard(mutex_);
    generation = generation_.load(std::memory_order_relaxed);
    return token_;
}

void credentials_state::replace(secret token)
{
    std::vector<std::weak_ptr<token_listener>> listeners;
    {
        const std::lock_guard guard(mutex_);
        std::swap(token_, token); // the old one is cleansed when `token` dies
        generation_.fetch_add(1, std::memory_order_release);
        listeners = listeners_;
    }
    for (const auto& each : listeners)
        if (const auto alive = each.lock())
            alive->token_replaced();
}

void credentials_state::listen(std::weak_ptr<token_listener> who)
{
    const std::lock_guard guard(mutex_);
    if (listeners_.size() >= sweep_at_) { // views come and go, and leave listeners behind
        std::erase_if(listeners_, [](const auto& each) { return each.expired(); });
        sweep_at_ = std::max<std::size_t>(16, listeners_.size() * 2);
    }
    listeners_.push_back(std::move(who));
}

} // namespace detail

credentials::credentials(secret token) : state_(std::make_shared<detail::credentials_state>(std::move(token)))
{
}

result<credentials> credentials::from_environment()
{
    constexpr const char* name = "VENICE_API_KEY";
    result<secret> token = secret::from_environment(name);
    if (!token)
        return std::move(token).error();
    if (const std::string fault = detail::fault_in_token(token->expose()); !fault.empty())
        return detail::invalid_argument(name, fault);
    return credentials(*std::move(token));
}

secret credentials::token() const
{
    std::uint64_t generation = 0;
    return state_->token(generation);
}

void credentials::replace(secret token) const
{
    state_->replace(std::move(token));
}

} // namespace venice_keys
