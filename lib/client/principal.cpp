#include "client/principal.hpp"

#include "client/core.hpp"
#include "model/bearer_token.hpp"

#include <new>
#include <utility>

namespace venice_keys::detail {

void principal::listen()
{
    if (credentials_)
        credentials_state::of(*credentials_).listen(weak_from_this());
}

bool principal::take_replacement() noexcept
{
    turn_comes_ = false; // first: a replacement after this asks for another turn
    return outdated();
}

bool principal::outdated() const noexcept
{
    return seen_ != (credentials_ ? credentials_state::of(*credentials_).generation() : 1);
}

void principal::renew(std::string_view authority, std::string_view user_agent)
{
    secret token;
    seen_ = 1;
    if (credentials_)
        token = credentials_state::of(*credentials_).token(seen_);
    usable_ = !credentials_ || valid_bearer_token(token.expose());
    head_ = wire::request_head(authority, user_agent, usable_ ? token : secret{});
    tokens_.replace(std::move(token));
}

void principal::token_replaced()
{
    // One turn takes over whatever has come by then. A turn for each replacement could come faster than turns are run,
    // and nothing else would have its turn.
    if (turn_comes_.exchange(true))
        return;
    try {
        if (const auto core = core_.lock())
            core->token_replaced(shared_from_this());
    } catch (const std::bad_alloc&) {
        turn_comes_ = false;
        throw; // out of credentials::replace()
    }
}

} // namespace venice_keys::detail
