#include "structure/mirror.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <utility>

namespace structure {

namespace {

namespace fs = std::filesystem;

using names = std::set<std::string>;

// Of the files with this extension in a folder, their names without it.
names stems_in(const fs::path& folder, std::string_view extension)
{
    names found;
    if (fs::is_directory(folder))
        for (const fs::directory_entry& each : fs::directory_iterator(folder))
            if (each.is_regular_file() && each.path().extension() == extension)
                found.insert(each.path().stem().string());
    return found;
}

// By the form that clang-format gives it: the brace of a body stands on a line of its own, or in one line with it.
bool has_bodies(const fs::path& header)
{
    std::ifstream in(header);
    for (std::string line; std::getline(in, line);) {
        const auto begin = line.find_first_not_of(' ');
        if (begin != std::string::npos && (line.substr(begin) == "{" || line.find(" { ") != std::string::npos))
            return true;
    }
    return false;
}

// `multiplex` of `multiplex_times`, if that is a header; else the source is a room of its own.
std::string room_of(const std::string& source, const names& headers)
{
    for (std::string name = source; !name.empty();) {
        if (headers.contains(name))
            return name;
        const auto end = name.rfind('_');
        name.resize(end == std::string::npos ? 0 : end);
    }
    return source;
}

// The rooms of a layer, each with a file of it.
std::map<std::string, std::string> rooms_in(const fs::path& layer)
{
    std::map<std::string, std::string> rooms;
    const names headers = stems_in(layer, ".hpp");
    for (const std::string& each : stems_in(layer, ".cpp"))
        rooms.emplace(room_of(each, headers), each + ".cpp");
    for (const std::string& each : headers)
        if (has_bodies(layer / (each + ".hpp")))
            rooms.emplace(each, each + ".hpp");
    return rooms;
}

bool is_twin(std::string_view test, std::string_view room)
{
    constexpr std::string_view promise = "promise_";
    if (test.starts_with(promise))
        return test.size() > promise.size() + 3 && test.substr(promise.size() + 3) == room;
    return test.starts_with(room) && (test.size() == room.size() || test[room.size()] == '_');
}

bool has_twin(const fs::path& tests, const std::string& room)
{
    if (fs::is_directory(tests / room))
        return true;
    const names files = stems_in(tests, ".cpp");
    return std::ranges::any_of(files, [&](const std::string& each) { return is_twin(each, room); });
}

} // namespace

std::vector<missing_twin> find_missing_twins(const fs::path& root, std::span<const untwinned> exceptions)
{
    std::vector<missing_twin> found;
    names needed; // of the exceptions
    for (const fs::directory_entry& layer : fs::directory_iterator(root / "lib")) {
        if (!layer.is_directory())
            continue;
        const std::string name = layer.path().filename().string();
        for (const auto& [room, file] : rooms_in(layer.path())) {
            if (has_twin(root / "test" / "unit" / name, room))
                continue;
            const std::string full = name + "/" + room;
            if (std::ranges::find(exceptions, full, &untwinned::room) != exceptions.end())
                needed.insert(full);
            else
                found.push_back({"lib/" + name + "/" + file, 0, "there is no test/unit/" + full + ".cpp"});
        }
    }
    for (const untwinned& each : exceptions) {
        const std::string room = "lib/" + std::string(each.room);
        if (!needed.contains(std::string(each.room)))
            found.push_back({room, 0, "has a twin, or is gone, and is still an exception"});
        else if (!fs::exists(root / "test" / each.tested_by))
            found.push_back({room, 0, "test/" + std::string(each.tested_by) + ", which is to test it, is not there"});
    }
    std::ranges::sort(found, {}, &missing_twin::file);
    return found;
}

} // namespace structure
