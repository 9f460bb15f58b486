#include "integration/tinyproxy/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cerrno>
#include <chrono>
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
    std::string name = (fs::temp_directory_path() / "venice_keys_tinyproxy_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), "mkdtemp");
    return name;
}

// Free now; another process may still be faster than tinyproxy.
std::uint16_t free_port()
{
    asio::io_context io;
    return tcp::acceptor(io, {asio::ip::address_v4::loopback(), 0}).local_endpoint().port();
}

} // namespace

tinyproxy_server::tinyproxy_server(tinyproxy_options options) : options_(std::move(options)), folder_(make_folder())
{
    constexpr int attempts = 5; // as the port may be taken in between
    std::string why;
    for (int attempt = 1; attempt <= attempts; ++attempt) {
        port_ = free_port();
        write_configuration();
        start();
        if (wait_until_it_accepts())
            return;
        stop();
        why = log();
    }
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    throw std::runtime_error("tinyproxy does not start: " + why);
}

tinyproxy_server::~tinyproxy_server()
{
    stop();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void tinyproxy_server::write_configuration() const
{
    std::ofstream out(folder_ / "tinyproxy.conf");
    out << "Listen 127.0.0.1\n"
        << "Port " << port_ << "\n"
        << "Timeout 60\n"
        << "MaxClients 100\n"
        << "Allow 127.0.0.1\n"
        << "LogLevel Info\n"
        << "LogFile \"" << (folder_ / "log").string() << "\"\n"
        << options_.directives << "\n";
    if (!out.flush())
        throw std::runtime_error("can't write tinyproxy.conf");
}

// fork and not posix_spawn: the child asks the kernel to end it with us, so that a test that is killed leaves
// nothing behind. Between fork and exec it makes system calls only.
void tinyproxy_server::start()
{
    const std::string configuration = (folder_ / "tinyproxy.conf").string();
    const char* const arguments[] = {options_.program.c_str(), "-d", "-c", configuration.c_str(), nullptr};
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0)
        throw std::system_error(errno, std::generic_category(), "fork");
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent)
            ::_exit(1);
        const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
        ::dup2(nowhere, STDOUT_FILENO);
        ::dup2(nowhere, STDERR_FILENO);
        ::execv(arguments[0], const_cast<char* const*>(arguments));
        ::_exit(127);
    }
    child_ = child;
}

bool tinyproxy_server::wait_until_it_accepts()
{
    asio::io_context io;
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (std::chrono::steady_clock::now() < end) {
        tcp::socket socket(io);
        boost::system::error_code ec;
        socket.connect({asio::ip::address_v4::loopback(), port_}, ec);
        if (has_ended())
            return false;
        if (!ec)
            return true;
        std::this_thread::sleep_for(pause_between_looks);
    }
    return false;
}

bool tinyproxy_server::has_ended() noexcept
{
    if (child_ > 0 && ::waitpid(child_, nullptr, WNOHANG) != 0)
        child_ = -1;
    return child_ <= 0;
}

// It has nothing to put in order.
void tinyproxy_server::stop() noexcept
{
    if (child_ <= 0)
        return;
    ::kill(child_, SIGKILL);
    ::waitpid(std::exchange(child_, -1), nullptr, 0);
}

std::string tinyproxy_server::log() const
{
    std::ifstream in(folder_ / "log", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace integration
