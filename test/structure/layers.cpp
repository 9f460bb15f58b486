#include "structure/layers.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

namespace structure {
namespace {

namespace fs = std::filesystem;
// The public headers with something to run. The others carry values.
const texts not_values{"client.hpp", "client_view.hpp", "emulator"};

// A layer may name what the layers below it may name: session may name model through wire.
const part table[] = {
    {"include/venice_keys",
     {},
     {""},
     {"boost/asio/", "boost/assert.hpp", "boost/system/", "boost/version.hpp"},
     {"boost/asio/ssl"}},
    {"lib/model",
     {},
     {values},
     // a secret's memory, fingerprint and file
     {"boost/system/", "boost/url", "openssl/crypto.h", "openssl/evp.h", "openssl/hmac.h", "openssl/rand.h", "fcntl.h",
      "sys/stat.h", "unistd.h"}},
    {"lib/codec", {"model"}, {values}, {"boost/json", "boost/system/"}},
    {"lib/wire",
     {"model"},
     {values},
     {"boost/asio/buffer.hpp", "boost/beast/core/", "boost/beast/http/", "boost/intrusive/", "boost/system/",
      "nghttp2/nghttp2.h"},
     {"boost/beast/core/basic_stream", "boost/beast/core/tcp_stream", "boost/beast/http/read", "boost/beast/http/write",
      "boost/beast/http/fields", "boost/beast/http/message", "boost/beast/http/parser"}},
    {"lib/policy", {"model"}, {values}, {"boost/intrusive/", "boost/system/"}},
    {"lib/net", {"model"}, {values}, {"boost/asio", "boost/system/", "openssl/"}},
    {"lib/session", {"model", "wire", "net"}, {values}, {"boost/asio", "boost/intrusive/", "boost/system/"}},
    {"lib/pool",
     {"model", "wire", "net", "session", "policy"},
     {values},
     {"boost/asio", "boost/intrusive/", "boost/system/"}},
    {"lib/client",
     {"model", "wire", "net", "session", "policy", "codec", "pool"},
     {values, "client"},
     {"boost/asio", "boost/intrusive/", "boost/system/", "boost/url"}},
    {"lib/composed", {}, {values, "client"}, {"boost/asio/", "boost/system/"}},
    {"lib/emulator",
     {},
     {values, "emulator"},
     {"boost/asio", "boost/beast/", "boost/json", "boost/system/", "boost/url", "nghttp2/nghttp2.h", "openssl/"}},
    {"tools", {}, {""}, {"CLI/", "boost/asio", "boost/json", "boost/system/", "fmt/", "openssl/"}},
};

bool begins_with_any(std::string_view name, const texts& beginnings)
{
    return std::ranges::any_of(beginnings, [&](std::string_view text) { return name.starts_with(text); });
}

bool may_name_public(const part& here, std::string_view name)
{
    return std::ranges::any_of(here.public_headers, [&](std::string_view allowed) {
        return allowed == values ? !begins_with_any(name, not_values) : name.starts_with(allowed);
    });
}

struct include_line {
    int number = 0;
    bool quoted = false;
    std::string name; // empty: not a plain name
};

std::optional<include_line> read_include(std::string_view line, int number)
{
    const auto skip_blanks = [&] {
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    };
    skip_blanks();
    if (!line.starts_with('#'))
        return std::nullopt;
    line.remove_prefix(1);
    skip_blanks();
    if (!line.starts_with("include"))
        return std::nullopt;
    line.remove_prefix(std::string_view("include").size());
    skip_blanks();
    include_line found{number, line.starts_with('"'), {}};
    if (found.quoted || line.starts_with('<')) {
        const auto end = line.find(found.quoted ? '"' : '>', 1);
        if (end != std::string_view::npos)
            found.name = line.substr(1, end - 1);
    }
    return found;
}

std::vector<include_line> read_includes(const fs::path& file)
{
    std::vector<include_line> found;
    std::ifstream in(file);
    int number = 0;
    for (std::string line; std::getline(in, line);) {
        if (auto include = read_include(line, ++number))
            found.push_back(std::move(*include));
    }
    return found;
}

// Why `file`, which belongs to `here`, may not have this include; nothing when it may.
std::optional<std::string> refuse(const part& here, const fs::path& root, const fs::path& file,
                                  const include_line& include)
{
    if (include.name.empty())
        return "an #include that is not a plain name";

    if (!include.quoted) {
        constexpr std::string_view ours = "venice_keys/";
        const std::string_view name = include.name;
        if (name.starts_with(ours)) {
            if (may_name_public(here, name.substr(ours.size())))
                return std::nullopt;
        } else if (name.find_first_of("/.") == std::string_view::npos) {
            return std::nullopt; // the standard library
        } else if (begins_with_any(name, here.libraries) && !begins_with_any(name, here.not_libraries)) {
            return std::nullopt;
        } else if (here.folder.starts_with("lib/net") || here.folder == "tools" || here.folder == "lib/emulator") {
            // The system's own headers, where sockets and files are.
            if (begins_with_any(name, {"sys/", "netinet/", "arpa/", "unistd.h", "signal.h", "poll.h", "fcntl.h"}))
                return std::nullopt;
        }
        return "<" + include.name + "> is not for " + std::string(here.folder);
    }

    // Beside the file, or below lib/: where the compiler looks.
    fs::path target = (file.parent_path() / include.name).lexically_normal();
    if (!fs::exists(root / target))
        target = (fs::path("lib") / include.name).lexically_normal();
    const std::string text = target.generic_string();
    if (text.starts_with(std::string(here.folder) + "/"))
        return std::nullopt;
    if (std::ranges::any_of(
            here.layers, [&](std::string_view layer) { return text.starts_with("lib/" + std::string(layer) + "/"); }))
        return std::nullopt;
    return "\"" + include.name + "\" is not for " + std::string(here.folder);
}

const part* part_of(const std::string& file)
{
    const auto found =
        std::ranges::find_if(table, [&](const part& p) { return file.starts_with(std::string(p.folder) + "/"); });
    return found == std::end(table) ? nullptr : &*found;
}

bool is_source(const fs::path& file)
{
    return file.extension() == ".hpp" || file.extension() == ".cpp";
}

} // namespace

std::span<const part> parts() noexcept
{
    return table;
}

std::vector<violation> find_violations(const fs::path& root)
{
    std::vector<violation> found;
    for (const char* top : {"include", "lib", "tools"}) {
        if (!fs::exists(root / top))
            continue;
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            if (!entry.is_regular_file() || !is_source(entry.path()))
                continue;
            const fs::path file = entry.path().lexically_relative(root);
            const part* here = part_of(file.generic_string());
            if (here == nullptr) {
                found.push_back({file.generic_string(), 0, "belongs to no layer of the table"});
                continue;
            }
            for (const include_line& include : read_includes(entry.path())) {
                if (auto why = refuse(*here, root, file, include))
                    found.push_back({file.generic_string(), include.number, std::move(*why)});
            }
        }
    }
    std::ranges::sort(found, {}, [](const violation& v) { return std::tie(v.file, v.line, v.why); });
    return found;
}

} // namespace structure
