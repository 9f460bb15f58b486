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
    const bool turn = !which.rule().ordered || lanes_.enter(which, which.key_); // may throw
    ++waiting_;
    if (!turn)
        wait_behind(which, static_cast<call&>(lanes_.leader(which)));
    else
        queue(which, false);
}

void admission::again(call& which)
{
    ++waiting_;
    queue(which, true);
}

void admission::pause(call& which, time_point until)
{
    ++waiting_;
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
    --waiting_;
    return &first;
}

void admission::leave(call& which)
{
    switch (which.place_) {
    case call::place::lane:
        break;
    case call::place::queue:
        take_from_line(which);
        break;
    case call::place::pause:
        paused_.erase(paused_.iterator_to(which));
        break;
    case call::place::nowhere:
    case call::place::session:
        return;
    }
    which.place_ = call::place::nowhere;
    --waiting_;
    pass_turn(which);
}

void admission::pass_turn(call& which)
{
    if (!which.in_lane())
        return;
    policy::lane_place* const place = lanes_.leave(which);
    if (place == nullptr)
        return;
    call& next = static_cast<call&>(*place);
    next.earliest_behind_ = which.earliest_behind_;
    if (next.place_ == call::place::lane) // else it is about to end, and passes its turn on then
        queue(next, false);
}

wire::slot_list admission::take_all()
{
    wire::slot_list taken = take_lines();
    while (!paused_.empty()) {
        call& first = *paused_.begin();
        paused_.erase(paused_.begin());
        first.place_ = call::place::nowhere;
        --waiting_;
        taken.push_back(first);
    }
    return taken;
}

time_point admission::deadline() const noexcept
{
    return std::min(token_table::deadline(), paused_.empty() ? time_point::max() : paused_.begin()->not_before_);
}

} // namespace venice_keys
