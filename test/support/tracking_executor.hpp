// An executor that leaves a mark while it runs something, so that a handler can see which executor it runs on.
#pragma once

#include <boost/asio/execution/context.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>

#include <type_traits>
#include <utility>

namespace test {

// The mark of the innermost tracking_executor that runs something on this thread; 0 for none.
class tracked {
public:
    explicit tracked(int mark) noexcept : before_(std::exchange(slot(), mark)) {}
    tracked(const tracked&) = delete;
    tracked& operator=(const tracked&) = delete;
    ~tracked() { slot() = before_; }

    [[nodiscard]] static int current() noexcept { return slot(); }

private:
    static int& slot() noexcept
    {
        thread_local int mark = 0;
        return mark;
    }

    int before_;
};

template <class Executor>
class tracking_executor {
public:
    tracking_executor(Executor inner, int mark) noexcept : inner_(std::move(inner)), mark_(mark) {}

    template <class Function>
    void execute(Function&& function) const
    {
        inner_.execute([mark = mark_, run = std::decay_t<Function>(std::forward<Function>(function))]() mutable {
            const tracked here(mark);
            std::move(run)();
        });
    }

    template <class Property>
        requires boost::asio::can_query_v<const Executor&, Property>
    [[nodiscard]] decltype(auto) query(const Property& property) const { return boost::asio::query(inner_, property); }

    template <class Property>
        requires boost::asio::can_require_v<const Executor&, Property>
    [[nodiscard]] auto require(const Property& property) const { return with(boost::asio::require(inner_, property)); }

    template <class Property>
        requires boost::asio::can_prefer_v<const Executor&, Property>
    [[nodiscard]] auto prefer(const Property& property) const { return with(boost::asio::prefer(inner_, property)); }

    friend bool operator==(const tracking_executor& left, const tracking_executor& right) noexcept
    {
        return left.inner_ == right.inner_ && left.mark_ == right.mark_;
    }
    friend bool operator!=(const tracking_executor& left, const tracking_executor& right) noexcept
    {
        return !(left == right);
    }

private:
    template <class Other>
    [[nodiscard]] tracking_executor<std::remove_cvref_t<Other>> with(Other&& other) const
    {
        return {std::forward<Other>(other), mark_};
    }

    Executor inner_;
    int mark_;
};

} // namespace test
