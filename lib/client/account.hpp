// The identity that a view acts as: its credentials, what is made of their token, and the queues in which its calls
// wait. It is used in the client's turns, apart from its creation, its destruction and token_replaced().
#pragma once

#include "model/credentials_state.hpp"
#include "pool/token_table.hpp"
#include "wire/request_head.hpp"

#include <venice_keys/credentials.hpp>
#include <venice_keys/secret.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace venice_keys::detail {

class account;

// Gives an account the turn in which it takes over a token that was replaced. May be called from any thread.
class account_owner {
public:
    virtual void token_replaced(std::shared_ptr<account> who) = 0;

protected:
    ~account_owner() = default;
};

class account final : public account_queues, public token_listener, public std::enable_shared_from_this<account> {
public:
    // An account without credentials is for requests that are sent without Authorization.
    account(std::weak_ptr<account_owner> owner, std::optional<credentials> who)
        : owner_(std::move(owner)), credentials_(std::move(who))
    {
    }
    account(const account&) = delete;
    account& operator=(const account&) = delete;

    // To be called once, when a shared_ptr owns the account.
    void listen();

    // Whether the token has changed since the last renew(); true before the first.
    [[nodiscard]] bool outdated() const noexcept;
    // To be called when the turn that a replacement has asked for begins. Returns the same as outdated().
    [[nodiscard]] bool take_replacement() noexcept;
    // Takes over the present token.
    void renew(std::string_view authority, std::string_view user_agent);
    // Makes outdated() true, so that the token is taken over again.
    void set_outdated() noexcept { seen_ = 0; }

    // The functions below are valid after renew().
    [[nodiscard]] bool usable() const noexcept { return usable_; }
    // What is wrong with the token, if it is not usable().
    [[nodiscard]] const std::string& fault() const noexcept { return fault_; }
    [[nodiscard]] const secret& token() const noexcept { return tokens_.front(); }
    // Always returns the same object; its content is that of the last renew().
    [[nodiscard]] const wire::request_head& head() const noexcept { return head_; }

    // The tokens that no text may show: the present one first, then earlier ones with which a call under way may have
    // been sent. A token is cleansed when the last of these calls has ended.
    [[nodiscard]] const std::vector<secret>& used_tokens() const noexcept { return tokens_; }
    // To be called when a call begins. The result, which is never 0, is for call_ends(). The call may be sent with the
    // present token and with all that come meanwhile.
    [[nodiscard]] std::uint64_t call_begins() noexcept
    {
        ++calls_.front();
        return tokens_ever_;
    }
    void call_ends(std::uint64_t began) noexcept
    {
        --calls_[static_cast<std::size_t>(std::min<std::uint64_t>(tokens_ever_ - began, calls_.size() - 1))];
        drop_unused();
    }

private:
    void token_replaced() override;
    void add_token(secret token);
    // A call that began with a later token can't have used an earlier one.
    void drop_unused() noexcept
    {
        while (tokens_.size() > 1 && calls_.back() == 0)
            drop_oldest();
    }
    void drop_oldest() noexcept;

    std::weak_ptr<account_owner> owner_;
    std::optional<credentials> credentials_;
    std::atomic<bool> turn_comes_ = false; // a replacement has asked for a turn
    std::uint64_t seen_ = 0;               // the generation of the token at the last renew()
    bool usable_ = false;
    std::string fault_;
    wire::request_head head_;
    std::vector<secret> tokens_;
    std::vector<std::size_t> calls_; // calls under way that began with the token at the same index
    std::uint64_t tokens_ever_ = 0;
};

} // namespace venice_keys::detail
