#include "client/context_service.hpp"

namespace venice_keys::detail {

boost::asio::execution_context::id context_service::id;

context_guest::context_guest(boost::asio::execution_context& context)
    : service_(&boost::asio::use_service<context_service>(context))
{
    const std::lock_guard guard(service_->mutex_);
    service_->guests_.push_back(*this);
}

context_guest::~context_guest()
{
    if (service_ == nullptr)
        return;
    const std::lock_guard guard(service_->mutex_);
    service_->guests_.erase(service_->guests_.iterator_to(*this));
}

void context_service::shutdown()
{
    // Guests are taken one by one and without the lock: to let go of one guest's handlers may destroy others.
    for (;;) {
        context_guest* guest = nullptr;
        {
            const std::lock_guard guard(mutex_);
            if (guests_.empty())
                return;
            guest = &guests_.front();
            guests_.pop_front();
            guest->service_ = nullptr;
        }
        guest->context_ended();
    }
}

} // namespace venice_keys::detail
