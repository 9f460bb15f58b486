// What faults do to a connection of HTTP/2.
#include "emulator/fault_access.hpp"
#include "emulator/http2_dialogue.hpp"
#include "emulator/http2_frames.hpp"

#include <utility>
#include <vector>

namespace venice_keys::emulation {

namespace {

constexpr std::uint32_t no_last_stream = 0x7FFF'FFFF;

std::uint32_t code_of(const fault_access& rule)
{
    return static_cast<std::uint32_t>(rule.code());
}

std::uint32_t last_stream_of(const fault_access& rule, std::uint32_t asked)
{
    switch (rule.last()) {
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

void http2_dialogue::strike(const stream_ptr& which, exchange done)
{
    const std::uint32_t id = which->asked.stream;
    switch (*done.what.strike) {
    case fault::kind::answer:
    case fault::kind::malformed:
    case fault::kind::overread: // it strikes requests over HTTP/1.1 alone
        say(which, done.what.answer, done.when);
        return;
    case fault::kind::delay:
        after(which, done.what.time,
              [this, which, answer = std::move(done.what.answer), when = done.when] { say(which, answer, when); });
        return;
    case fault::kind::streams:
        change_limits({fault_access{*done.what.rule}.number(), limits_.initial_window}, done.what.time);
        say(which, done.what.answer, done.when);
        return;
    case fault::kind::window:
        change_limits({limits_.max_streams, fault_access{*done.what.rule}.number()}, done.what.time);
        say(which, done.what.answer, done.when);
        return;
    case fault::kind::swap:
        swap_answer(which, done);
        return;
    case fault::kind::silent:
        fall_silent(which, done);
        return;
    case fault::kind::rst:
        strike_stream(which, done);
        return;
    case fault::kind::goaway:
        send_goaway(which, done);
        return;
    case fault::kind::cut:
        cut_answer(which, done);
        return;
    case fault::kind::raw:
        between_frames() += done.what.raw;
        stalled_.insert(id);
        serving_.erase(id);
        return;
    case fault::kind::stall:
        stalled_.insert(id);
        serving_.erase(id);
        return;
    case fault::kind::close:
    case fault::kind::reset:
        static_cast<void>(between_frames()); // what came before is answered first
        end_ = *done.what.strike == fault::kind::close ? end::close : end::reset;
        return;
    }
}

void http2_dialogue::strike_stream(const stream_ptr& which, const exchange& done)
{
    const fault_access rule{*done.what.rule};
    const std::uint32_t id = which->asked.stream;
    serving_.erase(id);
    if (rule.part() == fault::part::none) {
        session_.reset(id, code_of(rule));
        return;
    }
    session_.answer(id, done.what.answer, done.when, which->asked.method == "HEAD", rule.part());
    // A session sends no RST_STREAM for a stream that it has brought to its end.
    std::string& out = between_frames();
    if (rule.part() == fault::part::whole)
        append_rst_stream(out, id, code_of(rule));
    else
        session_.reset(id, code_of(rule));
}

void http2_dialogue::send_goaway(const stream_ptr& which, const exchange& done)
{
    const fault_access rule{*done.what.rule};
    const std::uint32_t last = last_stream_of(rule, which->asked.stream);
    append_goaway(between_frames(), last, code_of(rule), rule.text());
    if (rule.ending() == fault::ending::close) {
        end_ = end::close;
        return;
    }
    if (rule.answers())
        say(which, done.what.answer, done.when);
    if (last == no_last_stream)
        return;
    draining_ = true;
    session_.leave_out_above(last);
    while (!serving_.empty() && serving_.rbegin()->first > last)
        forget(serving_.rbegin()->first);
    std::erase_if(stalled_, [last](std::uint32_t id) { return id > last; });
}

// Back to what the options say after this time; 0: never.
void http2_dialogue::change_limits(http2_limits now, std::chrono::milliseconds lasting)
{
    session_.limit(now);
    if (lasting.count() != 0)
        after(changed_limits_, lasting, [this] { session_.limit(limits_); });
}

void http2_dialogue::cut_answer(const stream_ptr& which, const exchange& done)
{
    std::string& out = between_frames();
    session_.answer(which->asked.stream, done.what.answer, done.when, which->asked.method == "HEAD",
                    fault::part::whole);
    std::string frames;
    session_.gather(frames);
    out += frames.substr(0, done.what.bytes);
    end_ = end::truncate;
}

void http2_dialogue::swap_answer(const stream_ptr& which, const exchange& done)
{
    if (held_) {
        say(which, done.what.answer, done.when);
        return;
    }
    serving_.erase(which->asked.stream);
    held_ = held_answer{which->asked.stream, which->asked.method == "HEAD", done.what.answer, done.when};
}

void http2_dialogue::fall_silent(const stream_ptr& which, const exchange& done)
{
    static_cast<void>(between_frames()); // what came before is answered first
    silent_ = true;
    if (done.what.time.count() == 0) {
        stalled_.insert(which->asked.stream);
        serving_.erase(which->asked.stream);
        return;
    }
    say(which, done.what.answer, done.when);
    after(silence_, done.what.time, [this] {
        silent_ = false;
        line_->output() += std::exchange(unheard_, {});
    });
}

std::string& http2_dialogue::between_frames()
{
    if (silent_)
        return unheard_;
    if (end_ == end::none)
        session_.gather(line_->output());
    return line_->output();
}

} // namespace venice_keys::emulation
