#include "wire/conversation.hpp"

#include "wire/multiplex.hpp"
#include "wire/pipeline.hpp"

namespace venice_keys::wire {

void conversation::stage(slot& who)
{
    set_state(who, slot::state::staged);
    staged_.push_back(who);
}

bool conversation::withdraw(slot& who, time_point now)
{
    if (who.where() != slot::state::staged) {
        set_state(who, slot::state::abandoned);
        abandoned(who, now);
        return false;
    }
    staged_.erase(staged_.iterator_to(who));
    set_state(who, slot::state::waiting);
    return true;
}

void conversation::put_back(slot& who)
{
    written_.push_front(who);
    --answers_;
    refusals_over_ = true;
}

slot_list conversation::take_written()
{
    slot_list all;
    all.swap(written_);
    return all;
}

std::unique_ptr<conversation> make_conversation(std::string_view alpn, const conversation_limits& limits)
{
    if (alpn == "h2")
        return std::make_unique<multiplex>(limits);
    return std::make_unique<pipeline>(limits);
}

} // namespace venice_keys::wire
