// Makes sure that a program and the library see the same Asio. Some of Asio's macros, and Boost's version, change the
// layout of its objects in memory; with different ones the program would crash at its first connection. The program
// names functions that fit its own settings, and the library has those that fit its own: where they differ, the linker
// misses one whose name says which setting it is. Nothing is checked at run time.
#pragma once

#include <venice_keys/detail/export.hpp>

#include <boost/asio/detail/config.hpp>
#include <boost/version.hpp>

namespace venice_keys::detail {

#if defined(BOOST_ASIO_ENABLE_HANDLER_TRACKING)
inline constexpr bool asio_tracks_handlers = true;
#else
inline constexpr bool asio_tracks_handlers = false;
#endif

#if defined(BOOST_ASIO_HAS_EPOLL)
inline constexpr bool asio_lacks_epoll = false;
#else
inline constexpr bool asio_lacks_epoll = true;
#endif

#if defined(BOOST_ASIO_HAS_EVENTFD)
inline constexpr bool asio_lacks_eventfd = false;
#else
inline constexpr bool asio_lacks_eventfd = true;
#endif

#if defined(BOOST_ASIO_HAS_TIMERFD)
inline constexpr bool asio_lacks_timerfd = false;
#else
inline constexpr bool asio_lacks_timerfd = true;
#endif

#if defined(BOOST_ASIO_HAS_IO_URING)
inline constexpr bool asio_has_io_uring = true;
#else
inline constexpr bool asio_has_io_uring = false;
#endif

#if defined(BOOST_ASIO_HAS_IO_URING_AS_DEFAULT)
inline constexpr bool asio_prefers_io_uring = true;
#else
inline constexpr bool asio_prefers_io_uring = false;
#endif

#if defined(BOOST_ASIO_HAS_THREADS)
inline constexpr bool asio_lacks_threads = false;
#else
inline constexpr bool asio_lacks_threads = true;
#endif

#if defined(BOOST_ASIO_NO_EXCEPTIONS)
inline constexpr bool asio_lacks_exceptions = true;
#else
inline constexpr bool asio_lacks_exceptions = false;
#endif

#if defined(BOOST_ASIO_NO_TYPEID)
inline constexpr bool asio_lacks_typeid = true;
#else
inline constexpr bool asio_lacks_typeid = false;
#endif

#if defined(BOOST_ASIO_DISABLE_SMALL_BLOCK_RECYCLING)
inline constexpr bool asio_recycles_nothing = true;
#else
inline constexpr bool asio_recycles_nothing = false;
#endif

#if defined(BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE)
inline constexpr int asio_recycles = BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE;
#else
inline constexpr int asio_recycles = 2;
#endif

#if defined(BOOST_ASIO_USE_TS_EXECUTOR_AS_DEFAULT)
inline constexpr bool asio_has_ts_executors = true;
#else
inline constexpr bool asio_has_ts_executors = false;
#endif

// The template arguments that the linker prints are the program's settings.
template <int Major, int Minor>
VENICE_KEYS_API void venice_keys_must_be_built_with_the_same_Boost();
template <bool Defined>
VENICE_KEYS_API void venice_keys_must_be_built_with_the_same_BOOST_ASIO_ENABLE_HANDLER_TRACKING();
template <bool Defined>
VENICE_KEYS_API void venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_EPOLL();
template <bool Defined>
VENICE_KEYS_API void venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_EVENTFD();
template <bool Defined>
VENICE_KEYS_API void venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_TIMERFD();
template <bool Defined>
VENICE_KEYS_API void venice_keys_must_be_built_with_the_same_BOOST_ASIO_HAS_IO_URING();
template <bool Defined>
VENICE_KEYS_API void venice_keys_must_be_built_with_the_same_BOOST_ASIO_HAS_IO_URING_AS_DEFAULT();
template <bool Defined>
VENICE_KEYS_API void venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_THREADS();
template <bool Defined>
VENICE_KEYS_API void venice_keys_must_be_built_with_the_same_BOOST_ASIO_NO_EXCEPTIONS();
template <bool Defined>
VENICE_KEYS_API void venice_keys_must_be_built_with_the_same_BOOST_ASIO_NO_TYPEID();
template <bool Defined>
VENICE_KEYS_API void venice_keys_must_be_built_with_the_same_BOOST_ASIO_USE_TS_EXECUTOR_AS_DEFAULT();
template <bool Defined>
VENICE_KEYS_API void venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_SMALL_BLOCK_RECYCLING();
template <int Size>
VENICE_KEYS_API void venice_keys_must_be_built_with_the_same_BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE();

// The constructors of the program's client and emulator name this. The functions do nothing.
struct same_build {
    same_build()
    {
        venice_keys_must_be_built_with_the_same_Boost<BOOST_VERSION / 100'000, BOOST_VERSION / 100 % 1'000>();
        venice_keys_must_be_built_with_the_same_BOOST_ASIO_ENABLE_HANDLER_TRACKING<asio_tracks_handlers>();
        venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_EPOLL<asio_lacks_epoll>();
        venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_EVENTFD<asio_lacks_eventfd>();
        venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_TIMERFD<asio_lacks_timerfd>();
        venice_keys_must_be_built_with_the_same_BOOST_ASIO_HAS_IO_URING<asio_has_io_uring>();
        venice_keys_must_be_built_with_the_same_BOOST_ASIO_HAS_IO_URING_AS_DEFAULT<asio_prefers_io_uring>();
        venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_THREADS<asio_lacks_threads>();
        venice_keys_must_be_built_with_the_same_BOOST_ASIO_NO_EXCEPTIONS<asio_lacks_exceptions>();
        venice_keys_must_be_built_with_the_same_BOOST_ASIO_NO_TYPEID<asio_lacks_typeid>();
        venice_keys_must_be_built_with_the_same_BOOST_ASIO_USE_TS_EXECUTOR_AS_DEFAULT<asio_has_ts_executors>();
        venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_SMALL_BLOCK_RECYCLING<asio_recycles_nothing>();
        venice_keys_must_be_built_with_the_same_BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE<asio_recycles>();
    }
};

} // namespace venice_keys::detail
