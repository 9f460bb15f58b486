#include "net/connector.hpp"

#include "net/connect_fault.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <new>
#include <utility>

namespace venice_keys::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// A name that does not exist, or has no address, need not be looked up again at once. But a name server that can't be
// reached, or has failed, says nothing about the name.
outlook outlook_of(error_code resolving) noexcept
{
    return resolving == asio::error::host_not_found || resolving == asio::error::no_data ? outlook::permanent
                                                                                         : outlook::passing;
}

} // namespace

connector::connector(const turn_executor& turns, std::shared_ptr<tls_context> context, detail::endpoint server,
                     callback done, std::shared_ptr<const proxy_route> proxy)
    : turns_(turns),
      context_(std::move(context)),
      server_(std::move(server)),
      proxy_(std::move(proxy)),
      done_(std::move(done)),
      resolver_(turns.executor()),
      stagger_(turns.executor())
{
}

void connector::start()
{
    error_code ec;
    const auto literal = asio::ip::make_address(host().host, ec);
    if (!ec)
        return race_for({tcp::endpoint(literal, host().port)});
    resolver_.async_resolve(
        host().host, std::to_string(host().port), tcp::resolver::numeric_service,
        turns_.in_turn<error_code, tcp::resolver::results_type>(
            [self = shared_from_this()](error_code failed, const tcp::resolver::results_type& found) {
                self->resolved(failed, found);
            }));
}

void connector::race_for(const std::vector<tcp::endpoint>& addresses)
{
    race_.emplace(addresses);
    running_.reserve(race_->size());
    start_next();
}

void connector::cancel() noexcept
{
    // A server that does not react to one ticket may not react to the next either.
    if (std::exchange(done_, nullptr) && std::ranges::any_of(running_, &attempt::offers_ticket,
                                                             [](const auto& each) -> const attempt& { return *each; }))
        context_->drop_tickets();
    if (!race_)
        try {
            resolver_.cancel();
        } catch (const std::bad_alloc&) {
            // The look-up goes on, and its result is ignored.
        }
    error_code ignored; // they are given up anyway
    stagger_.cancel(ignored);
    for (const auto& each : running_)
        each->cancel();
    running_.clear();
}

connect_phase connector::phase() const
{
    if (!race_)
        return {errc::resolve_failed, "resolving " + name()};
    const auto furthest = std::ranges::max_element(running_, {}, &attempt::at); // the first, if several got so far
    return furthest == running_.end() ? connect_phase{errc::connect_failed, "connecting to " + name()}
                                      : (*furthest)->phase();
}

void connector::resolved(error_code ec, const tcp::resolver::results_type& found)
{
    if (!done_)
        return;
    connect_failure failure{error(errc::resolve_failed, connect_fault("resolving " + name(), ec), ec), outlook_of(ec)};
    if (ec || found.empty())
        return finish(nullptr, std::move(failure));
    try {
        std::vector<tcp::endpoint> addresses;
        for (const auto& each : found)
            addresses.push_back(each.endpoint());
        race_.emplace(addresses);
        running_.reserve(race_->size());
    } catch (const std::bad_alloc&) {
        race_.reset();
        failure.why.cause = make_error_code(boost::system::errc::not_enough_memory);
        return finish(nullptr, std::move(failure));
    }
    go_on();
}

void connector::start_next()
{
    const tcp::endpoint& address = race_->next();
    if (race_->more()) {
        stagger_.expires_after(race::attempt_delay);
        stagger_.async_wait(turns_.in_turn<error_code>([self = shared_from_this()](error_code ec) {
            if (!ec && self->done_ && self->race_->more())
                self->go_on();
        }));
    }
    const auto one =
        std::make_shared<attempt>(turns_, context_, address, where(address), proxy_,
                                  [weak = weak_from_this()](const attempt& which, std::optional<connect_failure> how) {
                                      if (const auto self = weak.lock())
                                          self->ended(which, std::move(how));
                                  });
    one->start();
    running_.push_back(one); // race_for() and resolved() have reserved the room
}

// Starts the next attempt, or the one after it if that can't even be started.
void connector::go_on()
{
    while (race_->more()) {
        try {
            return start_next();
        } catch (const boost::system::system_error& thrown) {
            race_->failed(
                {error(errc::connect_failed, connect_fault("connecting to " + name(), thrown.code()), thrown.code())});
        } catch (const std::bad_alloc&) {
            race_->failed({error(errc::connect_failed, "memory ran out",
                                 make_error_code(boost::system::errc::not_enough_memory))});
        }
    }
    if (race_->lost())
        finish(nullptr, std::move(race_->failure()));
}

void connector::ended(const attempt& which, std::optional<connect_failure> how)
{
    if (!done_)
        return;
    const auto found = std::ranges::find(running_, &which, &std::shared_ptr<attempt>::get);
    const std::shared_ptr<attempt> one = std::move(*found);
    running_.erase(found);
    if (!how)
        return finish(one.get(), {});
    race_->failed(std::move(*how));
    go_on();
}

// Closes the losers before it reports the winner.
void connector::finish(attempt* winner, connect_failure why)
{
    const auto self = shared_from_this();
    const callback done = std::exchange(done_, nullptr);
    cancel();
    done(winner, std::move(why));
}

// Without the port, for texts that are not about one address.
std::string connector::name() const
{
    return proxy_ ? "the proxy " + proxy_->proxy.host : server_.host;
}

// With several addresses, each is named.
std::string connector::where(const tcp::endpoint& address) const
{
    std::string words = proxy_ ? proxy_->words() : server_.host + ":" + std::to_string(server_.port);
    if (race_->size() > 1)
        words.append(" (").append(address.address().to_string()).append(")");
    return words;
}

} // namespace venice_keys::net
