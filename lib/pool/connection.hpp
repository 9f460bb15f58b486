// A session as the pool has it: what it knows of it besides, and in which lists it is.
#pragma once

#include "session/session.hpp"

#include <boost/intrusive/list.hpp>

namespace venice_keys::detail {

struct has_room_tag;
struct wants_write_tag;

template <class Tag>
using connection_hook = boost::intrusive::list_base_hook<boost::intrusive::tag<Tag>,
                                                         boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

class connection final : public session, public connection_hook<has_room_tag>, public connection_hook<wants_write_tag> {
public:
    using session::session;

    // In which list of those with room it is.
    enum class room : std::uint8_t { none, idle, busy };

private:
    friend class pool;

    room room_ = room::none;
    bool draining_ = false;        // closes when it owes nothing
    const char* why_drained_ = ""; // static
    bool answered_behind_ = false; // it has answered a request that was sent behind another
    time_point drain_at_ = time_point::max();
};

template <class Tag>
using connection_list = boost::intrusive::list<connection, boost::intrusive::base_hook<connection_hook<Tag>>,
                                               boost::intrusive::constant_time_size<false>>;

} // namespace venice_keys::detail
