#include "integration/nginx/server.hpp"

#include <algorithm>
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

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace integration {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto pause_between_looks = 5ms;

fs::path make_folder()
{
    std::string name = (fs::temp_directory_path() / "venice_keys_nginx_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), "mkdtemp");
    return name;
}

// A TCP socket of IPv4's loopback, closed at the end.
class loopback_socket {
public:
    loopback_socket() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        if (fd_ < 0)
            throw std::system_error(errno, std::generic_category(), "socket");
    }
    loopback_socket(const loopback_socket&) = delete;
    loopback_socket& operator=(const loopback_socket&) = delete;
    ~loopback_socket() { ::close(fd_); }

    bool bind() { return call(::bind, 0); }
    bool connect(std::uint16_t port) { return call(::connect, port); }

    [[nodiscard]] std::uint16_t port() const
    {
        sockaddr_in address{};
        socklen_t size = sizeof(address);
        if (::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            throw std::system_error(errno, std::generic_category(), "getsockname");
        return ntohs(address.sin_port);
    }

private:
    template <class Function>
    bool call(Function function, std::uint16_t port)
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        return function(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    }

    int fd_;
};

// Free now; another process may still be faster than nginx.
std::uint16_t free_port()
{
    loopback_socket socket;
    if (!socket.bind())
        throw std::system_error(errno, std::generic_category(), "bind");
    return socket.port();
}

std::string read_file(const fs::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t count(std::string_view text, std::string_view part)
{
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size()))
        ++found;
    return found;
}

} // namespace

nginx_server::nginx_server(nginx_options options) : options_(std::move(options)), folder_(make_folder())
{
    constexpr int attempts = 5; // as the port may be taken in between
    std::string why;
    for (int attempt = 1; attempt <= attempts; ++attempt) {
        port_ = free_port();
        write_configuration();
        start();
        if (wait_until_it_accepts())
            return;
        stop(0);
        why = log();
        if (count(why, "Address already in use") == 0)
            break;
    }
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    throw std::runtime_error("nginx does not start: " + why);
}

nginx_server::~nginx_server()
{
    stop(0);
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

std::string nginx_server::base_url() const
{
    return "https://localhost:" + std::to_string(port_) + "/api/v1";
}

void nginx_server::write_configuration() const
{
    std::ofstream out(folder_ / "nginx.conf");
    if (::geteuid() == 0)
        out << "user root;\n"; // the temporary folder is root's alone
    out << "daemon off;\n"
           "worker_processes "
        << options_.workers
        << ";\n"
           "worker_shutdown_timeout 2s;\n"
           "pid nginx.pid;\n"
           "error_log error.log notice;\n"
           "events { worker_connections 512; }\n"
           "http {\n"
           "    access_log off;\n"
           "    client_body_temp_path body;\n"
           "    proxy_temp_path proxy;\n"
           "    fastcgi_temp_path fastcgi;\n"
           "    uwsgi_temp_path uwsgi;\n"
           "    scgi_temp_path scgi;\n"
           "    upstream backend {\n"
           "        server 127.0.0.1:"
        << options_.upstream_port
        << ";\n"
           "        keepalive 16;\n"
           "    }\n"
           "    server {\n"
           "        listen 127.0.0.1:"
        << port_
        << " ssl;\n"
           "        ssl_certificate "
        << options_.certificate_file
        << ";\n"
           "        ssl_certificate_key "
        << options_.private_key_file
        << ";\n"
           "        ssl_protocols TLSv1.2 TLSv1.3;\n"
           "        "
        << options_.server_directives
        << "\n"
           "        location / {\n"
           "            proxy_pass http://backend;\n"
           "            proxy_http_version 1.1;\n"
           "            proxy_set_header Connection \"\";\n"
           "            "
        << options_.location_directives
        << "\n"
           "        }\n"
           "    }\n"
           "}\n";
    if (!out.flush())
        throw std::runtime_error("can't write nginx.conf");
}

// fork and not posix_spawn: the child asks the kernel to end it with us, so that a test that is killed leaves
// nothing behind. Between fork and exec it makes system calls only.
void nginx_server::start()
{
    const std::string prefix = folder_.string() + "/";
    const std::string log_file = prefix + "error.log";
    const std::string configuration = prefix + "nginx.conf";
    const char* const arguments[] = {options_.program.c_str(), "-p", prefix.c_str(),        "-e",
                                     log_file.c_str(),         "-c", configuration.c_str(), nullptr};
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0)
        throw std::system_error(errno, std::generic_category(), "fork");
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != parent)
            ::_exit(1);
        ::setpgid(0, 0);
        // It has a log, and repeats itself on the terminal.
        const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
        ::dup2(nowhere, STDOUT_FILENO);
        ::dup2(nowhere, STDERR_FILENO);
        ::execv(arguments[0], const_cast<char* const*>(arguments));
        ::_exit(127);
    }
    master_ = child;
}

bool nginx_server::wait_until_it_accepts()
{
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (std::chrono::steady_clock::now() < end) {
        if (wait_for_end(0))
            return false;
        // Workers first: whoever else has the port would also accept.
        if (!workers().empty() && loopback_socket{}.connect(port_))
            return true;
        std::this_thread::sleep_for(pause_between_looks);
    }
    return false;
}

void nginx_server::reload() const
{
    if (master_ > 0)
        ::kill(master_, SIGHUP);
}

std::size_t nginx_server::reloads() const
{
    return count(log(), "signal 1 (SIGHUP) received");
}

std::vector<pid_t> nginx_server::workers() const
{
    std::vector<pid_t> found;
    if (master_ > 0) {
        const std::string master = std::to_string(master_);
        std::ifstream children("/proc/" + master + "/task/" + master + "/children");
        std::copy(std::istream_iterator<pid_t>(children), {}, std::back_inserter(found));
    }
    return found;
}

void nginx_server::kill_workers() const
{
    for (const pid_t worker : workers())
        ::kill(worker, SIGKILL);
}

void nginx_server::stop(unsigned patience_ms) noexcept
{
    if (master_ <= 0)
        return;
    if (patience_ms > 0) {
        ::kill(master_, SIGQUIT);
        if (wait_for_end(patience_ms))
            return;
    }
    ::kill(master_, SIGTERM);
    if (wait_for_end(5'000))
        return;
    ::kill(-master_, SIGKILL);
    (void)wait_for_end(5'000);
}

bool nginx_server::wait_for_end(unsigned milliseconds) noexcept
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
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

std::string nginx_server::log() const
{
    return read_file(folder_ / "error.log");
}

} // namespace integration
