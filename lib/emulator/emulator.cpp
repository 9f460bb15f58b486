#include <venice_keys/emulator.hpp>

#include "emulator/connection.hpp"
#include "emulator/fault_access.hpp"
#include "emulator/listener.hpp"
#include "emulator/options.hpp"
#include "emulator/service.hpp"
#include "emulator/tls_settings.hpp"
#include "emulator/transport.hpp"

#include <boost/asio/ip/address.hpp>

#include <mutex>
#include <utility>

namespace venice_keys {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using emulation::throw_if;

emulation::resource_options make_resource_options(const emulator_options& options)
{
    const bool older = options.rules == service_rules::older;
    return {options.token.empty() ? emulation::make_token() : options.token,
            options.seed,
            options.enforce_limits,
            options.requests_per_minute,
            options.error_budget.value_or(older ? 20U : 50U),
            older,
            options.unknown_key_status.value_or(older ? 404U : 400U),
            options.budget_headers && !older,
            options.wallets};
}

} // namespace

class emulator::impl : public std::enable_shared_from_this<emulator::impl> {
public:
    impl(const asio::any_io_executor& executor, const emulator_options& options)
        : address_(emulation::read_address(options.address)),
          tls_(make_tls(options)),
          settings_{options.protocol, {options.max_streams, options.initial_window}},
          service_(std::make_shared<emulation::service>(make_resource_options(options), options.initial_keys,
                                                        emulation::wall_clock(), options.service_time)),
          https_(listen(executor, options.port))
    {
        if (options.http_port)
            http_ = listen(executor, *options.http_port);
    }

    void start()
    {
        https_->start([self = weak_from_this()](tcp::socket socket) {
            const auto alive = self.lock();
            if (auto bytes = alive ? emulation::make_tls_transport(std::move(socket), *alive->tls_) : nullptr)
                alive->serve(std::move(bytes));
        });
        if (http_) {
            http_->start([self = weak_from_this()](tcp::socket socket) {
                if (const auto alive = self.lock())
                    alive->serve(emulation::make_plain_transport(std::move(socket)));
            });
        }
    }

    void drop_connections()
    {
        std::vector<std::weak_ptr<emulation::connection>> dropped;
        {
            const std::lock_guard lock{mutex_};
            dropped.swap(connections_);
        }
        for (const auto& each : dropped) {
            if (const auto alive = each.lock())
                alive->drop();
        }
    }

    void stop()
    {
        {
            const std::lock_guard lock{mutex_};
            stopped_ = true;
        }
        service_->stop();
        https_->stop();
        if (http_)
            http_->stop();
        drop_connections();
    }

    [[nodiscard]] std::string base_url() const
    {
        const std::string host = emulation::is_local(address_) ? "localhost" : emulation::in_url(address_);
        return "https://" + host + ":" + std::to_string(port()) + "/api/v1";
    }

    [[nodiscard]] std::string http_base_url() const
    {
        if (!http_)
            return {};
        const std::string host = address_.is_unspecified() ? "127.0.0.1" : emulation::in_url(address_);
        return "http://" + host + ":" + std::to_string(http_port()) + "/api/v1";
    }

    [[nodiscard]] std::uint16_t port() const noexcept { return https_->port(); }
    [[nodiscard]] std::uint16_t http_port() const noexcept { return http_ ? http_->port() : std::uint16_t{0}; }
    [[nodiscard]] const std::string& ca_pem() const noexcept { return ca_pem_; }
    [[nodiscard]] emulation::service& service() const noexcept { return *service_; }

private:
    [[nodiscard]] std::shared_ptr<emulation::listener> listen(const asio::any_io_executor& executor,
                                                              std::uint16_t port) const
    {
        auto made = std::make_shared<emulation::listener>(executor);
        const error_code ec = made->open(address_, port);
        throw_if(ec, "cannot listen on " + emulation::in_url(address_) + ':' + std::to_string(port),
                 emulation::advice_for(ec));
        return made;
    }

    emulation::tls_settings_ptr make_tls(const emulator_options& options)
    {
        emulation::tls_settings_result made;
        if (!options.certificate_file.empty() || !options.private_key_file.empty()) {
            made = emulation::make_tls_settings(options.certificate_file, options.private_key_file, options.protocol);
        } else {
            const auto identity = emulation::make_identity(emulation::is_local(address_) ? "" : address_.to_string());
            if (!identity)
                throw_if(emulation::take_openssl_error(), "cannot make a certificate");
            ca_pem_ = emulation::to_pem(*identity->authority);
            made = emulation::make_tls_settings(*identity, options.protocol);
        }
        throw_if(made.error, made.what);
        return std::move(made.settings);
    }

    void serve(std::unique_ptr<emulation::transport> bytes)
    {
        error_code ignored; // the peer may be gone already
        bytes->socket().set_option(tcp::no_delay{true}, ignored);
        const auto served = std::make_shared<emulation::connection>(std::move(bytes), service_, settings_);
        const std::lock_guard lock{mutex_};
        if (stopped_)
            return;
        std::erase_if(connections_, [](const auto& each) { return each.expired(); });
        connections_.push_back(served);
        served->start();
    }

    asio::ip::address address_;
    std::string ca_pem_; // before tls_, whose making fills it
    emulation::tls_settings_ptr tls_;
    emulation::connection_settings settings_;
    std::shared_ptr<emulation::service> service_;
    std::shared_ptr<emulation::listener> https_;
    std::shared_ptr<emulation::listener> http_;

    std::mutex mutex_;
    std::vector<std::weak_ptr<emulation::connection>> connections_;
    bool stopped_ = false;
};

emulator::emulator(detail::same_build, const asio::any_io_executor& executor, const emulator_options& options)
{
    options.validate().value();
    impl_ = std::make_shared<impl>(executor, options);
    impl_->start();
}

emulator::~emulator()
{
    stop();
}

std::string emulator::base_url() const
{
    return impl_->base_url();
}

std::string emulator::http_base_url() const
{
    return impl_->http_base_url();
}

std::uint16_t emulator::port() const
{
    return impl_->port();
}

std::uint16_t emulator::http_port() const
{
    return impl_->http_port();
}

std::string emulator::ca_pem() const
{
    return impl_->ca_pem();
}

std::string emulator::token() const
{
    return impl_->service().token();
}

void emulator::set_token(std::string token)
{
    impl_->service().set_token(token.empty() ? emulation::make_token() : std::move(token));
}

std::string emulator::add_key(api_key key)
{
    std::string secret = impl_->service().add_key(std::move(key), emulation::wall_clock());
    if (secret.empty())
        throw_if(emulation::take_openssl_error(), "cannot make a secret");
    return secret;
}

std::vector<api_key> emulator::keys() const
{
    return impl_->service().keys();
}

std::vector<journal_entry> emulator::journal() const
{
    return impl_->service().journal();
}

emulator_stats emulator::stats() const
{
    return impl_->service().stats();
}

void emulator::add_fault(fault rule)
{
    std::string wrong = fault_access{rule}.complaint();
    if (!wrong.empty())
        throw request_failed{error{errc::invalid_argument, std::move(wrong)}};
    impl_->service().add_fault(std::move(rule));
}

void emulator::clear_faults()
{
    impl_->service().clear_faults();
}

void emulator::drop_connections()
{
    impl_->drop_connections();
}

void emulator::stop()
{
    impl_->stop();
}

} // namespace venice_keys
