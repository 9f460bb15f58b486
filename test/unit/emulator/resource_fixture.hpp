// A resource with two keys and the good token, and requests to it.
#pragma once

#include "emulator/resource.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <string>
#include <utility>

namespace test {

inline const venice_keys::timestamp noon =
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + std::chrono::hours{12};

struct resource_fixture {
    resource_fixture() { service.store().populate(2, noon); }

    // Of the older one of the two.
    [[nodiscard]] std::string id() const { return service.store().keys().begin()->second.key.id; }

    static venice_keys::emulation::request ask(std::string method, std::string target, std::string body = {},
                                               const std::string& token = "good")
    {
        venice_keys::emulation::request asked;
        asked.method = std::move(method);
        asked.target = std::move(target);
        asked.authorization = "Bearer " + token;
        asked.content_type = body.empty() ? "" : "application/json";
        asked.body = std::move(body);
        return asked;
    }

    [[nodiscard]] venice_keys::emulation::request update(const std::string& more = R"(,"description":"new")",
                                                         const std::string& token = "good") const
    {
        return ask("PATCH", "/api/v1/api_keys", R"({"id":")" + id() + '"' + more + '}', token);
    }

    venice_keys::emulation::reply answer(const venice_keys::emulation::request& asked,
                                         venice_keys::timestamp when = noon)
    {
        return service.answer(asked, when, venice_keys::emulation::effect::real);
    }

    static boost::json::value data_of(const venice_keys::emulation::reply& answer)
    {
        return boost::json::parse(answer.body).at("data");
    }

    venice_keys::emulation::resource service{venice_keys::emulation::resource_options{"good", 1, true, 1000}};
};

} // namespace test
