// An update under way: encodes the request, reads the answer, keeps the result until it is handed over.
#pragma once

#include "client/handover.hpp"
#include "client/operation.hpp"

#include <venice_keys/api_key.hpp>
#include <venice_keys/key_update.hpp>

#include <string>

namespace venice_keys::detail {

class client_core;

class update_operation final : public operation {
public:
    explicit update_operation(client_core& core) noexcept : operation(policy::repeat::same_effect), core_(core) {}

    // Begins a life: encodes the update.
    void start(key_update&& update, time_point deadline, handover<api_key>&& to);
    // Begins a life that is over before anything is sent.
    void refuse(error why, handover<api_key>&& to);
    // Takes the handler away, so that it can be destroyed without being called.
    [[nodiscard]] handover<api_key> let_go() noexcept { return std::move(to_); }

private:
    [[nodiscard]] session::verdict read(wire::reply& answer, error& why) override;
    void answered() override;
    void failed(error why) override;
    void released() override;
    void set_failure(error why) override { outcome_ = std::move(why); }
    void deliver() override;
    void recycle() override;

    client_core& core_;
    handover<api_key> to_;
    std::string id_;
    std::string body_;
    result<api_key> outcome_;
};

} // namespace venice_keys::detail
