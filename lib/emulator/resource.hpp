// The API-keys resource: one request goes in, and the answer that the service would give comes out. It has no I/O and
// no HTTP syntax; time is passed in. Only one thread may use it at a time.
#pragma once

#include "emulator/key_store.hpp"
#include "emulator/limits.hpp"
#include "emulator/rate_limits.hpp"
#include "emulator/reply.hpp"
#include "emulator/request.hpp"
#include "emulator/web3.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

namespace venice_keys::emulation {

struct resource_options {
    std::string token;
    std::uint64_t seed = 1;
    bool enforce_limits = true;
    unsigned requests_per_minute = 0; // 0: no such limit, and no headers
    std::size_t error_budget = 50;
    bool every_failure_counts = false; // else client errors alone
    unsigned unknown_key_status = 400;
    bool budget_headers = true;
    wallet_form wallets = wallet_form::token;
};

// A fault gives this answer in place of the resource's.
struct emulated_answer {
    unsigned status = 500;
    std::string_view text = {};        // of the error; empty: one of the emulator's
    std::string_view retry_after = {}; // empty: none
    std::string_view body = {};        // in place of the usual one; empty: that
};

class resource {
public:
    explicit resource(resource_options options);

    // With effect::none it answers as if the change had been made.
    reply answer(const request& asked, timestamp now, effect mode);

    // Makes the change of a request that the resource does not answer. It does not count as a request.
    void apply(const request& asked, timestamp now);

    // Returns the answer that a fault gives to this request, with the header that every answer has. It counts as a
    // request, and against the error budget when its status says so.
    reply answer_with(const request& asked, const emulated_answer& what, timestamp now);

    // Accepts this token from now on, and no longer the present one. It must not be empty.
    void set_token(std::string token) { options_.token = std::move(token); }
    [[nodiscard]] const std::string& token() const noexcept { return options_.token; }

    // Returns how many times an error budget was spent.
    [[nodiscard]] std::uint64_t lockouts() const noexcept { return lockouts_; }

    [[nodiscard]] key_store& store() noexcept { return store_; }
    [[nodiscard]] const key_store& store() const noexcept { return store_; }

private:
    // Whose token it is, if there is such a key.
    struct caller {
        std::string token;               // empty: none
        bool known = false;              // there is such a key, and it is active
        bool admin = false;              // it may do everything
        const stored_key* key = nullptr; // null: the one that no list shows, or none. Valid until the key is deleted
        std::string key_id;
    };

    // One request on its way through the resource.
    struct request_context {
        const request& asked;
        route where;
        resource::caller caller;
        origin from;
        timestamp now;
        effect mode;
    };

    [[nodiscard]] caller identify(const request& asked, timestamp now) const;
    [[nodiscard]] request_context make_context(const request& asked, timestamp now, effect mode) const;
    [[nodiscard]] bool blocked(const caller& who, timestamp now) const;
    // Returns the refusal of a request that may not use the resource, and nothing when it may.
    [[nodiscard]] std::optional<reply> check_access(const request_context& context) const;
    // Counts the request. Returns nothing when requests, or those of this caller, are not counted.
    std::optional<quota> meter(const request_context& context);
    [[nodiscard]] bool counts(const reply& answer) const;
    // Charges the answer to its key's error budget, if it counts, and adds the header.
    reply finish(reply answer, const request_context& context);
    // Adds what is left of the error budget, and the request's identity, for which support would ask.
    reply add_header(reply answer, const request_context& context);

    reply dispatch(const request_context& context);
    reply serve_collection(const request_context& context);
    [[nodiscard]] reply get(const request_context& context) const;
    reply create(const request_context& context);
    reply update(const request_context& context);
    reply remove(const request_context& context);
    reply serve_web3(const request_context& context);
    reply challenge(const request_context& context);
    reply create_for_wallet(const request_context& context);
    [[nodiscard]] reply no_such_key(std::string_view text) const;

    resource_options options_;
    key_store store_;
    request_meter meter_;
    error_budget budget_;
    std::uint64_t lockouts_ = 0;
    limit_log exceeded_;
    web3_challenges challenges_;
    std::mt19937_64 request_ids_;
};

} // namespace venice_keys::emulation
