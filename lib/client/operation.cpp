#include "client/operation.hpp"

#include <new>

namespace venice_keys::detail {

void operation::add_delivery(error& why, venice_keys::delivery how) const noexcept
{
    why.delivery = how;
    why.attempts = attempts();
    why.creates = rule().creates;
    if (!rule().creates || why.delivery != delivery::sent_unanswered)
        return;
    if (!why.cause)
        why.cause = why.code;
    try {
        why.detail = why.detail.empty() ? why.code.message() : why.code.message() + ": " + why.detail;
    } catch (const std::bad_alloc&) {
        why.detail.clear(); // the cause still says what happened
    }
    why.code = errc::outcome_unknown;
}

} // namespace venice_keys::detail
