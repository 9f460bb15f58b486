// How a fault is built.
#include <venice_keys/emulator_fault.hpp>

#include <utility>

namespace venice_keys {

fault fault::delay(std::chrono::milliseconds time)
{
    fault rule{kind::delay};
    rule.time_ = time;
    return rule;
}

fault fault::service(std::chrono::milliseconds time)
{
    return delay(time).times(0);
}

fault fault::overread(behind what)
{
    fault rule{kind::overread};
    rule.behind_ = what;
    rule.times_ = 0;
    return rule;
}

fault fault::answer(unsigned status)
{
    fault rule{kind::answer};
    rule.status_ = status;
    return rule;
}

fault fault::cut(std::size_t bytes)
{
    fault rule{kind::cut};
    rule.bytes_ = bytes;
    return rule;
}

fault fault::raw(std::string bytes)
{
    fault rule{kind::raw};
    rule.raw_ = std::move(bytes);
    return rule;
}

fault fault::silent(std::chrono::milliseconds time)
{
    fault rule{kind::silent};
    rule.time_ = time;
    return rule;
}

fault fault::rst(code why)
{
    fault rule{kind::rst};
    rule.code_ = why;
    return rule;
}

fault fault::goaway(last processed)
{
    fault rule{kind::goaway};
    rule.last_ = processed;
    return rule;
}

fault fault::streams(std::uint32_t most)
{
    fault rule{kind::streams};
    rule.number_ = most;
    return rule;
}

fault fault::window(std::uint32_t bytes)
{
    fault rule{kind::window};
    rule.number_ = bytes;
    return rule;
}

fault fault::after(std::uint64_t requests) &&
{
    after_ = requests;
    return std::move(*this);
}

fault fault::times(std::uint64_t count) &&
{
    times_ = count;
    return std::move(*this);
}

fault fault::every(std::uint64_t requests) &&
{
    every_ = requests;
    return std::move(*this);
}

fault fault::at_random(double probability) &&
{
    probability_ = probability;
    return std::move(*this);
}

fault fault::applied(apply when) &&
{
    apply_ = when;
    return std::move(*this);
}

fault fault::only_for(std::string text) &&
{
    only_for_ = std::move(text);
    return std::move(*this);
}

fault fault::only_method(std::string name) &&
{
    only_method_ = std::move(name);
    return std::move(*this);
}

fault fault::retry_after(std::string value) &&
{
    // A line break would end the field; what is to be broken so badly is for raw().
    std::erase_if(value, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; });
    retry_after_ = std::move(value);
    return std::move(*this);
}

fault fault::body(std::string value) &&
{
    body_ = std::move(value);
    return std::move(*this);
}

fault fault::text(std::string value) &&
{
    text_ = std::move(value);
    return std::move(*this);
}

fault fault::after_part(part sent) &&
{
    part_ = sent;
    return std::move(*this);
}

fault fault::with_code(code why) &&
{
    code_ = why;
    return std::move(*this);
}

fault fault::then(ending what) &&
{
    ending_ = what;
    return std::move(*this);
}

fault fault::lasting(std::chrono::milliseconds time) &&
{
    time_ = time;
    return std::move(*this);
}

} // namespace venice_keys
