#include "integration/front_ends/server.hpp"

#include "integration/nginx/certificate.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace integration {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::ip::tcp;
using namespace std::chrono_literals;

constexpr auto pause_between_looks = 5ms;

fs::path make_folder()
{
    std::string name = (fs::temp_directory_path() / "venice_keys_front_end_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), "mkdtemp");
    return name;
}

// Free now; another process may still be faster.
std::uint16_t free_port()
{
    asio::io_context io;
    return tcp::acceptor(io, {asio::ip::address_v4::loopback(), 0}).local_endpoint().port();
}

std::string read_file(const fs::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

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
    place_.folder = make_folder();
    place_.upstream_port = upstream_port;
    place_.certificate_file = place_.folder / "certificate.pem";
    place_.private_key_file = place_.folder / "private_key.pem";
    place_.both_file = place_.folder / "both.pem";
    write_certificate(place_.certificate_file, place_.private_key_file);
    write_file(place_.both_file, read_file(place_.certificate_file) + read_file(place_.private_key_file));
    constexpr int attempts = 5; // as the port may be taken in between
    std::string why;
    for (int attempt = 1; attempt <= attempts; ++attempt) {
        place_.port = free_port();
        write_file(place_.folder / "configuration", recipe_.configuration(place_));
        start();
        if (wait_until_it_accepts())
            return;
        stop();
        why = log();
    }
    std::error_code ignored;
    fs::remove_all(place_.folder, ignored);
    throw std::runtime_error(recipe_.program + " does not start: " + why);
}

front_end::~front_end()
{
    stop();
    std::error_code ignored;
    fs::remove_all(place_.folder, ignored);
}

std::string front_end::base_url() const
{
    return "https://localhost:" + std::to_string(place_.port) + "/api/v1";
}

// fork and not posix_spawn: the child asks the kernel to end it with us, so that a test that is killed leaves
// nothing behind. Between fork and exec it makes system calls only.
void front_end::start()
{
    const std::string terminal = (place_.folder / "terminal").string();
    std::vector<std::string> words = recipe_.arguments((place_.folder / "configuration").string());
    words.insert(words.begin(), recipe_.program);
    std::vector<char*> arguments;
    for (std::string& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0)
        throw std::system_error(errno, std::generic_category(), "fork");
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != parent)
            ::_exit(1);
        ::setpgid(0, 0);
        const int file = ::open(terminal.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        ::dup2(file, STDOUT_FILENO);
        ::dup2(file, STDERR_FILENO);
        ::execv(arguments[0], arguments.data());
        ::_exit(127);
    }
    master_ = child;
}

bool front_end::wait_until_it_accepts()
{
    asio::io_context io;
    const auto end = std::chrono::steady_clock::now() + 15s;
    while (std::chrono::steady_clock::now() < end) {
        if (wait_for_end(0ms))
            return false;
        // Workers first: whoever else has the port would also accept.
        if (!workers().empty()) {
            tcp::socket socket(io);
            boost::system::error_code ec;
            socket.connect({asio::ip::address_v4::loopback(), place_.port}, ec);
            if (!ec)
                return true;
        }
        std::this_thread::sleep_for(pause_between_looks);
    }
    return false;
}

void front_end::reload() const
{
    if (master_ > 0)
        ::kill(master_, recipe_.reload_signal);
}

std::set<pid_t> front_end::workers() const
{
    std::set<pid_t> found;
    if (master_ > 0) {
        const std::string master = std::to_string(master_);
        std::ifstream children("/proc/" + master + "/task/" + master + "/children");
        std::copy(std::istream_iterator<pid_t>(children), {}, std::inserter(found, found.end()));
    }
    return found;
}

void front_end::stop() noexcept
{
    if (master_ <= 0)
        return;
    const pid_t group = master_;
    ::kill(master_, SIGTERM);
    if (!wait_for_end(5s)) {
        ::kill(master_, SIGKILL);
        (void)wait_for_end(5s);
    }
    ::kill(-group, SIGKILL); // workers that have outlived it
}

bool front_end::wait_for_end(std::chrono::milliseconds limit) noexcept
{
    const auto end = std::chrono::steady_clock::now() + limit;
    while (master_ > 0) {
        if (::waitpid(master_, nullptr, WNOHANG) != 0)
            master_ = -1;
        else if (std::chrono::steady_clock::now() >= end)
            return false;
        else
            std::this_thread::sleep_for(pause_between_looks);
    }
    return true;
}

std::string front_end::log() const
{
    return read_file(place_.folder / "terminal");
}

} // namespace integration
