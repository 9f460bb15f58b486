#include "net/proxy_route.hpp"

#include "model/no_proxy.hpp"

#include <boost/system/errc.hpp>

#include <utility>

namespace venice_keys::net {

namespace {

namespace causes = boost::system::errc;

// The proxy's certificate is checked as the server's is. Client certificate and pins are for the server alone.
tls_config trust_of(const tls_config& settings)
{
    tls_config trust;
    trust.ca_file = settings.ca_file;
    trust.ca_pem = settings.ca_pem;
    trust.insecure_accept_any_certificate_for_tests = settings.insecure_accept_any_certificate_for_tests;
    return trust;
}

// Whether the same proxy may answer the same request differently although neither its settings nor ours change.
outlook outlook_of(unsigned status) noexcept
{
    switch (status) {
    case 408: // Request Timeout
    case 425: // Too Early
    case 429: // Too Many Requests
        return outlook::passing;
    case 501: // Not Implemented
    case 505: // HTTP Version Not Supported
        return outlook::permanent;
    default: // the proxy could not reach the server, or has trouble of its own
        return status >= 500 ? outlook::passing : outlook::permanent;
    }
}

} // namespace

result<std::shared_ptr<const proxy_route>> proxy_route::make(const config& settings, const detail::endpoint& server)
{
    if (settings.proxy.url.empty() || detail::is_reached_without_proxy(server, settings.proxy.no_proxy))
        return std::shared_ptr<const proxy_route>{};
    result<detail::proxy_endpoint> where = detail::parse_proxy(settings.proxy.url);
    if (!where)
        return std::move(where).error();
    auto made = std::make_shared<proxy_route>();
    made->proxy = where->where;
    made->target = connect_target(server);
    if (!settings.proxy.user.empty() || !settings.proxy.password.empty())
        made->authorization = basic_authorization(settings.proxy.user, settings.proxy.password);
    if (where->encrypted) {
        auto tls = tls_context::make(trust_of(settings.tls), made->proxy, 0);
        if (!tls)
            return std::move(tls).error();
        made->tls = *std::move(tls);
    }
    return std::shared_ptr<const proxy_route>(std::move(made));
}

std::string proxy_route::words() const
{
    return "the proxy " + connect_target(proxy);
}

// The proxy's own text is not shown: a proxy may repeat what it was sent, credentials included.
connect_failure proxy_route::refusal(const connect_answer& answer, std::string_view where) const
{
    std::string text(where);
    const auto failure = [&](causes::errc_t cause, outlook next) {
        return connect_failure{error(errc::connect_failed, std::move(text), make_error_code(cause)), next};
    };
    if (answer.state() == connect_answer::outcome::too_large) {
        text += " answered CONNECT with a head of more than 16 KiB";
        return failure(causes::protocol_error, outlook::passing);
    }
    if (answer.state() == connect_answer::outcome::malformed) {
        text += " does not answer CONNECT as an HTTP proxy does: check the port in config::proxy.url (HTTPS_PROXY), "
                "and whether "
                "the "
                "proxy is spoken to over TLS (https://)";
        return failure(causes::protocol_error, outlook::passing);
    }
    const outlook next = outlook_of(answer.status());
    const std::string status = std::to_string(answer.status());
    if (answer.status() == 407 || answer.status() == 401) { // tinyproxy answers 401 to a wrong password
        if (!answer.takes_basic())
            text += " wants credentials (status " + status + "), but not Basic ones, the only kind that is supported";
        else if (authorization.empty())
            text += " wants credentials (status " + status +
                    "): set config::proxy.user and proxy.password (HTTPS_PROXY, as USER:PASSWORD@ before the host)";
        else
            text += " does not accept the credentials of config::proxy.user and proxy.password (HTTPS_PROXY; status " +
                    status + ")";
        return failure(causes::permission_denied, next);
    }
    if (next == outlook::permanent) {
        text += " refuses to connect to " + target + " (status " + status + ")";
        return failure(causes::permission_denied, next);
    }
    text += (answer.status() >= 500 ? " could not connect to " : " does not connect to ") + target + " now (status " +
            status + ")";
    return failure(causes::host_unreachable, next);
}

} // namespace venice_keys::net
