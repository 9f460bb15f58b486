// The nine operations: what each sends, and how it reads its answer. When one may be repeated is said in
// policy/operations.hpp.
#pragma once

#include "client/typed_operation.hpp"
#include "model/secret_bytes.hpp"

#include <venice_keys/account_limits.hpp>
#include <venice_keys/api_key.hpp>
#include <venice_keys/key_details.hpp>
#include <venice_keys/key_update.hpp>
#include <venice_keys/new_key.hpp>
#include <venice_keys/wallet_challenge.hpp>

#include <memory>
#include <string>
#include <vector>

namespace venice_keys::detail {

// When a life begins, and until when it may last.
struct lifetime {
    std::shared_ptr<principal> who;
    time_point now;
    time_point deadline;
};

class update_operation final : public typed_operation<api_key> {
public:
    static constexpr auto what = policy::operation::update;

    explicit update_operation(operation_store<update_operation>& home)
        : typed_operation(home.host(), what, home.outcomes()), home_(home)
    {
    }

    [[nodiscard]] static result<void> check(const key_update& update) { return update.validate(); }
    void start(lifetime&& life, handover<api_key>&& to, key_update&& update);

private:
    void decode(const std::string& body, result<api_key>& into) override;
    void give_back() override { home_.give_back(*this); }

    operation_store<update_operation>& home_;
    std::string id_;
    std::string body_;
};

class get_operation final : public typed_operation<key_details> {
public:
    static constexpr auto what = policy::operation::get;

    explicit get_operation(operation_store<get_operation>& home)
        : typed_operation(home.host(), what, home.outcomes()), home_(home)
    {
    }

    [[nodiscard]] static result<void> check(const std::string& id);
    void start(lifetime&& life, handover<key_details>&& to, std::string&& id);

private:
    void decode(const std::string& body, result<key_details>& into) override;
    void give_back() override { home_.give_back(*this); }

    operation_store<get_operation>& home_;
    std::string target_;
    std::string id_;
};

class delete_operation final : public typed_operation<void> {
public:
    static constexpr auto what = policy::operation::remove;

    explicit delete_operation(operation_store<delete_operation>& home)
        : typed_operation(home.host(), what, home.outcomes()), home_(home)
    {
    }

    [[nodiscard]] static result<void> check(const std::string& id);
    void start(lifetime&& life, handover<void>&& to, std::string&& id);

private:
    void decode(const std::string& body, result<void>& into) override;
    void give_back() override { home_.give_back(*this); }

    operation_store<delete_operation>& home_;
    std::string target_;
    std::string id_;
};

class create_operation final : public typed_operation<created_key> {
public:
    static constexpr auto what = policy::operation::create;

    explicit create_operation(operation_store<create_operation>& home)
        : typed_operation(home.host(), what, home.outcomes()), home_(home)
    {
    }

    [[nodiscard]] static result<void> check(const new_key& key) { return key.validate(); }
    void start(lifetime&& life, handover<created_key>&& to, new_key&& key);

private:
    void decode(const std::string& body, result<created_key>& into) override;
    void give_back() override { home_.give_back(*this); }

    operation_store<create_operation>& home_;
    std::string body_;
};

class web3_challenge_operation final : public typed_operation<wallet_challenge> {
public:
    static constexpr auto what = policy::operation::web3_challenge;

    explicit web3_challenge_operation(operation_store<web3_challenge_operation>& home)
        : typed_operation(home.host(), what, home.outcomes()), home_(home)
    {
    }

    // The address may be empty.
    [[nodiscard]] static result<void> check(const std::string& address);
    void start(lifetime&& life, handover<wallet_challenge>&& to, std::string&& address);

private:
    void decode(const std::string& body, result<wallet_challenge>& into) override;
    void give_back() override { home_.give_back(*this); }

    operation_store<web3_challenge_operation>& home_;
    std::string target_;
};

class web3_create_operation final : public typed_operation<created_key> {
public:
    static constexpr auto what = policy::operation::web3_create;

    explicit web3_create_operation(operation_store<web3_create_operation>& home)
        : typed_operation(home.host(), what, home.outcomes()), home_(home)
    {
    }

    [[nodiscard]] static result<void> check(const new_web3_key& key) { return key.validate(); }
    void start(lifetime&& life, handover<created_key>&& to, new_web3_key&& key);

private:
    void decode(const std::string& body, result<created_key>& into) override;
    [[nodiscard]] secret_list secrets() const noexcept override { return secret_list(proofs_); }
    void give_back() override;

    operation_store<web3_create_operation>& home_;
    std::vector<secret> proofs_; // challenge and signature
    secret_bytes body_;
};

// One that has nothing to say but its name.
template <class T, policy::operation What, auto Decode>
class plain_operation final : public typed_operation<T> {
public:
    using home = operation_store<plain_operation>;

    static constexpr auto what = What;

    explicit plain_operation(home& where) : typed_operation<T>(where.host(), What, where.outcomes()), home_(where) {}

    [[nodiscard]] static result<void> check() { return result<void>::success(); }
    void start(lifetime&& life, handover<T>&& to)
    {
        this->begin(std::move(life.who), life.now, life.deadline, {});
        this->complete_to(std::move(to));
        this->ask(home_.path(), {});
    }

private:
    void decode(const std::string& body, result<T>& into) override
    {
        into = Decode(body, this->secrets(), this->host().settings().max_json_depth);
    }
    void give_back() override { home_.give_back(*this); }

    home& home_;
};

} // namespace venice_keys::detail
