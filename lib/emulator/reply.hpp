// An answer of the service: its parts, its JSON, its fields and its bytes. It does not decide what is answered.
#pragma once

#include "emulator/key_store.hpp"
#include "emulator/limits.hpp"
#include "emulator/validation.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace venice_keys::emulation {

struct reply {
    unsigned status = 200;
    std::string body; // JSON, or nothing
    std::string request_id;
    std::string allow; // of 405
    std::optional<quota> rate;
    std::optional<budget_left> budget;
    std::string retry_after; // seconds or a date; empty: none
    std::string payment;     // what PAYMENT-REQUIRED says to a request without a token
    bool charged = true;     // a client error of this kind counts against the error budget
};

[[nodiscard]] reply success(std::string body);
// The body is {"error": "…"}.
[[nodiscard]] reply refusal(unsigned status, std::string_view text);
// The status is 400, and the body has the issues as a list and as a tree.
[[nodiscard]] reply refusal(const std::vector<issue>& issues);
// A refusal that costs no error budget.
[[nodiscard]] reply free_refusal(unsigned status, std::string_view text);
// The answer 402 to a request without Authorization, which could pay for itself (x402).
[[nodiscard]] reply payment_required();

// The list has the active keys alone, the newest one first.
[[nodiscard]] std::string list_body(const key_store& store, timestamp now);
[[nodiscard]] std::string get_body(const stored_key& stored);
[[nodiscard]] std::string update_body(const api_key& key);
[[nodiscard]] std::string creation_body(const creation& made);

// A field of an answer's header that every version of HTTP has.
struct reply_field {
    std::string_view name; // in the letters that are usual in HTTP/1.1
    std::string value;
};

[[nodiscard]] std::vector<reply_field> reply_fields(const reply& answer, timestamp now);

// Whether the answer has neither body nor length, as with 204 and 304 (RFC 9110 section 8.6).
[[nodiscard]] bool is_bodiless(const reply& answer);

struct reply_framing {
    bool head = false;      // no body: the request was HEAD
    bool keep_alive = true; // else `Connection: close`
    bool http_1_0 = false;  // a client of HTTP/1.0 must be told that the connection stays open
};

// Appends the bytes of the answer, as HTTP/1.1 has them.
void append_reply(std::string& out, const reply& answer, timestamp now, reply_framing framing);

} // namespace venice_keys::emulation
