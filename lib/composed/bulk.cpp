// client::update_keys, on top of the public operations. Bookkeeping happens on a strand of the client's executor (with
// threading::single on the executor itself); the caller's range and sink are used on the handler's executor.
#include <venice_keys/client_view.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/strand.hpp>

#include <deque>
#include <memory>
#include <utility>
#include <vector>

namespace venice_keys::detail {

namespace asio = boost::asio;

namespace {

constexpr std::size_t most_in_flight = 100'000;

class bulk : public std::enable_shared_from_this<bulk> {
public:
    bulk(client_ref client, std::unique_ptr<bulk_source> source, const bulk_options& options, bulk_sink sink,
         handler_of<bulk_summary> handler)
        : client_(std::move(client)),
          executor_(is_single_threaded(client_) ? client_.executor
                                                : asio::any_io_executor(asio::make_strand(client_.executor))),
          source_(std::move(source)),
          options_(options),
          sink_(std::move(sink)),
          handler_(std::move(handler)),
          callers_executor_(asio::prefer(asio::get_associated_executor(handler_, client_.executor),
                                         asio::execution::outstanding_work.tracked))
    {
    }

    void start()
    {
        if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected())
            slot.assign([self = weak_from_this()](asio::cancellation_type type) {
                if (const auto alive = self.lock())
                    asio::post(alive->executor_, [alive, type] { alive->cancel(type); });
            });
        asio::post(executor_, [self = shared_from_this()] { self->proceed(); });
    }

private:
    // One update that is under way; used again for the next.
    struct entry {
        std::size_t index = 0;
        bool taken = false;
        asio::cancellation_signal cancel;
    };
    struct ended {
        std::size_t index;
        result<api_key> outcome;
    };

    // A visit to the caller's side: hands over results and pulls updates. Its destructor reports back, whatever the
    // caller's code has thrown.
    struct visit {
        std::shared_ptr<bulk> owner;
        asio::any_io_executor at_work; // keeps its context running, which may have nothing else to do meanwhile
        std::deque<ended> results;
        std::size_t wanted = 0;
        std::vector<key_update> pulled;
        enum class range { goes_on, ended, threw } left_in = range::goes_on;

        visit(std::shared_ptr<bulk> whose, std::deque<ended> with, std::size_t pull)
            : owner(std::move(whose)),
              at_work(asio::prefer(owner->executor_, asio::execution::outstanding_work.tracked)),
              results(std::move(with)),
              wanted(pull)
        {
        }
        visit(visit&&) noexcept = default;
        visit& operator=(visit&&) = delete;
        ~visit()
        {
            if (!owner)
                return;
            bulk& home = *owner;
            asio::post(home.executor_,
                       [self = std::move(owner), left = std::move(results), fresh = std::move(pulled),
                        rest = left_in]() mutable { self->back(std::move(left), std::move(fresh), rest); });
        }

        void operator()()
        {
            while (!results.empty()) {
                ended first = std::move(results.front());
                results.pop_front();
                owner->sink_(first.index, std::move(first.outcome));
            }
            left_in = range::threw; // stands if the range throws; it is not asked again then
            while (pulled.size() != wanted) {
                std::optional<key_update> next = owner->source_->next();
                if (!next) {
                    left_in = range::ended;
                    return;
                }
                pulled.push_back(*std::move(next));
            }
            left_in = range::goes_on;
        }
    };

    // Visits the caller when there is something to hand over or to pull; completes when nothing is left.
    void proceed()
    {
        if (visiting_)
            return;
        const std::size_t room = exhausted_ || stopping_ ? 0 : options_.max_in_flight() - in_flight_;
        // Pulls at least a quarter at a time, so that a visit is worth its trips between executors.
        const bool pull = room != 0 && (room * 4 >= options_.max_in_flight() || in_flight_ == 0);
        if (!results_.empty() || pull) {
            visiting_ = true;
            asio::dispatch(callers_executor_, visit(shared_from_this(), std::exchange(results_, {}), room));
        } else if (in_flight_ == 0 && (exhausted_ || stopping_)) {
            complete();
        }
    }

    void back(std::deque<ended> left, std::vector<key_update> fresh, visit::range rest)
    {
        visiting_ = false;
        exhausted_ = exhausted_ || rest == visit::range::ended;
        for (ended& each : left)
            results_.push_back(std::move(each));
        for (key_update& each : fresh) {
            const std::size_t index = pulled_++;
            if (stopping_)
                note(index, error(errc::cancelled, "the bulk update stopped before this item was started"));
            else
                begin(index, std::move(each));
        }
        if (rest == visit::range::threw) // what the range gave before is under way
            stop(bulk_summary::end::stopped);
        proceed();
    }

    void begin(std::size_t index, key_update&& update)
    {
        if (free_.empty())
            free_.push_back(&entries_.emplace_back());
        entry& where = *free_.back();
        free_.pop_back();
        where.index = index;
        where.taken = true;
        ++in_flight_;
        start_update(
            client_, std::move(update), options_.each(),
            erase<api_key>(client_.executor,
                           asio::bind_cancellation_slot(
                               where.cancel.slot(), asio::bind_executor(executor_, [self = shared_from_this(),
                                                                                    &where](result<api_key> outcome) {
                                   self->end(where, std::move(outcome));
                               }))));
    }

    void end(entry& where, result<api_key> outcome)
    {
        where.taken = false;
        free_.push_back(&where);
        --in_flight_;
        note(where.index, std::move(outcome));
        proceed();
    }

    void note(std::size_t index, result<api_key> outcome)
    {
        if (outcome)
            ++summary_.applied;
        else
            note_failure(outcome.error());
        results_.push_back({index, std::move(outcome)});
    }

    void note_failure(const error& why)
    {
        if (why.maybe_applied())
            ++summary_.unknown;
        else if (why.delivery == delivery::not_sent && why.code != errc::invalid_argument)
            ++summary_.not_sent;
        else
            ++summary_.refused;
        if (!summary_.first_error)
            summary_.first_error = why;
        if (why.code == errc::closed)
            stop(bulk_summary::end::closed);
        else if (options_.stops_on_error())
            stop(bulk_summary::end::stopped);
    }

    void stop(bulk_summary::end how)
    {
        if (how == bulk_summary::end::stopped && exhausted_)
            return; // there is nothing left to stop
        if (!std::exchange(stopping_, true))
            summary_.how = how;
    }

    void cancel(asio::cancellation_type type)
    {
        if (completed_)
            return;
        stopping_ = true;
        summary_.how = bulk_summary::end::cancelled;
        for (entry& each : entries_)
            if (each.taken)
                each.cancel.emit(type);
        proceed();
    }

    void complete()
    {
        if (std::exchange(completed_, true))
            return;
        const auto executor = std::exchange(callers_executor_, {});
        asio::dispatch(executor, [handler = std::move(handler_), with = std::move(summary_)]() mutable {
            asio::get_associated_cancellation_slot(handler).clear();
            std::move(handler)(result<bulk_summary>(std::move(with)));
        });
    }

    client_ref client_;
    asio::any_io_executor executor_;
    std::unique_ptr<bulk_source> source_;
    bulk_options options_;
    bulk_sink sink_;
    handler_of<bulk_summary> handler_;
    asio::any_completion_executor callers_executor_;

    std::deque<entry> entries_;
    std::vector<entry*> free_;
    std::deque<ended> results_; // those that have not been handed over
    std::size_t in_flight_ = 0;
    std::size_t pulled_ = 0;
    bool visiting_ = false;  // a visit is under way
    bool exhausted_ = false; // the range has ended
    bool stopping_ = false;  // nothing more is pulled
    bool completed_ = false;
    bulk_summary summary_;
};

// Completes on the handler's executor, and not inside the initiation.
void refuse(const client_ref& client, handler_of<bulk_summary> handler, error why)
{
    auto executor = asio::prefer(asio::get_associated_executor(handler, client.executor),
                                 asio::execution::outstanding_work.tracked);
    asio::post(client.executor,
               [executor = std::move(executor), handler = std::move(handler), why = std::move(why)]() mutable {
                   asio::dispatch(executor, [handler = std::move(handler), why = std::move(why)]() mutable {
                       std::move(handler)(result<bulk_summary>(std::move(why)));
                   });
               });
}

} // namespace

void start_bulk(const client_ref& client, std::unique_ptr<bulk_source>&& source, const bulk_options& options,
                bulk_sink&& sink, handler_of<bulk_summary> handler)
{
    if (options.max_in_flight() == 0 || options.max_in_flight() > most_in_flight)
        return refuse(
            client, std::move(handler),
            error(errc::invalid_argument, "bulk_options::max_in_flight: " + std::to_string(options.max_in_flight()) +
                                              " is not in 1 … " + std::to_string(most_in_flight)));
    if (!sink)
        return refuse(client, std::move(handler),
                      error(errc::invalid_argument, "sink: it is an empty function, which can take no results"));
    std::make_shared<bulk>(client, std::move(source), options, std::move(sink), std::move(handler))->start();
}

} // namespace venice_keys::detail
