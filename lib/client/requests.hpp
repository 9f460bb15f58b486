// The nine operations: what each checks, sends, and reads out of its answer. How a call gets to the server and back is
// not known here (see operation_of), and policy/operations.hpp says when it may be sent again.
//
//   check()    refuses values that may not be sent, as errc::invalid_argument
//   encode()   makes the texts to send, which stay where they are until the next encode()
//   decode()   reads the body of an answer with status 2xx
//   id()       of the key that a request is about, for a request that is about one
//   secrets()  what no text may show, for a request that carries other secrets than the token; clear() forgets them
#pragma once

#include "client/answer_context.hpp"
#include "codec/decode.hpp"
#include "model/redact.hpp"
#include "model/secret_bytes.hpp"
#include "policy/operations.hpp"

#include <venice_keys/account_limits.hpp>
#include <venice_keys/api_key.hpp>
#include <venice_keys/key_details.hpp>
#include <venice_keys/key_update.hpp>
#include <venice_keys/new_key.hpp>
#include <venice_keys/result.hpp>
#include <venice_keys/wallet_challenge.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace venice_keys::detail {

struct request_texts {
    std::string_view target;
    std::string_view body = {};
    std::string_view key = {}; // the id that a change is for: changes to one key go in order
};

// A base of requests whose answers one function of the codec reads.
template <class T, auto Decode>
struct read_by_codec {
    using value_type = T;

    static void decode(const std::string& body, secret_list secrets, const answer_context& with, result<T>& into)
    {
        into = Decode(body, secrets, with.max_json_depth);
    }
};

class update_request {
public:
    using value_type = api_key;
    static constexpr auto what = policy::operation::update;

    [[nodiscard]] static result<void> check(const key_update& update) { return update.validate(); }
    [[nodiscard]] request_texts encode(const std::string& path, key_update&& update);
    void decode(const std::string& body, secret_list secrets, answer_context& with, result<api_key>& into) const;
    [[nodiscard]] const std::string& id() const noexcept { return id_; }

private:
    std::string id_;
    std::string body_;
};

class get_request {
public:
    using value_type = key_details;
    static constexpr auto what = policy::operation::get;

    [[nodiscard]] static result<void> check(const std::string& id);
    [[nodiscard]] request_texts encode(const std::string& path, std::string&& id);
    void decode(const std::string& body, secret_list secrets, answer_context& with, result<key_details>& into) const;
    [[nodiscard]] const std::string& id() const noexcept { return id_; }

private:
    std::string target_;
    std::string id_;
};

class delete_request {
public:
    using value_type = void;
    static constexpr auto what = policy::operation::remove;

    [[nodiscard]] static result<void> check(const std::string& id);
    [[nodiscard]] request_texts encode(const std::string& path, std::string&& id);
    void decode(const std::string& body, secret_list secrets, answer_context& with, result<void>& into) const;
    [[nodiscard]] const std::string& id() const noexcept { return id_; }

private:
    std::string target_;
    std::string id_;
};

class create_request : public read_by_codec<created_key, &codec::decode_creation> {
public:
    static constexpr auto what = policy::operation::create;

    [[nodiscard]] static result<void> check(const new_key& key) { return key.validate(); }
    [[nodiscard]] request_texts encode(const std::string& path, new_key&& key);

private:
    std::string body_;
};

class web3_challenge_request : public read_by_codec<wallet_challenge, &codec::decode_challenge> {
public:
    static constexpr auto what = policy::operation::web3_challenge;

    // The address may be empty.
    [[nodiscard]] static result<void> check(const std::string& address);
    [[nodiscard]] request_texts encode(const std::string& path, std::string&& address);

private:
    std::string target_;
};

class web3_create_request : public read_by_codec<created_key, &codec::decode_creation> {
public:
    static constexpr auto what = policy::operation::web3_create;

    [[nodiscard]] static result<void> check(const new_web3_key& key) { return key.validate(); }
    [[nodiscard]] request_texts encode(const std::string& path, new_web3_key&& key);
    [[nodiscard]] secret_list secrets() const noexcept { return secret_list(proofs_); }
    void clear() noexcept;

private:
    std::vector<secret> proofs_; // challenge and signature
    secret_bytes body_;
};

// A request without values.
template <class T, policy::operation What, auto Decode>
struct plain_request : read_by_codec<T, Decode> {
    static constexpr auto what = What;

    [[nodiscard]] static result<void> check() { return result<void>::success(); }
    [[nodiscard]] request_texts encode(const std::string& path) const noexcept { return {path}; }
};

using list_request = plain_request<std::vector<key_details>, policy::operation::list, &codec::decode_list>;
using rate_limits_request =
    plain_request<account_limits, policy::operation::rate_limits, &codec::decode_account_limits>;
using rate_limit_log_request =
    plain_request<std::vector<rate_limit_event>, policy::operation::rate_limit_log, &codec::decode_rate_limit_log>;

} // namespace venice_keys::detail
