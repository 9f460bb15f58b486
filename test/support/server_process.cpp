#include "support/server_process.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace test {

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::ip::tcp;
using namespace std::chrono_literals;

constexpr auto pause_between_looks = 5ms;
constexpr auto patience = 5s;

} // namespace

temporary_folder::temporary_folder(std::string_view name)
{
    std::string made = (fs::temp_directory_path() / name).string() + "_XXXXXX";
    if (::mkdtemp(made.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), "mkdtemp");
    path_ = made;
}

temporary_folder::~temporary_folder()
{
    std::error_code ignored; // what is left in a temporary folder does no harm
    fs::remove_all(path_, ignored);
}

std::string read_file(const fs::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::uint16_t free_port()
{
    // These ports are below those that the kernel assigns, so that no program beside this test gets one by chance.
    static std::minstd_rand random{std::random_device{}()};
    std::uniform_int_distribution<std::uint16_t> pick(10'000, 30'000);
    asio::io_context io;
    for (;;) {
        const tcp::endpoint where(asio::ip::address_v4::loopback(), pick(random));
        tcp::acceptor one(io);
        one.open(where.protocol());
        boost::system::error_code taken;
        if (!one.bind(where, taken))
            return where.port();
    }
}

bool accepts(std::uint16_t port)
{
    asio::io_context io;
    tcp::socket socket(io);
    boost::system::error_code ec;
    socket.connect({asio::ip::address_v4::loopback(), port}, ec);
    return !ec;
}

server_process::~server_process()
{
    stop(SIGKILL);
}

// This uses fork and not posix_spawn, because the child asks the kernel to end it with us: a test that is killed leaves
// nothing behind. Between fork and exec the child makes system calls only.
void server_process::start(const plan& what)
{
    std::vector<std::string> words = what.words;
    std::vector<char*> arguments;
    for (std::string& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0)
        throw std::system_error(errno, std::generic_category(), "fork");
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, what.last_signal);
        if (::getppid() != parent)
            ::_exit(1);
        ::setpgid(0, 0);
        const int file = ::open(what.terminal.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        ::dup2(file, STDOUT_FILENO);
        ::dup2(file, STDERR_FILENO);
        ::execv(arguments[0], arguments.data());
        ::_exit(127);
    }
    child_ = child;
}

void server_process::signal(int number) const noexcept
{
    if (running())
        ::kill(child_, number);
}

std::vector<pid_t> server_process::workers() const
{
    std::vector<pid_t> found;
    if (running()) {
        const std::string number = std::to_string(child_);
        std::ifstream children("/proc/" + number + "/task/" + number + "/children");
        std::copy(std::istream_iterator<pid_t>(children), {}, std::back_inserter(found));
    }
    return found;
}

bool server_process::wait_for_end(std::chrono::milliseconds limit) noexcept
{
    const auto end = std::chrono::steady_clock::now() + limit;
    while (running()) {
        if (::waitpid(child_, nullptr, WNOHANG) != 0)
            child_ = -1;
        else if (std::chrono::steady_clock::now() >= end)
            return false;
        else
            std::this_thread::sleep_for(pause_between_looks);
    }
    return true;
}

void server_process::stop(int number) noexcept
{
    if (!running())
        return;
    const pid_t group = child_;
    signal(number);
    if (!wait_for_end(patience)) {
        signal(SIGKILL);
        (void)wait_for_end(patience);
    }
    ::kill(-group, SIGKILL); // ends workers that have outlived the server
}

} // namespace test
