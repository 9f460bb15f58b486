// Updates of a client, made for a test: they write down how they ended.
#pragma once

#include "client/calls.hpp"
#include "client/executors.hpp"
#include "client/operation_store.hpp"
#include "unit/support/pool_bench.hpp"
#include "unit/support/quiet_client.hpp"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <memory>
#include <string>
#include <utility>

namespace venice_keys::test {

using update_call = detail::operation_of<detail::update_request>;

struct update_maker {
    update_call& make(std::string id = "a-key", time_point deadline = time_point::max())
    {
        update_call& made = updates.take();
        made.start({who, {}, deadline}, completion(), key_update(std::move(id)).usd(1));
        return made;
    }
    // For the update that is made next.
    detail::completion<api_key> completion() { return {ended.emplace_back().handler(), by.home()}; }

    boost::asio::io_context io;
    detail::executors by{io.get_executor(), threading::single};
    detail::maybe_mutex guard{false};
    const std::string base_path = "/api/v1";
    detail::answer_context context{32, std::chrono::seconds(30), false, codec::update_decoder(32)};
    credentials whose{secret("t0ken")};
    std::shared_ptr<detail::account> who =
        std::make_shared<detail::account>(std::weak_ptr<detail::account_owner>{}, whose);
    std::deque<ends> ended; // in the order in which they were made
    detail::operation_store<detail::update_request> updates{{context, base_path, guard}};
};

// The same on a fake network.
struct call_bench {
    pool_bench pool;
    detail::calls calls{pool.connections, "example.org", "test"};
    update_maker maker;
};

} // namespace venice_keys::test
