// A program of its own, built without NDEBUG whatever the others are: each wrong use of a result ends it.
#include <venice_keys/result.hpp>

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_model_result_assertions)

using namespace venice_keys;

namespace {

struct end {
    bool aborted;
    std::string said;
};

// Does it in a child process.
template <class Function>
end end_of(Function function)
{
    int pipe[2];
    BOOST_TEST_REQUIRE(::pipe(pipe) == 0);
    const pid_t child = ::fork();
    BOOST_TEST_REQUIRE(child >= 0);
    if (child == 0) {
        std::signal(SIGABRT, SIG_DFL); // Boost.Test has its own
        ::dup2(pipe[1], STDERR_FILENO);
        function();
        ::_exit(EXIT_SUCCESS);
    }
    ::close(pipe[1]);
    end how{};
    char part[256];
    for (ssize_t got = 0; (got = ::read(pipe[0], part, sizeof(part))) > 0;)
        how.said.append(part, static_cast<std::size_t>(got));
    ::close(pipe[0]);
    int status = 0;
    BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
    how.aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
    return how;
}

template <class Function>
void check_tells(const char* what, Function function)
{
    const end how = end_of(function);
    BOOST_TEST(how.aborted, how.said);
    BOOST_TEST(how.said.find(what) != std::string::npos, how.said);
}

const result<std::string>& a_failure()
{
    static const result<std::string> one = errc::closed;
    return one;
}

const result<std::string>& a_value()
{
    static const result<std::string> one = "value";
    return one;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_value_of_a_failure_is_told)
{
    result<std::string> changeable = a_failure();
    for (const char* text : {"holds an error", "value()"}) {
        check_tells(text, [] { std::puts(a_failure()->c_str()); });
        check_tells(text, [] { std::puts((*a_failure()).c_str()); });
        check_tells(text, [&] { changeable->clear(); });
        check_tells(text, [&] { (*changeable).clear(); });
        check_tells(text, [&] { (*std::move(changeable)).clear(); });
        check_tells(text, [] { *result<void>(errc::closed); });
    }
}

BOOST_AUTO_TEST_CASE(the_error_of_a_value_is_told)
{
    result<std::string> changeable = a_value();
    const auto done = result<void>::success();
    auto changeable_done = done;
    check_tells("holds a value", [] { std::puts(a_value().error().detail.c_str()); });
    check_tells("holds a value", [&] { changeable.error().detail.clear(); });
    check_tells("holds a value", [&] { (void)std::move(changeable).error(); });
    check_tells("holds a value", [&] { std::puts(done.error().detail.c_str()); });
    check_tells("holds a value", [&] { changeable_done.error().detail.clear(); });
    check_tells("holds a value", [&] { (void)std::move(changeable_done).error(); });
}

BOOST_AUTO_TEST_CASE(right_uses_are_let_through)
{
    const end how = end_of([] {
        result<std::string> one = a_value();
        one->clear();
        (*one).clear();
        std::move(*one).clear();
        (void)*std::move(one);
        (void)result<std::string>(a_failure()).error();
        *result<void>::success();
    });
    BOOST_TEST(!how.aborted, how.said);
}

BOOST_AUTO_TEST_SUITE_END()
