#include "net/race.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace venice_keys::net {

namespace asio = boost::asio;

std::vector<asio::ip::tcp::endpoint> interleave(const std::vector<asio::ip::tcp::endpoint>& resolved)
{
    std::vector<asio::ip::tcp::endpoint> ordered;
    if (resolved.empty())
        return ordered;
    const auto is_of_first_family = [first_is_v6 = resolved.front().address().is_v6()](const auto& each) {
        return each.address().is_v6() == first_is_v6;
    };
    // This is not std::stable_partition, because clang warns of what libstdc++ 12 uses in it.
    ordered.reserve(resolved.size());
    std::ranges::copy_if(resolved, std::back_inserter(ordered), is_of_first_family);
    auto other = ordered.insert(ordered.end(), resolved.size() - ordered.size(), asio::ip::tcp::endpoint{});
    std::ranges::remove_copy_if(resolved, other, is_of_first_family);
    // Puts one of the second family behind each of the first.
    for (auto place = ordered.begin() + 1; place < other && other != ordered.end(); place += 2) {
        std::rotate(place, other, other + 1);
        ++other;
    }
    return ordered;
}

race::race(const std::vector<endpoint>& resolved) : addresses_(interleave(resolved))
{
}

namespace {

// How far an attempt got, judged by its failure.
int progress_of(const connect_failure& how) noexcept
{
    if (how.next == outlook::permanent)
        return 2;
    return how.why.code == errc::tls_failed ? 1 : 0;
}

} // namespace

void race::failed(connect_failure how)
{
    if (failed_++ == 0 || progress_of(how) >= progress_of(failure_))
        failure_ = std::move(how);
}

} // namespace venice_keys::net
