// Changes to one key take turns, in the order in which they came (promise 6): one lane for each key that has a change
// under way, however its id is written. No time, no knowledge of what a change is.
#pragma once

#include "model/key_id.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/unordered_set.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace venice_keys::policy {

namespace intrusive = boost::intrusive;

// One change's place in the lane of its key. The first of a lane has the turn.
class lane_place : public intrusive::unordered_set_base_hook<intrusive::store_hash<true>>,
                   public intrusive::list_base_hook<intrusive::link_mode<intrusive::auto_unlink>> {
public:
    lane_place() = default;
    lane_place(const lane_place&) = delete;
    lane_place& operator=(const lane_place&) = delete;

    // In a lane, with the turn or without.
    [[nodiscard]] bool in_lane() const noexcept { return in_lane_; }
    [[nodiscard]] bool has_turn() const noexcept { return in_lane_ && leads_; }

protected:
    ~lane_place() = default;

private:
    friend class lanes;

    using list_hook = intrusive::list_base_hook<intrusive::link_mode<intrusive::auto_unlink>>;
    using follower_list = intrusive::list<lane_place, intrusive::constant_time_size<false>>;

    std::string_view key_; // of the owner's, who keeps it while in_lane()
    follower_list followers_;
    bool in_lane_ = false;
    bool leads_ = false;
};

class lanes {
public:
    lanes() : buckets_(first_buckets), leaders_(traits(buckets_)) {}
    lanes(const lanes&) = delete;
    lanes& operator=(const lanes&) = delete;
    ~lanes()
    {
        leaders_.clear_and_dispose([](lane_place* each) { each->followers_.clear(); });
    }

    // True: it has the turn at once. `key` must stay as it is until leave().
    bool enter(lane_place& who, std::string_view key)
    {
        grow(); // first: it alone may throw
        who.key_ = key;
        who.in_lane_ = true;
        leader_set::insert_commit_data place;
        const auto [found, is_new] = leaders_.insert_check(key, hash{}, equal{}, place);
        if (!is_new) {
            found->followers_.push_back(who);
            return false;
        }
        leaders_.insert_commit(who, place);
        who.leads_ = true;
        return true;
    }

    // Takes one out, wherever it stands. Returns who has got the turn by that, or null.
    lane_place* leave(lane_place& who)
    {
        who.in_lane_ = false;
        if (!who.leads_) {
            static_cast<lane_place::list_hook&>(who).unlink();
            return nullptr;
        }
        who.leads_ = false;
        leaders_.erase(leaders_.iterator_to(who));
        if (who.followers_.empty())
            return nullptr;
        lane_place& next = who.followers_.front();
        who.followers_.pop_front();
        next.followers_.swap(who.followers_);
        next.leads_ = true;
        leaders_.insert(next);
        return &next;
    }

    // Who has the turn in the lane in which this one is.
    [[nodiscard]] lane_place& leader(const lane_place& who) noexcept { return *leaders_.find(who); }
    // Those behind one that has the turn, in order. `what` must not let them leave.
    template <class Function>
    static void for_each_behind(lane_place& leader, Function what)
    {
        for (lane_place& each : leader.followers_)
            what(each);
    }

    [[nodiscard]] std::size_t size() const noexcept { return leaders_.size(); }

private:
    struct hash {
        std::size_t operator()(std::string_view key) const noexcept { return hash_of_key(key); }
        std::size_t operator()(const lane_place& who) const noexcept { return (*this)(who.key_); }
    };
    struct equal {
        bool operator()(std::string_view key, const lane_place& who) const noexcept { return same_key(key, who.key_); }
        bool operator()(const lane_place& left, const lane_place& right) const noexcept
        {
            return same_key(left.key_, right.key_);
        }
    };
    using leader_set = intrusive::unordered_set<lane_place, intrusive::hash<hash>, intrusive::equal<equal>,
                                                intrusive::power_2_buckets<true>, intrusive::compare_hash<true>>;
    using bucket = leader_set::bucket_type;

    static constexpr std::size_t first_buckets = 64;

    static leader_set::bucket_traits traits(std::vector<bucket>& buckets) noexcept
    {
        return {buckets.data(), buckets.size()};
    }

    // At most one leader a bucket on average, so that the cost of a turn does not grow with the number of keys.
    void grow()
    {
        if (leaders_.size() < buckets_.size())
            return;
        std::vector<bucket> larger(buckets_.size() * 2);
        leaders_.rehash(traits(larger));
        buckets_.swap(larger);
    }

    std::vector<bucket> buckets_;
    leader_set leaders_;
};

} // namespace venice_keys::policy
