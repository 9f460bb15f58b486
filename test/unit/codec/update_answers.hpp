// Answers to an update, read by decode_update: for the tests of all that is read in the same way in every answer.
#pragma once

#include "codec/decode_update.hpp"
#include "support/printing_values.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace update_answers {

namespace vk = venice_keys;

inline constexpr std::size_t depth = 32;

inline vk::result<vk::api_key> decode(std::string_view body)
{
    return vk::codec::decode_update(body, vk::secret{"the-token"}, depth);
}

// An answer with these members in `data`, besides the id.
inline vk::result<vk::api_key> decode_data(std::string_view members)
{
    return decode(std::string{R"({"data":{"id":"k",)"}.append(members).append(R"(},"success":true})"));
}

// The detail of the refusal, which must be of this kind.
inline std::string fault(const vk::result<vk::api_key>& answer, vk::errc code)
{
    if (answer)
        return "accepted";
    BOOST_TEST(answer.error().code == code, answer.error());
    BOOST_TEST(answer.error().http_status == 200u);
    BOOST_TEST(answer.error().delivery == vk::delivery::answered);
    return answer.error().detail;
}

inline std::string malformed(std::string_view body)
{
    return fault(decode(body), vk::errc::malformed_reply);
}

inline std::string malformed_data(std::string_view members)
{
    // Without the byte, which the tests of positions look at.
    std::string detail = fault(decode_data(members), vk::errc::malformed_reply);
    return detail.substr(0, detail.rfind(", at byte "));
}

inline std::optional<vk::timestamp> at(std::string_view text)
{
    return vk::parse_timestamp(text);
}

} // namespace update_answers
