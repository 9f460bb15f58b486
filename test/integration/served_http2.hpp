// The requests of the emulator's tests, over HTTP/2.
#pragma once

#include "integration/plain_http2.hpp"
#include "integration/served_emulator.hpp"

#include <string>
#include <string_view>

namespace test {

// A client that speaks HTTP/2 to a served emulator.
struct http2_user : plain_http2 {
    explicit http2_user(const served& where) : plain_http2(where.emulator.port(), where.emulator.ca_pem()), here(where)
    {
    }

    std::int32_t update(std::size_t index, std::string_view description)
    {
        fields more = authorized();
        more.emplace_back("content-type", "application/json");
        return ask("PATCH", "/api/v1/api_keys", more,
                   R"({"id":")" + here.id(index) + R"(","description":")" + std::string{description} + R"("})");
    }

    std::int32_t list() { return ask("GET", "/api/v1/api_keys", authorized()); }

    [[nodiscard]] fields authorized() const { return {{"authorization", "Bearer " + here.emulator.token()}}; }

    const served& here;
};

} // namespace test
