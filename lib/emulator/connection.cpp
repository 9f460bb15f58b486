#include "emulator/connection.hpp"

#include "emulator/http1_server.hpp"
#include "emulator/http2_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <utility>

namespace venice_keys::emulation {

namespace asio = boost::asio;
using boost::system::error_code;

connection::connection(std::unique_ptr<transport> bytes, std::shared_ptr<service> serves,
                       const connection_settings& settings)
    : channel_(std::make_shared<channel>(std::move(bytes))),
      service_(std::move(serves)),
      settings_(settings),
      number_(service_->count_connection())
{
}

void connection::start()
{
    asio::co_spawn(
        channel_->get_executor(), [self = shared_from_this()] { return self->run(); },
        [self = shared_from_this()](std::exception_ptr thrown) {
            if (thrown)
                std::rethrow_exception(std::move(thrown));
        });
}

void connection::drop()
{
    asio::post(channel_->get_executor(), [self = shared_from_this()] {
        self->channel_->drop();
        if (self->server_)
            self->server_->drop();
    });
}

asio::awaitable<void> connection::run()
{
    co_await serve();
    channel_->close();
}

asio::awaitable<void> connection::serve()
{
    if (channel_->dropped())
        co_return;
    const error_code failed = co_await channel_->bytes().handshake();
    if (failed)
        co_return;
    service_->count_handshake();
    server_ = make_server();
    if (server_)
        co_await server_->serve();
    co_await channel_->close_in_order();
}

// Returns nothing when only HTTP/2 is allowed and the client has not asked for it (RFC 9113 section 3.2).
std::shared_ptr<http_server> connection::make_server()
{
    switch (channel_->bytes().agreed()) {
    case transport::alpn::http2:
        return std::make_shared<http2_server>(channel_, service_, number_, settings_.http2);
    case transport::alpn::http1:
        break;
    case transport::alpn::none:
        if (settings_.protocol == protocol::http2)
            return nullptr;
        break;
    }
    return std::make_shared<http1_server>(channel_, service_, number_);
}

} // namespace venice_keys::emulation
