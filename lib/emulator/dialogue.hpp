// What is said on one connection, in one version of HTTP: requests are read and answered, and faults carried out. What
// is answered, and which fault strikes, is decided by the service.
#pragma once

#include "emulator/line.hpp"
#include "emulator/service.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace venice_keys::emulation {

class dialogue {
public:
    dialogue() = default;
    dialogue(const dialogue&) = delete;
    dialogue& operator=(const dialogue&) = delete;
    virtual ~dialogue() = default;

    // Returns when nothing is left to send but the goodbye.
    virtual boost::asio::awaitable<void> serve() = 0;

    // The line has been dropped: gives up whatever waits.
    virtual void drop() = 0;
};

// One request's turn at the service.
struct exchange {
    timestamp when;
    verdict what;
};

// Asks the service now, and sees to it that a late update is applied late.
[[nodiscard]] exchange ask(const std::shared_ptr<service>& whom, const request& asked,
                           const boost::asio::any_io_executor& executor);

[[nodiscard]] timestamp wall_clock();

} // namespace venice_keys::emulation
