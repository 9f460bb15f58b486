// The emulator's one shared state: the resource, the fault rules and the counters behind one lock. It decides what
// becomes of a request; the connections carry it out.
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
#include <type_traits>
#include <utility>
#include <vector>

namespace venice_keys::emulation {

// What becomes of a request.
struct decision {
    timestamp when;              // the decision was made
    reply answer;                // without a fault, and where the fault sends it or a part of it
    std::optional<fault> strike; // the fault that strikes
    bool apply_late = false;     // apply_late() is to be called after `lateness`
};

class service {
public:
    static constexpr std::chrono::milliseconds lateness{200};

    service(const resource_options& options, std::size_t initial_keys, timestamp now,
            std::chrono::milliseconds service_time = std::chrono::milliseconds{0})
        : resource_(options), faults_(options.seed), service_time_(service_time)
    {
        resource_.store().populate(initial_keys, now);
    }

    // How long a request takes before take() may be called for it.
    [[nodiscard]] std::chrono::milliseconds service_time() const noexcept { return service_time_; }

    decision take(const request& asked, timestamp now);
    void apply_late(const request& asked, timestamp now);

    // Returns the connection's number, counted from 1.
    std::uint64_t count_connection()
    {
        return locked([&] { return ++stats_.connections; });
    }
    void count_handshake()
    {
        locked([&] { ++stats_.handshakes; });
    }
    // Counts an answer to bytes that were no request.
    void count_failure()
    {
        locked([&] { ++stats_.failures; });
    }

    // Whether it matters to some fault if there are bytes behind a request.
    [[nodiscard]] bool watches_overread() const
    {
        return locked([&] { return faults_.watch_overread(); });
    }

    void set_token(std::string token)
    {
        locked([&] { resource_.set_token(std::move(token)); });
    }
    [[nodiscard]] std::string token() const
    {
        return locked([&] { return resource_.token(); });
    }

    // Returns the key's secret; it is empty when OpenSSL has no random numbers.
    std::string add_key(api_key key, timestamp now)
    {
        return locked([&] { return resource_.store().add(std::move(key), now); });
    }

    void add_fault(fault rule)
    {
        locked([&] { faults_.add(std::move(rule)); });
    }
    void clear_faults()
    {
        locked([&] { faults_.clear(); });
    }
    // From now on late updates are no longer applied.
    void stop()
    {
        locked([&] { stopped_ = true; });
    }

    [[nodiscard]] std::vector<api_key> keys() const;
    [[nodiscard]] std::vector<journal_entry> journal() const
    {
        return locked([&] { return resource_.store().journal(); });
    }
    [[nodiscard]] emulator_stats stats() const;

private:
    template <class Use>
    std::invoke_result_t<Use> locked(Use use) const
    {
        const std::lock_guard lock{mutex_};
        return use();
    }

    decision decide(const request& asked, timestamp now);

    mutable std::mutex mutex_;
    resource resource_;
    fault_rules faults_;
    emulator_stats stats_;
    const std::chrono::milliseconds service_time_;
    bool stopped_ = false;
};

} // namespace venice_keys::emulation
