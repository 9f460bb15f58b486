#include "emulator/service.hpp"

#include "emulator/fault_access.hpp"

#include <utility>

namespace venice_keys::emulation {

service::service(const resource_options& options, std::size_t initial_keys, timestamp now,
                 std::chrono::milliseconds service_time)
    : resource_(options), faults_(options.seed), service_time_(service_time)
{
    resource_.store().populate(initial_keys, now);
}

verdict service::take(const request& asked, timestamp now)
{
    const std::lock_guard lock{mutex_};
    ++stats_.requests;
    verdict out = decide(asked, now);
    if (out.answer.status >= 400)
        ++stats_.failures;
    if (out.answer.status == 401)
        ++stats_.unauthorized;
    return out;
}

// A strike that answers nothing leaves the answer blank, with a status that is no failure.
verdict service::decide(const request& asked, timestamp now)
{
    verdict out;
    const std::optional<fault> struck = faults_.strike(asked);
    if (!struck) {
        out.answer = resource_.answer(asked, now, effect::real);
        return out;
    }
    ++stats_.faults;
    const fault_access rule{*struck};
    out.strike = rule.kind();
    out.rule = struck;
    out.time = rule.time();
    out.bytes = rule.bytes();
    out.raw = rule.raw();
    out.behind = rule.behind();
    out.apply_late = rule.applied() == fault::apply::late;
    const bool applied = rule.applied() == fault::apply::before;
    switch (rule.kind()) {
    case fault::kind::delay:
    case fault::kind::cut:
    case fault::kind::swap:
    case fault::kind::overread:
    case fault::kind::streams:
    case fault::kind::window:
        out.answer = resource_.answer(asked, now, applied ? effect::real : effect::none);
        break;
    case fault::kind::malformed:
        out.answer = resource_.answer(asked, now, applied ? effect::real : effect::none);
        out.answer.status = 200;
        out.answer.body = R"({"data":{"id":"broken off in)";
        break;
    case fault::kind::answer:
        if (applied)
            resource_.apply(asked, now);
        out.answer = resource_.answer_with(asked, {rule.status(), rule.text(), rule.retry_after(), rule.body()}, now);
        break;
    case fault::kind::rst:
    case fault::kind::goaway:
    case fault::kind::silent:
        if (rule.answers())
            out.answer = resource_.answer(asked, now, applied ? effect::real : effect::none);
        else if (applied)
            resource_.apply(asked, now);
        break;
    case fault::kind::close:
    case fault::kind::reset:
    case fault::kind::stall:
    case fault::kind::raw:
        if (applied)
            resource_.apply(asked, now);
        break;
    }
    return out;
}

void service::apply_late(const request& asked, timestamp now)
{
    const std::lock_guard lock{mutex_};
    if (!stopped_)
        resource_.apply(asked, now);
}

std::uint64_t service::count_connection()
{
    const std::lock_guard lock{mutex_};
    return ++stats_.connections;
}

void service::count_handshake()
{
    const std::lock_guard lock{mutex_};
    ++stats_.handshakes;
}

void service::count_failure()
{
    const std::lock_guard lock{mutex_};
    ++stats_.failures;
}

bool service::watches_overread() const
{
    const std::lock_guard lock{mutex_};
    return faults_.watch_overread();
}

void service::set_token(std::string token)
{
    const std::lock_guard lock{mutex_};
    resource_.set_token(std::move(token));
}

std::string service::token() const
{
    const std::lock_guard lock{mutex_};
    return resource_.token();
}

std::string service::add_key(api_key key, timestamp now)
{
    const std::lock_guard lock{mutex_};
    return resource_.store().add(std::move(key), now);
}

void service::add_fault(fault rule)
{
    const std::lock_guard lock{mutex_};
    faults_.add(std::move(rule));
}

void service::clear_faults()
{
    const std::lock_guard lock{mutex_};
    faults_.clear();
}

void service::stop()
{
    const std::lock_guard lock{mutex_};
    stopped_ = true;
}

std::vector<api_key> service::keys() const
{
    const std::lock_guard lock{mutex_};
    std::vector<api_key> out;
    out.reserve(resource_.store().keys().size());
    for (const auto& [order, stored] : resource_.store().keys())
        out.push_back(stored.key);
    return out;
}

std::vector<journal_entry> service::journal() const
{
    const std::lock_guard lock{mutex_};
    return resource_.store().journal();
}

emulator_stats service::stats() const
{
    const std::lock_guard lock{mutex_};
    emulator_stats out = stats_;
    out.lockouts = resource_.lockouts();
    return out;
}

} // namespace venice_keys::emulation
