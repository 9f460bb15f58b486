#include "integration/front_ends/server.hpp"

#include "integration/nginx/certificate.hpp"

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace integration {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using test::read_file;

void write_file(const fs::path& path, const std::string& text)
{
    std::ofstream out(path);
    out << text;
    if (!out.flush())
        throw std::runtime_error("can't write " + path.string());
}

} // namespace

front_end::front_end(front_end_recipe recipe, std::uint16_t upstream_port) : recipe_(std::move(recipe))
{
    place_.folder = folder_.path();
    place_.upstream_port = upstream_port;
    place_.certificate_file = place_.folder / "certificate.pem";
    place_.private_key_file = place_.folder / "private_key.pem";
    place_.both_file = place_.folder / "both.pem";
    write_certificate(place_.certificate_file, place_.private_key_file);
    write_file(place_.both_file, read_file(place_.certificate_file) + read_file(place_.private_key_file));
    constexpr int attempts = 5; // as the port may be taken in between
    std::string why;
    for (int attempt = 1; attempt <= attempts; ++attempt) {
        place_.port = test::free_port();
        write_file(place_.folder / "configuration", recipe_.configuration(place_));
        start();
        if (wait_until_it_accepts())
            return;
        process_.stop();
        why = log();
    }
    throw std::runtime_error(recipe_.program + " does not start: " + why);
}

std::string front_end::base_url() const
{
    return "https://localhost:" + std::to_string(place_.port) + "/api/v1";
}

void front_end::start()
{
    std::vector<std::string> words = recipe_.arguments((place_.folder / "configuration").string());
    words.insert(words.begin(), recipe_.program);
    process_.start({std::move(words), place_.folder / "terminal"});
}

bool front_end::wait_until_it_accepts()
{
    const auto end = std::chrono::steady_clock::now() + 15s;
    while (std::chrono::steady_clock::now() < end) {
        if (process_.wait_for_end(0ms))
            return false;
        // Workers first: whoever else has the port would also accept.
        if (!workers().empty() && test::accepts(place_.port))
            return true;
        std::this_thread::sleep_for(5ms);
    }
    return false;
}

std::set<pid_t> front_end::workers() const
{
    const std::vector<pid_t> found = process_.workers();
    return {found.begin(), found.end()};
}

std::string front_end::log() const
{
    return read_file(place_.folder / "terminal");
}

} // namespace integration
