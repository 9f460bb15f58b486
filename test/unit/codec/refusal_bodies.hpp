// Bodies of refusals, read by read_refusal_body.
#pragma once

#include "codec/refusal_body.hpp"
#include "support/printing_values.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace refusal_bodies {

namespace vk = venice_keys;

inline vk::error read(std::string_view body)
{
    vk::error why{vk::errc::invalid_request};
    vk::codec::read_refusal_body(body, vk::secret{"the-token"}, 32, why);
    return why;
}

inline std::string text_of(std::string_view body)
{
    return read(body).server_text;
}

inline void check_issues(std::string_view body, const std::vector<vk::field_issue>& expected)
{
    const std::vector<vk::field_issue> issues = read(body).issues;
    BOOST_CHECK_EQUAL_COLLECTIONS(issues.begin(), issues.end(), expected.begin(), expected.end());
}

} // namespace refusal_bodies
