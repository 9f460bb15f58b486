// The emulator's one shared state: the resource, the fault rules and the counters behind one lock. It says what is to
// become of a request; the connections carry it out.
#pragma once

#include "emulator/fault_rules.hpp"
#include "emulator/resource.hpp"

#include <venice_keys/emulator.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace venice_keys::emulation {

struct verdict {
    std::optional<fault::kind> strike;
    std::optional<fault> rule;         // the one that struck, for what only one protocol knows
    reply answer;                      // without a strike, and where the fault sends it or a part of it
    std::chrono::milliseconds time{0}; // of delay, silent, streams and window
    std::size_t bytes = 0;             // of cut
    std::string raw;                   // of raw
    fault::behind behind{};            // of overread
    bool apply_late = false;           // apply_late() is to be called after `lateness`
};

class service {
public:
    static constexpr std::chrono::milliseconds lateness{200};

    service(const resource_options& options, std::size_t initial_keys, timestamp now,
            std::chrono::milliseconds service_time = std::chrono::milliseconds{0});

    // How long a request takes before take() may be asked.
    [[nodiscard]] std::chrono::milliseconds service_time() const noexcept { return service_time_; }

    verdict take(const request& asked, timestamp now);
    void apply_late(const request& asked, timestamp now);

    std::uint64_t count_connection(); // its number, from 1
    void count_handshake();
    void count_failure(); // an answer to what was no request

    // Whether it matters to some fault if there are bytes behind a request.
    [[nodiscard]] bool watches_overread() const;

    void set_token(std::string token);
    [[nodiscard]] std::string token() const;

    // Its secret; empty: OpenSSL has no random numbers.
    std::string add_key(api_key key, timestamp now);

    void add_fault(fault rule);
    void clear_faults();
    // After this, late updates are no longer applied.
    void stop();

    [[nodiscard]] std::vector<api_key> keys() const;
    [[nodiscard]] std::vector<journal_entry> journal() const;
    [[nodiscard]] emulator_stats stats() const;

private:
    verdict decide(const request& asked, timestamp now);

    mutable std::mutex mutex_;
    resource resource_;
    fault_rules faults_;
    emulator_stats stats_;
    const std::chrono::milliseconds service_time_;
    bool stopped_ = false;
};

} // namespace venice_keys::emulation
