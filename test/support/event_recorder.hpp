// An observer that writes each event down as one line, with its attributes, and counts. For one client at a time.
#pragma once

#include <venice_keys/observer.hpp>

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace test {

class event_recorder final : public venice_keys::observer {
public:
    void connection_opened(const venice_keys::event::connection_opened& what) noexcept override { note(what); }
    void connection_failed(const venice_keys::event::connection_failed& what) noexcept override { note(what); }
    void connection_closed(const venice_keys::event::connection_closed& what) noexcept override { note(what); }
    void attempt_started(const venice_keys::event::attempt_started& what) noexcept override { note(what); }
    void attempt_ended(const venice_keys::event::attempt_ended& what) noexcept override { note(what); }
    void retry_scheduled(const venice_keys::event::retry_scheduled& what) noexcept override { note(what); }
    void paced(const venice_keys::event::paced& what) noexcept override { note(what); }
    void error_budget_changed(const venice_keys::event::error_budget_changed& what) noexcept override { note(what); }

    // `attempt_ended venice_keys.connection.number=1 …`
    [[nodiscard]] const std::vector<std::string>& lines() const noexcept { return lines_; }
    [[nodiscard]] const std::string& line(std::size_t which) const { return lines_.at(which); }
    void clear() noexcept { lines_.clear(); }

    [[nodiscard]] std::vector<std::string> names() const
    {
        std::vector<std::string> all;
        for (const std::string& each : lines_)
            all.push_back(each.substr(0, each.find(' ')));
        return all;
    }
    // How many lines have this event and this attribute, `name=value`; an empty one stands for any.
    [[nodiscard]] std::size_t count(std::string_view event, std::string_view attribute = {}) const
    {
        return static_cast<std::size_t>(std::ranges::count_if(lines_, [&](const std::string& each) {
            return each.starts_with(std::string(event) + ' ') && has(each, attribute);
        }));
    }
    [[nodiscard]] static bool has(const std::string& line, std::string_view attribute)
    {
        return attribute.empty() || (line + ' ').find(' ' + std::string(attribute) + ' ') != std::string::npos;
    }

private:
    template <class Event>
    void note(const Event& what)
    {
        std::ostringstream out;
        out << std::boolalpha << Event::name;
        what.for_each_attribute([&out](std::string_view name, const venice_keys::attribute_value& value) {
            out << ' ' << name << '=';
            std::visit([&out](auto plain) { out << plain; }, value);
        });
        lines_.push_back(std::move(out).str());
    }

    std::vector<std::string> lines_;
};

} // namespace test
