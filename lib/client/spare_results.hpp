// Room for results between the answer and the handler. It is not a part of the calls, because thousands of them may
// wait while few have a result. It is used again and again, so that an answer costs no allocation. Used in turns.
#pragma once

#include <venice_keys/result.hpp>

#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace venice_keys::detail {

template <class T>
class spare_results {
public:
    using pointer = std::unique_ptr<result<T>>;

    [[nodiscard]] pointer take()
    {
        if (spare_.empty())
            return std::make_unique<result<T>>();
        pointer one = std::move(spare_.back());
        spare_.pop_back();
        return one;
    }
    void give_back(pointer one)
    {
        *one = {};
        if (spare_.size() == most_spare)
            return;
        try {
            spare_.push_back(std::move(one));
        } catch (const std::bad_alloc&) {
            return; // it is freed instead
        }
    }

private:
    static constexpr std::size_t most_spare = 1'024;

    std::vector<pointer> spare_;
};

} // namespace venice_keys::detail
