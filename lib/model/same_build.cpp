#include <venice_keys/detail/same_build.hpp>

namespace venice_keys::detail {

template <int, int>
void venice_keys_must_be_built_with_the_same_Boost()
{
}
template <bool>
void venice_keys_must_be_built_with_the_same_BOOST_ASIO_ENABLE_HANDLER_TRACKING()
{
}
template <bool>
void venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_EPOLL()
{
}
template <bool>
void venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_EVENTFD()
{
}
template <bool>
void venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_TIMERFD()
{
}
template <bool>
void venice_keys_must_be_built_with_the_same_BOOST_ASIO_HAS_IO_URING()
{
}
template <bool>
void venice_keys_must_be_built_with_the_same_BOOST_ASIO_HAS_IO_URING_AS_DEFAULT()
{
}
template <bool>
void venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_THREADS()
{
}
template <bool>
void venice_keys_must_be_built_with_the_same_BOOST_ASIO_NO_EXCEPTIONS()
{
}
template <bool>
void venice_keys_must_be_built_with_the_same_BOOST_ASIO_NO_TYPEID()
{
}
template <bool>
void venice_keys_must_be_built_with_the_same_BOOST_ASIO_USE_TS_EXECUTOR_AS_DEFAULT()
{
}
template <bool>
void venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_SMALL_BLOCK_RECYCLING()
{
}
template <int>
void venice_keys_must_be_built_with_the_same_BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE()
{
}

// These have the library's own settings.
template void venice_keys_must_be_built_with_the_same_Boost<BOOST_VERSION / 100'000, BOOST_VERSION / 100 % 1'000>();
template void venice_keys_must_be_built_with_the_same_BOOST_ASIO_ENABLE_HANDLER_TRACKING<asio_tracks_handlers>();
template void venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_EPOLL<asio_lacks_epoll>();
template void venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_EVENTFD<asio_lacks_eventfd>();
template void venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_TIMERFD<asio_lacks_timerfd>();
template void venice_keys_must_be_built_with_the_same_BOOST_ASIO_HAS_IO_URING<asio_has_io_uring>();
template void venice_keys_must_be_built_with_the_same_BOOST_ASIO_HAS_IO_URING_AS_DEFAULT<asio_prefers_io_uring>();
template void venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_THREADS<asio_lacks_threads>();
template void venice_keys_must_be_built_with_the_same_BOOST_ASIO_NO_EXCEPTIONS<asio_lacks_exceptions>();
template void venice_keys_must_be_built_with_the_same_BOOST_ASIO_NO_TYPEID<asio_lacks_typeid>();
template void venice_keys_must_be_built_with_the_same_BOOST_ASIO_USE_TS_EXECUTOR_AS_DEFAULT<asio_has_ts_executors>();
template void venice_keys_must_be_built_with_the_same_BOOST_ASIO_DISABLE_SMALL_BLOCK_RECYCLING<asio_recycles_nothing>();
template void venice_keys_must_be_built_with_the_same_BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE<asio_recycles>();

} // namespace venice_keys::detail
