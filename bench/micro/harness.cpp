#include "harness.hpp"

#include <boost/version.hpp>

#if __has_include(<gnu/libc-version.h>)
#include <gnu/libc-version.h>
#endif

// bench/check names this function. It is not in an unnamed namespace and not inline: callgrind knows it by its symbol.
extern "C" void micro_counted_rounds(micro::body& what, std::size_t rounds);
extern "C" [[gnu::noinline]] void micro_counted_rounds(micro::body& what, std::size_t rounds)
{
    what.run(rounds);
}

namespace micro {

namespace {

std::string architecture()
{
#if defined(__x86_64__)
    return "x86_64";
#elif defined(__aarch64__)
    return "aarch64";
#else
    return "another architecture";
#endif
}

std::string compiler()
{
#if defined(__clang__)
    std::string name = std::string{"clang "} + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__) +
                       "." + std::to_string(__clang_patchlevel__);
#else
    std::string name = std::string{"gcc "} + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__) + "." +
                       std::to_string(__GNUC_PATCHLEVEL__);
#endif
#if defined(__GLIBCXX__) && defined(__clang__)
    name += ", libstdc++ " + std::to_string(_GLIBCXX_RELEASE);
#elif defined(_LIBCPP_VERSION)
    name += ", libc++ " + std::to_string(_LIBCPP_VERSION);
#endif
    return name;
}

std::string c_library()
{
#if defined(__GLIBC__)
    return std::string{"glibc "} + gnu_get_libc_version(); // of the library that runs, not of the one at the build
#else
    return "another C library";
#endif
}

std::string boost_version()
{
    return "Boost " + std::to_string(BOOST_VERSION / 100'000) + "." + std::to_string(BOOST_VERSION / 100 % 1'000) +
           "." + std::to_string(BOOST_VERSION % 100);
}

} // namespace

std::string platform()
{
    return architecture() + ", " + compiler() + ", " + c_library() + ", " + boost_version();
}

bool is_optimized() noexcept
{
#if defined(__OPTIMIZE__) && defined(NDEBUG)
    return true;
#else
    return false;
#endif
}

void count_rounds(const definition& which, std::size_t rounds)
{
    const std::unique_ptr<body> what = which.make();
    what->run(rounds / 10 + 1); // after this memory is reused, as in the steady state
    micro_counted_rounds(*what, rounds);
}

} // namespace micro
