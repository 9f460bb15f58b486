// call_options::confirm, on top of the public operations: a change and, when its answer was lost, a reading of the key.
#include "composed/in_effect.hpp"

#include <venice_keys/client_view.hpp>
#include <venice_keys/confirmation.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace venice_keys::detail {

namespace asio = boost::asio;

namespace {

// A change and its confirmation, one after the other. `T` is what the change completes with. Everything happens on the
// executor of the caller's handler.
template <class T>
class confirmed_change : public std::enable_shared_from_this<confirmed_change<T>> {
public:
    confirmed_change(client_ref client, std::string id, std::optional<key_update> wanted, handler_of<T> handler)
        : client_(std::move(client)), id_(std::move(id)), wanted_(std::move(wanted)), handler_(std::move(handler))
    {
    }

    // `start(options, handler)` starts the change.
    template <class Start>
    void run(std::chrono::milliseconds limit, std::chrono::milliseconds reserve, Start&& start)
    {
        using std::chrono::milliseconds;
        reserve = std::min(reserve, limit / 2);
        deadline_ = std::chrono::steady_clock::now() + limit;
        if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected())
            slot.assign([self = this->weak_from_this()](asio::cancellation_type type) {
                if (const auto alive = self.lock())
                    alive->cancel_.emit(alive->cancelled_ = type);
            });
        start(call_options{}.timeout(limit - reserve),
              step<T>([](confirmed_change& self, result<T> with) { self.changed(std::move(with)); }));
    }

private:
    template <class U, class Next>
    handler_of<U> step(Next next)
    {
        auto executor = asio::get_associated_executor(handler_, client_.executor);
        return erase<U>(
            client_.executor,
            asio::bind_cancellation_slot(
                cancel_.slot(), asio::bind_executor(executor, [self = this->shared_from_this(), next](result<U> with) {
                    next(*self, std::move(with));
                })));
    }

    void changed(result<T> with)
    {
        using namespace std::chrono;
        const auto left = floor<milliseconds>(deadline_ - steady_clock::now());
        if (with || !with.error().maybe_applied() || gave_up(with.error()))
            return complete(std::move(with));
        if (left <= milliseconds(0))
            return complete(std::move(with),
                            {confirmation::verdict::unreadable, {}, "no time was left to read the key back"});
        outcome_ = std::move(with);
        start_get(
            client_, std::string(id_), call_options{}.timeout(left),
            step<key_details>([](confirmed_change& self, result<key_details> read) { self.read(std::move(read)); }));
    }

    // Whether the caller has cancelled, or the client has closed: nobody waits for more.
    [[nodiscard]] bool gave_up(const error& why) const
    {
        return why.code == errc::cancelled || why.code == errc::closed ||
               (cancelled_ & asio::cancellation_type::terminal) != asio::cancellation_type::none;
    }

    void read(result<key_details> got)
    {
        confirmation found;
        const bool gone = !got && got.error().code == errc::not_found;
        if (got)
            found.what = wanted_ && in_effect(*wanted_, *got) ? confirmation::verdict::in_effect
                                                              : confirmation::verdict::differs;
        else if (gone)
            found.what = wanted_ ? confirmation::verdict::differs : confirmation::verdict::in_effect;
        else
            found.why = got.error().message();
        if (got)
            found.key = std::move(*got);
        complete(std::move(outcome_), std::move(found));
    }

    void complete(result<T> with, confirmation found)
    {
        with.error().confirmation = std::make_shared<const confirmation>(std::move(found));
        complete(std::move(with));
    }

    // Runs on the handler's executor, and no longer inside the initiation.
    void complete(result<T> with)
    {
        asio::get_associated_cancellation_slot(handler_).clear();
        std::move(handler_)(std::move(with));
    }

    client_ref client_;
    std::string id_;
    std::optional<key_update> wanted_; // empty: the key is to be gone
    handler_of<T> handler_;
    std::chrono::steady_clock::time_point deadline_;
    asio::cancellation_signal cancel_;
    asio::cancellation_type cancelled_ = asio::cancellation_type::none;
    result<T> outcome_;
};

// How long the change and its confirmation may take together. Empty when that time can't be divided: the change alone
// then tells the caller why, or uses what little time it has.
std::optional<std::chrono::milliseconds> time_to_confirm(const client_ref& client, const call_options& options)
{
    const auto limit = time_limit_of(client, options);
    return limit && *limit < std::chrono::milliseconds(2) ? std::nullopt : limit;
}

} // namespace

void confirm_update(const client_ref& client, key_update&& update, const call_options& options,
                    handler_of<api_key>&& handler)
{
    const auto limit = time_to_confirm(client, options);
    if (!limit)
        return send_update(client, std::move(update), options, std::move(handler));
    const auto both = std::make_shared<confirmed_change<api_key>>(client, update.id(), update, std::move(handler));
    both->run(*limit, *options.confirm_reserve(), [&](const call_options& shorter, handler_of<api_key> next) {
        send_update(client, std::move(update), shorter, std::move(next));
    });
}

void confirm_delete(const client_ref& client, std::string&& id, const call_options& options, handler_of<void>&& handler)
{
    const auto limit = time_to_confirm(client, options);
    if (!limit)
        return send_delete(client, std::move(id), options, std::move(handler));
    const auto both = std::make_shared<confirmed_change<void>>(client, id, std::nullopt, std::move(handler));
    both->run(*limit, *options.confirm_reserve(), [&](const call_options& shorter, handler_of<void> next) {
        send_delete(client, std::move(id), shorter, std::move(next));
    });
}

} // namespace venice_keys::detail
