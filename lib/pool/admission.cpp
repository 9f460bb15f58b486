#include "pool/admission.hpp"

#include <algorithm>

namespace venice_keys {

admission::~admission()
{
    paused_.clear(); // the calls are their owners'
}

void admission::enter(call& which, account& whose)
{
    take_in(which, whose);
    if (!which.rule().ordered || lanes_.enter(which, which.key_))
        return queue(which, false);
    which.place_ = call::place::lane;
    ++in_lanes_;
}

void admission::pause(call& which, time_point until)
{
    which.place_ = call::place::pause;
    which.not_before_ = until;
    paused_.insert(which);
}

call* admission::due(time_point now)
{
    if (paused_.empty() || paused_.begin()->not_before_ > now)
        return nullptr;
    call& first = *paused_.begin();
    paused_.erase(paused_.begin());
    first.place_ = call::place::nowhere;
    return &first;
}

void admission::leave(call& which)
{
    switch (which.place_) {
    case call::place::lane:
        --in_lanes_;
        which.place_ = call::place::nowhere;
        break;
    case call::place::queue:
        unqueue(which);
        break;
    case call::place::pause:
        paused_.erase(paused_.iterator_to(which));
        which.place_ = call::place::nowhere;
        break;
    case call::place::nowhere:
    case call::place::session:
        return;
    }
    pass_turn(which);
}

void admission::pass_turn(call& which)
{
    if (!which.in_lane())
        return;
    if (policy::lane_place* const next = lanes_.leave(which)) {
        --in_lanes_;
        queue(static_cast<call&>(*next), false);
    }
}

wire::slot_list admission::take_all()
{
    wire::slot_list taken = take_queued();
    while (!paused_.empty()) {
        call& first = *paused_.begin();
        paused_.erase(paused_.begin());
        first.place_ = call::place::nowhere;
        taken.push_back(first);
    }
    return taken;
}

time_point admission::deadline() const noexcept
{
    return std::min(standings::deadline(), paused_.empty() ? time_point::max() : paused_.begin()->not_before_);
}

} // namespace venice_keys
