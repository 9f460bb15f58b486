// What the head of an answer adds to the error that its body gave.
#pragma once

#include "model/redact.hpp"
#include "wire/reply.hpp"

#include <venice_keys/error.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace venice_keys::detail {

// Takes the secrets, and what can't be printed, out of a request id: a server may put anything there.
void make_request_id_fit(std::string& id, const secret_list& secrets);

// Status, request id and the time to wait.
void add_headers(error& why, const wire::reply& answer, std::optional<std::chrono::milliseconds> retry_after,
                 const secret_list& secrets);

} // namespace venice_keys::detail
