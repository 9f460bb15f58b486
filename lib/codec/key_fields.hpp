// Writes the members that the bodies of an update and of a creation share. What only one of them has is theirs.
#pragma once

#include "codec/json_writer.hpp"

#include <venice_keys/field.hpp>
#include <venice_keys/key_update.hpp>

#include <string>
#include <string_view>
#include <type_traits>

namespace venice_keys::codec {

template <class Out>
void write_limit(object_writer<Out>& limits, std::string_view quoted_name, const field<double>& value)
{
    if (value.has_value())
        append_number(limits.member(quoted_name), *value);
    else if (value.cleared())
        limits.member(quoted_name) += "null";
}

// The limits, their period and the privacy of models, which `fields` has under these names; nothing of what is
// untouched.
template <class Out, class Fields>
void write_limits_and_privacy(object_writer<Out>& body, const Fields& fields)
{
    if (!fields.usd().untouched() || !fields.diem().untouched() || !fields.vcu().untouched()) {
        // Singular in requests, plural in most answers.
        object_writer<Out> limits{body.member(R"("consumptionLimit")")};
        write_limit(limits, R"("usd")", fields.usd());
        write_limit(limits, R"("diem")", fields.diem());
        write_limit(limits, R"("vcu")", fields.vcu());
        limits.close();
    }
    if (fields.limit_period().has_value())
        append_string(body.member(R"("limitPeriod")"), fields.limit_period()->text());
    if (fields.model_privacy().has_value())
        append_string(body.member(R"("modelPrivacy")"), fields.model_privacy()->text());
}

template <class Out>
void write_expiration(object_writer<Out>& body, const field<expiration>& when)
{
    if (when.has_value()) {
        // Neither of the forms of a time has a character to escape.
        Out& out = body.member(R"("expiresAt")");
        out += '"';
        if constexpr (std::is_same_v<Out, std::string>)
            when->append_to(out);
        else
            out += when->text();
        out += '"';
    } else if (when.cleared()) {
        body.member(R"("expiresAt")") += "null";
    }
}

} // namespace venice_keys::codec
