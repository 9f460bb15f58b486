// Changes to one key go one after another, in the order in which they came (promise 6): each key with a change under
// way has an order of its own, in whatever case its id is written. It knows neither the time nor what a change is.
#pragma once

#include "model/key_id.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/unordered_set.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace venice_keys::policy {

namespace intrusive = boost::intrusive;

// A change in the order of its key. The one at the front may go; the others wait behind it.
class ordered_change : public intrusive::unordered_set_base_hook<intrusive::store_hash<true>>,
                       public intrusive::list_base_hook<intrusive::link_mode<intrusive::auto_unlink>> {
public:
    ordered_change() = default;
    ordered_change(const ordered_change&) = delete;
    ordered_change& operator=(const ordered_change&) = delete;

    [[nodiscard]] bool in_key_order() const noexcept { return in_key_order_; }
    [[nodiscard]] bool at_front() const noexcept { return in_key_order_ && at_front_; }

protected:
    ~ordered_change() = default;

private:
    friend class key_order;

    using list_hook = intrusive::list_base_hook<intrusive::link_mode<intrusive::auto_unlink>>;
    using follower_list = intrusive::list<ordered_change, intrusive::constant_time_size<false>>;

    std::string_view key_; // belongs to the owner, who keeps it while in_key_order()
    follower_list followers_;
    bool in_key_order_ = false;
    bool at_front_ = false;
};

class key_order {
public:
    key_order() : buckets_(first_buckets), fronts_(traits(buckets_)) {}
    key_order(const key_order&) = delete;
    key_order& operator=(const key_order&) = delete;
    ~key_order()
    {
        fronts_.clear_and_dispose([](ordered_change* each) { each->followers_.clear(); });
    }

    // True: the change is at the front at once. `key` must stay as it is until leave().
    bool enter(ordered_change& who, std::string_view key)
    {
        grow(); // comes first, because nothing else may throw
        who.key_ = key;
        who.in_key_order_ = true;
        front_set::insert_commit_data place;
        const auto [found, is_new] = fronts_.insert_check(key, hash{}, equal{}, place);
        if (!is_new) {
            found->followers_.push_back(who);
            return false;
        }
        fronts_.insert_commit(who, place);
        who.at_front_ = true;
        return true;
    }

    // Takes out a change, wherever it stands. Returns the change that comes to the front by that, or null.
    ordered_change* leave(ordered_change& who)
    {
        who.in_key_order_ = false;
        if (!who.at_front_) {
            static_cast<ordered_change::list_hook&>(who).unlink();
            return nullptr;
        }
        who.at_front_ = false;
        fronts_.erase(fronts_.iterator_to(who));
        if (who.followers_.empty())
            return nullptr;
        ordered_change& next = who.followers_.front();
        who.followers_.pop_front();
        next.followers_.swap(who.followers_);
        next.at_front_ = true;
        fronts_.insert(next);
        return &next;
    }

    [[nodiscard]] std::size_t size() const noexcept { return fronts_.size(); }

private:
    struct hash {
        std::size_t operator()(std::string_view key) const noexcept { return detail::hash_of_key(key); }
        std::size_t operator()(const ordered_change& who) const noexcept { return (*this)(who.key_); }
    };
    struct equal {
        bool operator()(std::string_view key, const ordered_change& who) const noexcept
        {
            return detail::same_key(key, who.key_);
        }
        bool operator()(const ordered_change& left, const ordered_change& right) const noexcept
        {
            return detail::same_key(left.key_, right.key_);
        }
    };
    using front_set = intrusive::unordered_set<ordered_change, intrusive::hash<hash>, intrusive::equal<equal>,
                                               intrusive::power_2_buckets<true>, intrusive::compare_hash<true>>;
    using bucket = front_set::bucket_type;

    static constexpr std::size_t first_buckets = 64;

    static front_set::bucket_traits traits(std::vector<bucket>& buckets) noexcept
    {
        return {buckets.data(), buckets.size()};
    }

    // There is at most one front to a bucket on average, so that a change costs no more when there are many keys.
    void grow()
    {
        if (fronts_.size() < buckets_.size())
            return;
        std::vector<bucket> larger(buckets_.size() * 2);
        fronts_.rehash(traits(larger));
        buckets_.swap(larger);
    }

    std::vector<bucket> buckets_;
    front_set fronts_;
};

} // namespace venice_keys::policy
