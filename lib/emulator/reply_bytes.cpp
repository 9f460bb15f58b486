// The bytes of an answer over HTTP/1.1: status line, header, body.
#include "emulator/reply.hpp"

namespace venice_keys::emulation {

namespace {

std::string_view reason(unsigned status)
{
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 402:
        return "Payment Required";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 422:
        return "Unprocessable Content";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    default:
        return status < 400 ? "Other" : "Error";
    }
}

void append_field(std::string& out, std::string_view name, std::string_view value)
{
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

} // namespace

void append_reply(std::string& out, const reply& answer, timestamp now, reply_framing framing)
{
    out += "HTTP/1.1 ";
    out += std::to_string(answer.status);
    out += ' ';
    out += reason(answer.status);
    out += "\r\n";
    for (const reply_field& each : reply_fields(answer, now))
        append_field(out, each.name, each.value);
    if (!framing.keep_alive)
        append_field(out, "Connection", "close");
    else if (framing.http_1_0)
        append_field(out, "Connection", "keep-alive");
    out += "\r\n";
    if (!framing.head && !is_bodiless(answer))
        out += answer.body;
}

} // namespace venice_keys::emulation
