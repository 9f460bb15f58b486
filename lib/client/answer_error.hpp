// Makes an error of an answer, from its body and its head. It is not for failures of a connection.
#pragma once

#include "client/answer_context.hpp"
#include "model/redact.hpp"
#include "policy/operations.hpp"
#include "wire/reply.hpp"

#include <venice_keys/error.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys::detail {

// Takes the secrets, and what can't be printed, out of a request id: a server may put anything there.
void make_request_id_fit(std::string& id, const secret_list& secrets);

// Adds the status, the request id and the time to wait.
void add_headers(error& why, const wire::reply& answer, std::optional<std::chrono::milliseconds> retry_after,
                 const secret_list& secrets);

// Whether the success of an operation brings a secret that was not known before.
[[nodiscard]] bool brings_secret(const policy::operation_rule& asked) noexcept;

// Makes the error for an answer with a status other than 2xx. `id`: of the key that was asked for; empty when the
// operation is about none.
[[nodiscard]] error read_refusal(const wire::reply& answer, const policy::operation_rule& asked, std::string_view id,
                                 std::optional<std::chrono::milliseconds> retry_after, const secret_list& secrets,
                                 const answer_context& with);

// Makes the error for an answer about another key than the one that was asked for.
[[nodiscard]] error wrong_key(std::string_view id, std::string_view asked, const secret_list& secrets);

} // namespace venice_keys::detail
