// What the codec finds wrong with an answer, in the form in which its tests compare it.
#pragma once

#include "support/printing.hpp"

#include <venice_keys/result.hpp>

#include <string>

namespace venice_keys::test {

// The detail of the refusal, which must be of this kind, without the byte at which it was found.
template <class T>
[[nodiscard]] std::string fault(const result<T>& answer, errc code = errc::malformed_reply)
{
    if (answer)
        return "accepted";
    BOOST_TEST(answer.error().code == code, answer.error());
    BOOST_TEST(answer.error().http_status == 200u);
    BOOST_TEST(answer.error().delivery == delivery::answered);
    return answer.error().detail.substr(0, answer.error().detail.rfind(", at byte "));
}

} // namespace venice_keys::test
