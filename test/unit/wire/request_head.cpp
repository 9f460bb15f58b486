#include "wire/request_head.hpp"

#include "support/printing.hpp"

#include <algorithm>
#include <string>
#include <type_traits>

BOOST_AUTO_TEST_SUITE(unit_wire_request_head)

using namespace venice_keys;
using namespace venice_keys::detail;

namespace {

std::string sent(const wire::request_head& head, std::string_view body, std::string_view method = "PATCH",
                 std::string_view target = "/api/v1/api_keys")
{
    secret_bytes out;
    head.append({method, target, body}, out);
    return {out.begin(), out.end()};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_request_is_these_bytes)
{
    const wire::request_head head("api.venice.ai", "venice-keys/0.1.0", secret("t0k-en"));
    BOOST_TEST(sent(head, R"({"id":"a"})") == "PATCH /api/v1/api_keys HTTP/1.1\r\n"
                                              "Host: api.venice.ai\r\n"
                                              "User-Agent: venice-keys/0.1.0\r\n"
                                              "Accept: application/json\r\n"
                                              "Accept-Encoding: identity\r\n"
                                              "Authorization: Bearer t0k-en\r\n"
                                              "Content-Type: application/json\r\n"
                                              "Content-Length: 10\r\n"
                                              "\r\n"
                                              R"({"id":"a"})");
}

BOOST_AUTO_TEST_CASE(a_request_without_content_says_nothing_of_content)
{
    const wire::request_head head("api.venice.ai", "venice-keys/0.1.0", secret("t0k-en"));
    BOOST_TEST(sent(head, "", "DELETE", "/api/v1/api_keys?id=a") == "DELETE /api/v1/api_keys?id=a HTTP/1.1\r\n"
                                                                    "Host: api.venice.ai\r\n"
                                                                    "User-Agent: venice-keys/0.1.0\r\n"
                                                                    "Accept: application/json\r\n"
                                                                    "Accept-Encoding: identity\r\n"
                                                                    "Authorization: Bearer t0k-en\r\n"
                                                                    "\r\n");
}

BOOST_AUTO_TEST_CASE(no_token_no_authorization)
{
    const wire::request_head head("localhost:8443", "test", secret{});
    BOOST_TEST(sent(head, "").find("Authorization") == std::string::npos);
    BOOST_TEST(sent(head, "").find("Bearer") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_answer_is_asked_for_in_a_coding)
{
    const wire::request_head head("localhost:8443", "test", secret("t"));
    BOOST_TEST(sent(head, "").find("\r\nAccept-Encoding: identity\r\n") != std::string::npos);
    BOOST_TEST(sent(head, "{}").find("\r\nAccept-Encoding: identity\r\n") != std::string::npos);
    BOOST_TEST(sent(head, "").find("TE:") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_length_is_the_bodys_in_bytes)
{
    const wire::request_head head("h", "u", secret("t"));
    for (const std::size_t size : {1u, 9u, 10u, 12345u}) {
        const std::string bytes = sent(head, std::string(size, 'x'));
        BOOST_TEST(bytes.find("Content-Length: " + std::to_string(size) + "\r\n\r\n") != std::string::npos);
    }
    BOOST_TEST(sent(head, "\xC3\xA9").find("Content-Length: 2\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(requests_are_appended_one_behind_the_other)
{
    const wire::request_head head("h", "u", secret("t"));
    secret_bytes out;
    head.append({"PATCH", "/api/v1/api_keys", "one"}, out);
    head.append({"PATCH", "/api/v1/api_keys", "two"}, out);
    BOOST_TEST(std::string(out.begin(), out.end()) == sent(head, "one") + sent(head, "two"));
}

BOOST_AUTO_TEST_CASE(the_bytes_live_in_memory_that_is_cleansed)
{
    static_assert(std::is_same_v<secret_bytes::allocator_type, cleansing_allocator<char>>);
    cleansing_allocator<char> memory;
    char* const block = memory.allocate(64);
    std::fill(block, block + 64, 's');
    cleanse(block, 64);
    BOOST_TEST(std::count(block, block + 64, '\0') == 64);
    memory.deallocate(block, 64);
}

BOOST_AUTO_TEST_SUITE_END()
