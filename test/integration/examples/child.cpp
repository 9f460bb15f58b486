#include "integration/examples/child.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace integration {
namespace {

void check(int error, const char* what)
{
    if (error != 0)
        throw std::system_error(error, std::generic_category(), what);
}

// Reads from [0] what was written to [1]. Small enough an input fits into the pipe, so nobody has to feed it.
std::array<int, 2> make_pipe()
{
    std::array<int, 2> ends{};
    check(::pipe2(ends.data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe2");
    return ends;
}

// The pointers that exec wants.
std::vector<char*> pointers(std::vector<std::string>& texts)
{
    std::vector<char*> all;
    for (std::string& each : texts)
        all.push_back(each.data());
    all.push_back(nullptr);
    return all;
}

std::vector<std::string> merge(const child::variables& ours)
{
    std::vector<std::string> all;
    for (const auto& [name, value] : ours)
        all.push_back(name + "=" + value);
    for (char** each = environ; *each != nullptr; ++each) {
        const std::string variable{*each};
        bool replaced = false;
        for (const auto& [name, value] : ours)
            replaced = replaced || variable.starts_with(name + "=");
        if (!replaced)
            all.push_back(variable);
    }
    return all;
}

} // namespace

child::child(const std::string& program, std::vector<std::string> arguments, const variables& environment,
             const std::string& input)
{
    const auto in = make_pipe();
    const auto out = make_pipe();
    check(::write(in[1], input.data(), input.size()) == static_cast<ssize_t>(input.size()) ? 0 : EIO, "write");
    ::close(in[1]);

    posix_spawn_file_actions_t actions;
    check(::posix_spawn_file_actions_init(&actions), "posix_spawn_file_actions_init");
    ::posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], STDERR_FILENO);
    arguments.insert(arguments.begin(), program);
    std::vector<std::string> whole_environment = merge(environment);
    const int failed = ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, pointers(arguments).data(),
                                     pointers(whole_environment).data());
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    output_ = out[0];
    if (failed != 0) {
        ::close(output_);
        check(failed, program.c_str());
    }
}

child::~child()
{
    ::close(output_);
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        static_cast<void>(wait());
    }
}

std::optional<std::string> child::read_line()
{
    std::size_t end = unread_.find('\n');
    while (end == std::string::npos && read_more())
        end = unread_.find('\n');
    if (end == std::string::npos)
        return std::nullopt;
    std::string line = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    return line;
}

std::string child::read_all()
{
    while (read_more()) {
    }
    return std::move(unread_);
}

void child::signal(int number)
{
    check(::kill(pid_, number) == 0 ? 0 : errno, "kill");
}

void child::terminate()
{
    signal(SIGTERM);
}

int child::wait()
{
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0) {
        if (errno != EINTR)
            return -1;
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool child::read_more()
{
    std::array<char, 4096> block{};
    ssize_t size = ::read(output_, block.data(), block.size());
    while (size < 0 && errno == EINTR)
        size = ::read(output_, block.data(), block.size());
    if (size <= 0)
        return false;
    unread_.append(block.data(), static_cast<std::size_t>(size));
    return true;
}

} // namespace integration
