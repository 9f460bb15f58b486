// Carries out what faults do to a connection of HTTP/2.
#include "emulator/fault_access.hpp"
#include "emulator/http2_frames.hpp"
#include "emulator/http2_server.hpp"

#include <utility>

namespace venice_keys::emulation {

namespace {

constexpr std::uint32_t no_last_stream = 0x7FFF'FFFF;

std::uint32_t last_stream_of(fault::last last, std::uint32_t asked)
{
    switch (last) {
    case fault::last::none:
        return 0;
    case fault::last::below:
        return asked > 2 ? asked - 2 : 0; // a client's streams are odd
    case fault::last::at:
        return asked;
    case fault::last::all:
        return no_last_stream;
    }
    return 0;
}

} // namespace

void http2_server::strike(const stream_ptr& which, decision made)
{
    const fault_access rule{*made.strike};
    switch (rule->kind) {
    case fault::kind::answer:
    case fault::kind::malformed:
    case fault::kind::overread: // it strikes requests over HTTP/1.1 alone
        send(which, made.answer, made.when);
        return;
    case fault::kind::delay:
        after(which, rule->time,
              [this, which, answer = std::move(made.answer), when = made.when] { send(which, answer, when); });
        return;
    case fault::kind::streams:
        change_limits({rule->number, limits_.initial_window}, rule->time);
        send(which, made.answer, made.when);
        return;
    case fault::kind::window:
        change_limits({limits_.max_streams, rule->number}, rule->time);
        send(which, made.answer, made.when);
        return;
    case fault::kind::swap:
        swap_answer(which, made);
        return;
    case fault::kind::silent:
        fall_silent(which, made);
        return;
    case fault::kind::rst:
        reset_stream(which, made);
        return;
    case fault::kind::goaway:
        send_goaway(which, made);
        return;
    case fault::kind::cut:
        cut_answer(which, made);
        return;
    case fault::kind::raw:
        between_frames() += rule->raw;
        stall(which);
        return;
    case fault::kind::stall:
        stall(which);
        return;
    case fault::kind::close:
    case fault::kind::reset:
        static_cast<void>(between_frames()); // what came before is answered first
        end_ = rule->kind == fault::kind::close ? end::close : end::reset;
        return;
    }
}

void http2_server::reset_stream(const stream_ptr& which, const decision& made)
{
    const fault_access rule{*made.strike};
    const std::uint32_t id = which->asked.stream;
    const auto code = static_cast<std::uint32_t>(rule->code);
    serving_.erase(id);
    if (rule->part == fault::part::none) {
        session_.reset(id, code);
        return;
    }
    session_.answer(id, made.answer, made.when, rule->part);
    // The session sends no RST_STREAM for a stream that it has brought to its end.
    std::string& out = between_frames();
    if (rule->part == fault::part::whole)
        append_rst_stream(out, id, code);
    else
        session_.reset(id, code);
}

void http2_server::send_goaway(const stream_ptr& which, const decision& made)
{
    const fault_access rule{*made.strike};
    const std::uint32_t last = last_stream_of(rule->last, which->asked.stream);
    append_goaway(between_frames(), last, static_cast<std::uint32_t>(rule->code), rule->text);
    if (rule->ending == fault::ending::close) {
        end_ = end::close;
        return;
    }
    if (rule.answers())
        send(which, made.answer, made.when);
    if (last == no_last_stream)
        return;
    draining_ = true;
    session_.ignore_above(last);
    while (!serving_.empty() && serving_.rbegin()->first > last)
        forget(serving_.rbegin()->first);
    std::erase_if(stalled_, [last](std::uint32_t id) { return id > last; });
}

// After this time the limits are again those of the options; 0 means never.
void http2_server::change_limits(http2_limits now, std::chrono::milliseconds lasting)
{
    session_.set_limits(now);
    if (lasting.count() != 0)
        after(changed_limits_, lasting, [this] { session_.set_limits(limits_); });
}

void http2_server::cut_answer(const stream_ptr& which, const decision& made)
{
    std::string& out = between_frames();
    session_.answer(which->asked.stream, made.answer, made.when);
    std::string frames;
    session_.gather(frames);
    out += frames.substr(0, fault_access(*made.strike)->bytes);
    end_ = end::truncate;
}

void http2_server::swap_answer(const stream_ptr& which, const decision& made)
{
    if (held_) {
        send(which, made.answer, made.when);
        return;
    }
    serving_.erase(which->asked.stream);
    held_ = held_answer{which->asked.stream, made.answer, made.when};
}

void http2_server::fall_silent(const stream_ptr& which, const decision& made)
{
    const std::chrono::milliseconds time = fault_access(*made.strike)->time;
    static_cast<void>(between_frames()); // what came before is answered first
    silent_ = true;
    if (time.count() == 0) {
        stall(which);
        return;
    }
    send(which, made.answer, made.when);
    after(silence_, time, [this] {
        silent_ = false;
        channel_->output() += std::exchange(withheld_, {});
    });
}

void http2_server::stall(const stream_ptr& which)
{
    stalled_.insert(which->asked.stream);
    serving_.erase(which->asked.stream);
}

std::string& http2_server::between_frames()
{
    if (silent_)
        return withheld_;
    if (end_ == end::none)
        session_.gather(channel_->output());
    return channel_->output();
}

} // namespace venice_keys::emulation
