// Owns the operations of a client and the room for their results. These objects are used again and again, so that a
// call costs no allocation of its own.
#pragma once

#include "client/maybe_mutex.hpp"
#include "client/operation_of.hpp"

#include <venice_keys/result.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace venice_keys::detail {

// What all operations of a client share.
struct operation_surroundings {
    answer_context& context;
    const std::string& base_path; // the path of the server's base URL
    maybe_mutex& guard;           // guards the free operations
};

// The operations of one kind.
template <class Request>
class operation_store {
public:
    using value_type = typename Request::value_type;
    using result_memory = std::unique_ptr<result<value_type>>;

    explicit operation_store(const operation_surroundings& around)
        : around_(around), path_(around.base_path + std::string(resource()))
    {
    }

    [[nodiscard]] answer_context& context() const noexcept { return around_.context; }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    // Returns a free operation. To be called under the guard.
    [[nodiscard]] operation_of<Request>& take()
    {
        if (free_.empty())
            return all_.emplace_back(*this);
        auto& call = static_cast<operation_of<Request>&>(free_.front());
        free_.pop_front();
        return call;
    }
    // Locks the guard.
    void give_back(operation& call)
    {
        call.next_life();
        const std::lock_guard lock(around_.guard);
        free_.push_front(call);
    }
    // Room for a result between the answer and the handler. It is not a part of the operations, because thousands of
    // them may wait while few have a result. Used in turns.
    [[nodiscard]] result_memory take_spare()
    {
        if (spares_.empty())
            return std::make_unique<result<value_type>>();
        result_memory one = std::move(spares_.back());
        spares_.pop_back();
        return one;
    }
    void give_back(result_memory one)
    {
        *one = {};
        if (spares_.size() == most_spares)
            return;
        try {
            spares_.push_back(std::move(one));
        } catch (const std::bad_alloc&) {
            return; // it is freed instead
        }
    }
    // Takes the handlers out of all operations, so that they can be destroyed without being called.
    [[nodiscard]] std::vector<completion<value_type>> let_go()
    {
        std::vector<completion<value_type>> handlers;
        for (auto& each : all_)
            handlers.push_back(each.let_go());
        return handlers;
    }

private:
    static constexpr std::size_t most_spares = 1'024;

    // The URL template from policy/operations.hpp, up to its first brace.
    [[nodiscard]] static std::string_view resource() noexcept
    {
        const std::string_view text = policy::rule_of(Request::what).url_template;
        return text.substr(0, text.find('{'));
    }

    const operation_surroundings around_;
    const std::string path_;
    std::vector<result_memory> spares_; // those that hold no result
    std::deque<operation_of<Request>> all_;
    operation_list free_;
};

// The stores of all kinds of operations.
template <class... Requests>
class operation_stores_of {
public:
    explicit operation_stores_of(const operation_surroundings& around) : stores_(operation_store<Requests>(around)...)
    {
    }

    template <class Request>
    [[nodiscard]] operation_store<Request>& of() noexcept
    {
        return std::get<operation_store<Request>>(stores_);
    }
    [[nodiscard]] auto let_go()
    {
        return std::apply([](auto&... each) { return std::make_tuple(each.let_go()...); }, stores_);
    }

private:
    std::tuple<operation_store<Requests>...> stores_;
};

using operation_stores =
    operation_stores_of<update_request, list_request, get_request, create_request, delete_request, rate_limits_request,
                        rate_limit_log_request, web3_challenge_request, web3_create_request>;

} // namespace venice_keys::detail
