#include "emulator/connection.hpp"

#include "emulator/http1_dialogue.hpp"
#include "emulator/http2_dialogue.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <utility>

namespace venice_keys::emulation {

namespace asio = boost::asio;
using boost::system::error_code;

connection::connection(std::unique_ptr<transport> bytes, std::shared_ptr<service> serves,
                       const connection_settings& settings)
    : line_(std::make_shared<line>(std::move(bytes))),
      service_(std::move(serves)),
      settings_(settings),
      number_(service_->count_connection())
{
}

void connection::start()
{
    asio::co_spawn(
        line_->get_executor(), [self = shared_from_this()] { return self->run(); },
        [self = shared_from_this()](std::exception_ptr thrown) {
            if (thrown)
                std::rethrow_exception(std::move(thrown));
        });
}

void connection::drop()
{
    asio::post(line_->get_executor(), [self = shared_from_this()] {
        self->line_->drop();
        if (self->dialogue_)
            self->dialogue_->drop();
    });
}

asio::awaitable<void> connection::run()
{
    co_await serve();
    line_->close();
}

asio::awaitable<void> connection::serve()
{
    if (line_->dropped())
        co_return;
    const error_code refused = co_await line_->bytes().handshake();
    if (refused)
        co_return;
    service_->count_handshake();
    dialogue_ = make_dialogue();
    if (dialogue_)
        co_await dialogue_->serve();
    co_await line_->close_in_order();
}

// Empty: only HTTP/2 is allowed, and the client has not asked for it (RFC 9113 section 3.2).
std::shared_ptr<dialogue> connection::make_dialogue()
{
    switch (line_->bytes().agreed()) {
    case transport::alpn::http2:
        return std::make_shared<http2_dialogue>(line_, service_, number_, settings_.http2);
    case transport::alpn::http1:
        break;
    case transport::alpn::none:
        if (settings_.protocol == protocol::http2)
            return nullptr;
        break;
    }
    return std::make_shared<http1_dialogue>(line_, service_, number_);
}

} // namespace venice_keys::emulation
