// The API-keys resource: one request in, one answer out, as the service would give it. No I/O and no HTTP syntax; time
// is passed in. Not for several threads at once.
#pragma once

#include "emulator/key_store.hpp"
#include "emulator/limit_log.hpp"
#include "emulator/reply.hpp"
#include "emulator/request.hpp"
#include "emulator/throttle.hpp"
#include "emulator/web3.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace venice_keys::emulation {

struct resource_options {
    std::string token;
    std::uint64_t seed = 1;
    bool enforce_limits = true;
    unsigned requests_per_minute = 0; // 0: no such limit, and no headers
};

class resource {
public:
    explicit resource(resource_options options);

    // effect::none answers as if the change had been made.
    reply answer(const request& asked, timestamp now, effect mode);

    // Makes the change of a request whose answer is lost, late or someone else's. Counts as no request.
    void apply(const request& asked, timestamp now);

    // An answer that a fault gives to this request, with the header of the others and Retry-After if there is such a
    // text. Counts as a request, and as a failure when its status says so.
    reply answer_with(const request& asked, unsigned status, std::string_view retry_after, timestamp now);

    // The one that is let in from now on. Not empty.
    void set_token(std::string token) { options_.token = std::move(token); }
    [[nodiscard]] const std::string& token() const noexcept { return options_.token; }

    // Times that a caller was blocked.
    [[nodiscard]] std::uint64_t lockouts() const noexcept { return lockouts_; }

    [[nodiscard]] key_store& store() noexcept { return store_; }
    [[nodiscard]] const key_store& store() const noexcept { return store_; }

private:
    [[nodiscard]] bool authorized(const request& asked) const;
    // Whether it may be answered at all: it has the good token, or needs none.
    [[nodiscard]] bool admitted(const request& asked) const;
    reply dispatch(const request& asked, timestamp now, effect mode);
    reply serve_collection(const request& asked, std::string_view query, timestamp now, effect mode);
    [[nodiscard]] reply get(std::string_view id) const;
    reply create(const request& asked, timestamp now, effect mode);
    reply serve_web3(const request& asked, timestamp now, effect mode);
    reply create_for_wallet(const request& asked, timestamp now, effect mode);
    reply update(const request& asked, effect mode);
    reply remove(const request& asked, std::string_view query, effect mode);
    void count_failure(const request& asked, timestamp now);
    reply finish(reply answer);

    resource_options options_;
    key_store store_;
    request_meter meter_;
    lockout lockout_;
    std::uint64_t lockouts_ = 0;
    limit_log exceeded_;
    web3_challenges challenges_;
    std::mt19937_64 request_ids_;
};

} // namespace venice_keys::emulation
