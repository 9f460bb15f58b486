// A session with what the pool alone knows of it, and its places in the lists of the pool.
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

    // Which list of connections with room this one is in.
    enum class room : std::uint8_t { none, idle, busy };

private:
    friend class pool;

    room room_ = room::none;
    bool draining_ = false;        // takes no more requests, and closes when it owes nothing
    const char* why_drained_ = ""; // a static text
    bool answered_behind_ = false; // it has answered a request that was sent behind another
    time_point drain_at_ = time_point::max();
};

template <class Tag>
using connection_list = boost::intrusive::list<connection, boost::intrusive::base_hook<connection_hook<Tag>>,
                                               boost::intrusive::constant_time_size<false>>;

} // namespace venice_keys::detail
