#include "model/environment.hpp"

#include "model/endpoint.hpp"
#include "model/invalid_argument.hpp"
#include "model/secret_bytes.hpp"
#include "model/small_letter.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venice_keys {

namespace {

struct variable {
    std::string_view name;
    std::string_view value;
};

// The first of the variables that is set. An empty one counts as not set.
std::optional<variable> first_of(const detail::environment& variables, std::initializer_list<const char*> names)
{
    for (const char* const name : names)
        if (const char* const value = variables(name); value != nullptr && *value != '\0')
            return variable{name, value};
    return std::nullopt;
}

// A `%` without two digits behind it stands for itself, as for curl.
detail::secret_bytes percent_decoded(std::string_view text)
{
    detail::secret_bytes decoded;
    decoded.reserve(text.size() + 16); // so that it never stands inside the object, where nothing would cleanse it
    for (std::size_t i = 0; i != text.size(); ++i) {
        unsigned char byte = 0;
        const char* const digits = text.data() + i + 1;
        const bool escaped =
            text[i] == '%' && text.size() - i > 2 && std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
        decoded.push_back(escaped ? static_cast<char>(byte) : text[i]);
        i += escaped ? 2 : 0;
    }
    return decoded;
}

// The URL is cut by hand, because a password may have whatever characters people put there.
result<proxy_config> proxy_of(const variable& given)
{
    proxy_config proxy;
    const std::size_t mark = given.value.find("://");
    std::string scheme = mark == std::string_view::npos ? "http://" : std::string(given.value.substr(0, mark + 3));
    std::ranges::transform(scheme, scheme.begin(), detail::small_letter);
    std::string_view rest = given.value.substr(mark == std::string_view::npos ? 0 : mark + 3);
    const std::size_t at = rest.substr(0, rest.find_first_of("/?#")).rfind('@');
    if (at != std::string_view::npos) {
        const std::string_view who = rest.substr(0, at);
        const std::size_t colon = who.find(':');
        proxy.user = percent_decoded(who.substr(0, colon));
        if (colon != std::string_view::npos)
            proxy.password = secret(std::string_view(percent_decoded(who.substr(colon + 1))));
        rest.remove_prefix(at + 1);
    }
    while (rest.ends_with('/'))
        rest.remove_suffix(1);
    proxy.url = scheme;
    proxy.url += rest;
    const std::size_t colon = rest.rfind(':');
    const bool has_port = colon != std::string_view::npos && rest.find(']', colon) == std::string_view::npos;
    if (!has_port && scheme == "http://")
        proxy.url += ":1080"; // the default of curl
    if (const auto good = detail::parse_proxy(proxy.url, given.name); !good)
        return good.error();
    return proxy;
}

} // namespace

result<config> detail::config_from(const environment& variables)
{
    config made;
    if (const auto url = first_of(variables, {"VENICE_BASE_URL"})) {
        if (const auto good = detail::parse_endpoint(url->value, url->name); !good)
            return good.error();
        made.base_url = url->value;
    }
    // The fields in which validate() may find a fault, and the variables that they come from.
    std::vector<std::pair<std::string_view, std::string_view>> sources;
    if (const auto file = first_of(variables, {"VENICE_CA_FILE"})) {
        made.tls.ca_file = file->value;
        sources.emplace_back("tls.ca_file", file->name);
    }
    if (const auto list = first_of(variables, {"no_proxy", "NO_PROXY"})) {
        made.proxy.no_proxy = list->value;
        sources.emplace_back("proxy.no_proxy", list->name);
    }
    if (const auto url = first_of(variables, {"https_proxy", "HTTPS_PROXY"})) {
        result<proxy_config> taken = proxy_of(*url);
        if (!taken)
            return std::move(taken).error();
        taken->no_proxy = std::move(made.proxy.no_proxy);
        made.proxy = *std::move(taken);
        sources.emplace_back("proxy.", url->name); // its user and password
    }
    if (const auto good = made.validate(); !good) {
        const std::string_view fault = good.error().detail;
        const auto source =
            std::ranges::find_if(sources, [fault](const auto& each) { return fault.starts_with(each.first); });
        if (source == sources.end())
            return good.error();
        // Of a field that has its variable to itself, the variable is name enough.
        const std::string_view rest = fault.substr(source->first.size());
        return detail::invalid_argument(source->second, rest.starts_with(": ") ? rest.substr(2) : fault);
    }
    return made;
}

result<config> config::from_environment()
{
    return detail::config_from([](const char* name) {
        return static_cast<const char*>(std::getenv(name)); // NOLINT(concurrency-mt-unsafe): the header asks for it
    });
}

} // namespace venice_keys
