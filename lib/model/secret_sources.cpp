// Where a secret comes from: the environment, or a file that is its owner's alone.
#include "model/invalid_argument.hpp"

#include <venice_keys/secret.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venice_keys {

namespace {

using detail::invalid_argument;

constexpr std::size_t max_size = 64 * 1024;

class descriptor {
public:
    explicit descriptor(int number) noexcept : number_(number) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor()
    {
        if (number_ >= 0)
            ::close(number_);
    }

    [[nodiscard]] int get() const noexcept { return number_; }

private:
    int number_;
};

error system_refusal(std::string_view source, std::string_view what, int number)
{
    const boost::system::error_code cause{number, boost::system::system_category()};
    error why = invalid_argument(source, std::string{what}.append(": ").append(cause.message()));
    why.cause = cause;
    return why;
}

error not_given(const char* name, std::string_view how)
{
    return {errc::invalid_argument, std::string{name}.append(" is ").append(how).append(
                                        " in the environment: give it its value and export it")};
}

// Repeats a system call that a signal interrupts.
template <class Call>
auto uninterrupted(Call&& call)
{
    auto outcome = call();
    while (outcome < 0 && errno == EINTR)
        outcome = call();
    return outcome;
}

std::string_view without_line_end(std::string_view text) noexcept
{
    if (text.ends_with("\r\n"))
        text.remove_suffix(2);
    else if (text.ends_with('\n'))
        text.remove_suffix(1);
    return text;
}

} // namespace

result<secret> secret::from_environment(const char* name)
{
    if (name == nullptr || *name == '\0')
        return invalid_argument("environment variable", "has no name");
    const char* const value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): the header asks for it
    if (value == nullptr)
        return not_given(name, "not set");
    if (*value == '\0')
        return not_given(name, "empty");
    return secret{value};
}

result<secret> secret::from_file(const std::string& path)
{
    if (path.find('\0') != std::string::npos)
        return invalid_argument(path, "has a NUL character in its name");

    // Opening must neither block, as for a FIFO without a writer, nor take a terminal as the controlling one. Both are
    // refused below, when it is known what was opened: before that, the name may come to stand for something else.
    const descriptor file{
        uninterrupted([&path] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); })};
    if (file.get() < 0)
        return system_refusal(path, "can't be opened", errno);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0)
        return system_refusal(path, "can't be examined", errno);
    if (!S_ISREG(status.st_mode))
        return invalid_argument(path, "is not a regular file");
    if ((status.st_mode & 077) != 0)
        return invalid_argument(path, "is open to its group or to others; set its mode to 0600 or 0400");

    // The bytes that are read count, because a file's size may change, and some files have none (/proc).
    std::vector<char, cleansing_allocator<char>> buffer(max_size + 1);
    std::size_t size = 0;
    while (size != buffer.size()) {
        const ssize_t got =
            uninterrupted([&] { return ::read(file.get(), buffer.data() + size, buffer.size() - size); });
        if (got < 0)
            return system_refusal(path, "can't be read", errno);
        if (got == 0)
            break;
        size += static_cast<std::size_t>(got);
    }
    if (size > max_size)
        return invalid_argument(path, "is longer than 64 KiB, which no secret is");
    const std::string_view text = without_line_end({buffer.data(), size});
    if (text.empty())
        return invalid_argument(path, "is empty");
    return secret{text};
}

} // namespace venice_keys
