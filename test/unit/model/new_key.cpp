#include "model/key_rules.hpp"
#include "support/printing.hpp"
#include "unit/support/repeated.hpp"

#include <venice_keys/new_key.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

BOOST_AUTO_TEST_SUITE(unit_model_new_key)

using namespace venice_keys;
using venice_keys::test::repeated;

namespace {

std::string no_date(std::string_view text)
{
    return "expires_at: '" + std::string(text) +
           "' is neither a day as YYYY-MM-DD nor a time as YYYY-MM-DDTHH:MM:SS[.mmm]Z";
}

new_key key()
{
    return new_key{key_type::inference, "tenant 42"};
}

new_web3_key web3_key()
{
    return new_web3_key{key_type::admin, "0x45B7", secret{"challenge"}, secret{"0xsignature"}};
}

// The detail of the refusal; empty when there is none.
template <class Key>
std::string fault(const Key& made)
{
    const result<void> outcome = made.validate();
    if (outcome)
        return {};
    BOOST_TEST(outcome.error().code == errc::invalid_argument);
    BOOST_TEST(outcome.error().delivery == delivery::not_sent);
    return outcome.error().detail;
}

// The rules that both kinds of creation share.
template <class Make>
void check_shared_rules(Make make)
{
    BOOST_TEST(fault(make()) == "");
    const double above = std::nextafter(9'999'999'999.0, std::numeric_limits<double>::infinity());
    for (const double limit : {-1.0, above, std::nan("")}) {
        BOOST_TEST(fault(make().usd(limit)) == "usd: " + key_rules::text_of(limit) + " is not in 0 … 9999999999",
                   limit);
        BOOST_TEST(fault(make().diem(limit)) == "diem: " + key_rules::text_of(limit) + " is not in 0 … 9999999999",
                   limit);
        BOOST_TEST(fault(make().vcu(limit)) == "vcu: " + key_rules::text_of(limit) + " is not in 0 … 9999999999",
                   limit);
    }
    BOOST_TEST(fault(make().usd(0).diem(9'999'999'999.0).vcu(clear)) == "");
    BOOST_TEST(fault(make().limit_period(limit_period::other)) == "limit_period: is empty");
    BOOST_TEST(fault(make().model_privacy(model_privacy{"\xFF"})) == "model_privacy: is not UTF-8");
    BOOST_TEST(fault(make().limit_period(limit_period{"FORTNIGHT"})) == "");

    for (const std::string_view text : {"2028-02-29", "2023-10-01T12:00:00Z", "2023-10-01T12:00:00.000Z", ""})
        BOOST_TEST(fault(make().expires_at(text)) == "", text);
    for (const std::string_view text : {"2026-02-30", "tomorrow", "null"})
        BOOST_TEST(fault(make().expires_at(text)) == no_date(text), text);
    BOOST_TEST(fault(make().expires_at(timestamp{})) == "");
    BOOST_TEST(fault(make().expires_at(timestamp::max())) ==
               "expires_at: the time is not in the years 0 … 9999"); // its text is empty, too
}

} // namespace

BOOST_AUTO_TEST_CASE(both_kinds_share_the_rules_of_an_update)
{
    check_shared_rules(key);
    check_shared_rules(web3_key);
}

BOOST_AUTO_TEST_CASE(a_type_needs_a_text)
{
    BOOST_TEST(fault(new_key{key_type{}, "d"}) == "type: is empty");
    BOOST_TEST(fault(new_key{key_type{"\xFF"}, "d"}) == "type: is not UTF-8");
    BOOST_TEST(fault(new_key{key_type{"ROBOT"}, "d"}) == "");
    BOOST_TEST(fault(new_web3_key{key_type{}, "a", secret{"c"}, secret{"s"}}) == "type: is empty");
}

BOOST_AUTO_TEST_CASE(a_description_has_at_most_64_code_points)
{
    BOOST_TEST(fault(new_key{key_type::admin, ""}) == "");
    BOOST_TEST(fault(new_key{key_type::admin, repeated("€", 64)}) == "");
    BOOST_TEST(fault(new_key{key_type::admin, repeated("€", 65)}) == "description: 65 characters, at most 64");
    BOOST_TEST(fault(new_key{key_type::admin, "\xC3"}) == "description: is not UTF-8");
}

BOOST_AUTO_TEST_CASE(the_description_of_a_wallet_key_has_any_length)
{
    BOOST_TEST(fault(web3_key()) == "");
    BOOST_TEST(fault(web3_key().description("")) == "");
    for (const std::size_t length : {64u, 65u, 10'000u})
        BOOST_TEST(fault(web3_key().description(repeated("😀", length))) == "");
    BOOST_TEST(fault(web3_key().description(repeated("😀", 65) + "\xC3")) == "description: is not UTF-8");
}

BOOST_AUTO_TEST_CASE(a_wallet_needs_its_address_challenge_and_signature)
{
    const auto wallet = [](std::string address, std::string_view challenge, std::string_view signature) {
        return fault(new_web3_key{key_type::admin, std::move(address), secret{challenge}, secret{signature}});
    };
    BOOST_TEST(wallet("a", "c", "s") == "");
    BOOST_TEST(wallet("", "c", "s") == "address: is empty");
    BOOST_TEST(wallet("a", "", "s") == "challenge: is empty");
    BOOST_TEST(wallet("a", "c", "") == "signature: is empty");
    BOOST_TEST(wallet("\xFF", "c", "s") == "address: is not UTF-8");
    BOOST_TEST(wallet("a", "SECRET\xFF", "s") == "challenge: is not UTF-8");
    BOOST_TEST(wallet("a", "c", "SECRET\xFF") == "signature: is not UTF-8");
    BOOST_TEST(wallet("0x\t", "c", "s") == "address: has control character U+0009 at byte 2");
    BOOST_TEST(wallet("0x ", "c", "s") == "address: has blank U+0020 at byte 2, at its end");
    BOOST_TEST(wallet("a", "c", "0x\n") == "signature: has control character U+000A at byte 2");
    BOOST_TEST(wallet("a", "a message\nin lines\n", "s") == "");
}

BOOST_AUTO_TEST_CASE(a_challenge_keeps_its_kind)
{
    using form = wallet_challenge::form;
    const auto kind_of = [](auto challenge) {
        return new_web3_key{key_type::admin, "a", std::move(challenge), secret{"s"}}.challenge_kind();
    };
    BOOST_TEST(kind_of(secret{"a.b.c"}) == form::token);
    BOOST_TEST(kind_of(secret{"venice.ai wants you\nto sign"}) == form::message);
    BOOST_TEST(kind_of(wallet_challenge{secret{"a.b.c"}}) == form::token);
    BOOST_TEST(kind_of(wallet_challenge{secret{"one-word"}, "n", std::nullopt}) == form::message);
    const wallet_challenge challenge{secret{"sign"}, "n", timestamp{}};
    const secret text = challenge; // as callers of older versions have it
    BOOST_TEST(text.expose() == "sign");
}

BOOST_AUTO_TEST_CASE(setters_chain_on_temporaries_and_on_variables)
{
    new_key made = key();
    made.usd(1).diem(clear).limit_period(limit_period::month);
    BOOST_TEST((made == key().usd(1).diem(clear).limit_period(limit_period::month)));
    BOOST_TEST(*made.usd() == 1.0);
    BOOST_TEST(made.diem().cleared());
    BOOST_TEST(made.vcu().untouched());
    BOOST_TEST((made != key()));
    new_web3_key other = web3_key();
    other.description("d").vcu(2);
    BOOST_TEST((other == web3_key().vcu(2).description("d")));
}

BOOST_AUTO_TEST_CASE(the_first_fault_is_named)
{
    BOOST_TEST(fault(new_key{key_type{}, "\xFF"}.usd(-1)) == "type: is empty");
    BOOST_TEST(fault(new_key{key_type::admin, "\xFF"}.usd(-1).expires_at("soon")) ==
               "usd: -1 is not in 0 … 9999999999");
    BOOST_TEST(fault(new_key{key_type::admin, "\xFF"}.expires_at("soon")) == "description: is not UTF-8");
}

BOOST_AUTO_TEST_CASE(an_empty_optional_is_no_limit_and_no_expiration)
{
    const std::optional<double> none;
    const std::optional<int> five = 5;
    new_key key = new_key{key_type::inference, "d"}.usd(none).diem(five).expires_at(std::optional<timestamp>{});
    BOOST_TEST(key.usd().cleared());
    BOOST_TEST(*key.diem() == 5.0);
    BOOST_TEST(key.vcu().untouched());
    BOOST_TEST(key.expires_at()->text() == "");
    key.usd(std::optional<double>{2.5}).vcu(none).expires_at(std::optional<timestamp>{timestamp{}});
    BOOST_TEST(*key.usd() == 2.5);
    BOOST_TEST(key.vcu().cleared());
    BOOST_TEST(key.expires_at()->text() == "1970-01-01T00:00:00.000Z");
    BOOST_TEST(key.validate());
}

BOOST_AUTO_TEST_CASE(a_key_is_made_like_another_one)
{
    const api_key other{.id = "of the other", .limits = {.usd = 5.0}};
    const new_key key = new_key{key_type::inference, "like the other"}
                            .usd(other.limits.usd)
                            .diem(other.limits.diem)
                            .expires_at(other.expires_at);
    BOOST_TEST(*key.usd() == 5.0);
    BOOST_TEST(key.diem().cleared());
    BOOST_TEST(key.expires_at()->text() == "");
}

BOOST_AUTO_TEST_SUITE_END()
