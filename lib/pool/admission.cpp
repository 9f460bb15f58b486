#include "pool/admission.hpp"

#include <algorithm>

namespace venice_keys::detail {

admission::~admission()
{
    paused_.clear(); // the calls belong to their owners
}

void admission::enter(call& which, account_queues& whose)
{
    const bool behind_another = which.rule().ordered && !order_.enter(which, which.key_); // may throw
    tokens_.enter(which, whose, behind_another);
}

void admission::pause(call& which, time_point until)
{
    which.place_ = call::place::pause;
    which.not_before_ = until;
    paused_.insert(which);
}

void admission::end_pause(call& which)
{
    paused_.erase(paused_.iterator_to(which));
    which.place_ = call::place::nowhere;
}

call* admission::due(time_point now)
{
    if (paused_.empty() || paused_.begin()->not_before_ > now)
        return nullptr;
    call& first = *paused_.begin();
    end_pause(first);
    return &first;
}

void admission::leave(call& which)
{
    switch (which.place_) {
    case call::place::behind:
    case call::place::queue:
    case call::place::unservable:
        tokens_.leave(which);
        break;
    case call::place::pause:
        end_pause(which);
        break;
    case call::place::nowhere:
    case call::place::session:
        return;
    }
    let_next_change_go(which);
}

void admission::let_next_change_go(call& which)
{
    if (!which.in_key_order())
        return;
    policy::ordered_change* const front = order_.leave(which);
    if (front == nullptr)
        return;
    call& next = static_cast<call&>(*front);
    if (next.place_ == call::place::behind) // otherwise it is about to end, and lets the next go then
        tokens_.advance(next);
}

wire::slot_list admission::take_all()
{
    wire::slot_list taken = tokens_.take_all();
    while (!paused_.empty()) {
        call& first = *paused_.begin();
        end_pause(first);
        taken.push_back(first);
    }
    return taken;
}

time_point admission::deadline() const noexcept
{
    return std::min(tokens_.deadline(), paused_.empty() ? time_point::max() : paused_.begin()->not_before_);
}

} // namespace venice_keys::detail
