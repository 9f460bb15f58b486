// Who calls are made as: the credentials of one view, with what is made of their token. Everything but its creation,
// its destruction and what a replacement of the token asks for happens in the client's turns.
#pragma once

#include "client/used_tokens.hpp"
#include "model/credentials_state.hpp"
#include "pool/admission.hpp"
#include "wire/request_head.hpp"

#include <venice_keys/credentials.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace venice_keys::detail {

class client_core;

class principal final : public token_listener, public std::enable_shared_from_this<principal> {
public:
    // Without credentials: nobody, for what is sent without Authorization.
    principal(std::weak_ptr<client_core> core, std::optional<credentials> who)
        : core_(std::move(core)), credentials_(std::move(who))
    {
    }
    principal(const principal&) = delete;
    principal& operator=(const principal&) = delete;

    // To be called once, when a shared_ptr owns it.
    void listen();

    // Whether the token is another than at the last renew(); at first it is.
    [[nodiscard]] bool outdated() const noexcept;
    // The turn that a replacement has asked for begins. The result is that of outdated().
    [[nodiscard]] bool take_replacement() noexcept;
    // Takes over the present token.
    void renew(std::string_view authority, std::string_view user_agent);

    // What was taken over is to be taken over again.
    void set_outdated() noexcept { seen_ = 0; }

    // After renew().
    [[nodiscard]] bool usable() const noexcept { return usable_; }
    [[nodiscard]] const secret& token() const noexcept { return tokens_.present(); }
    [[nodiscard]] used_tokens& tokens() noexcept { return tokens_; }
    // The same object for all time; its content is that of the last renew().
    [[nodiscard]] const wire::request_head& head() const noexcept { return head_; }
    [[nodiscard]] account& place() noexcept { return place_; }

private:
    void token_replaced() override;

    std::weak_ptr<client_core> core_;
    std::optional<credentials> credentials_;
    std::atomic<bool> turn_comes_ = false; // a replacement has asked for one
    std::uint64_t seen_ = 0;               // the generation of the token at the last renew()
    bool usable_ = false;
    used_tokens tokens_;
    wire::request_head head_;
    account place_;
};

} // namespace venice_keys::detail
