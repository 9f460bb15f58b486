#include "client/account.hpp"

#include "model/bearer_token.hpp"

#include <iterator>
#include <new>
#include <utility>

namespace venice_keys::detail {

namespace {

// One call is not likely to see so many replacements.
constexpr std::size_t most_tokens = 16;

} // namespace

void account::listen()
{
    if (credentials_)
        credentials_state::of(*credentials_).listen(weak_from_this());
}

bool account::take_replacement() noexcept
{
    turn_comes_ = false; // first: a replacement after this asks for another turn
    return outdated();
}

bool account::outdated() const noexcept
{
    return seen_ != (credentials_ ? credentials_state::of(*credentials_).generation() : 1);
}

void account::renew(std::string_view authority, std::string_view user_agent)
{
    secret token;
    seen_ = 1;
    if (credentials_)
        token = credentials_state::of(*credentials_).token(seen_);
    fault_ = credentials_ ? fault_in_token(token.expose()) : std::string{};
    usable_ = fault_.empty();
    head_ = wire::request_head(authority, user_agent, usable_ ? token : secret{});
    add_token(std::move(token));
}

void account::add_token(secret token)
{
    tokens_.reserve(tokens_.size() + 1); // if memory runs out, it does before anything has changed
    calls_.reserve(calls_.size() + 1);
    tokens_.insert(tokens_.begin(), std::move(token));
    calls_.insert(calls_.begin(), 0);
    ++tokens_ever_;
    drop_unused();
    if (tokens_.size() > most_tokens) {
        // The calls of the oldest token may have been sent with all later ones as well.
        *std::prev(calls_.end(), 2) += calls_.back();
        drop_oldest();
    }
}

void account::drop_oldest() noexcept
{
    tokens_.pop_back();
    calls_.pop_back();
}

void account::token_replaced()
{
    // One turn takes over the latest token. A turn for each replacement could be posted faster than turns run, and
    // nothing else would have its turn.
    if (turn_comes_.exchange(true))
        return;
    try {
        if (const auto owner = owner_.lock())
            owner->token_replaced(shared_from_this());
    } catch (const std::bad_alloc&) {
        turn_comes_ = false;
        throw; // out of credentials::replace()
    }
}

} // namespace venice_keys::detail
