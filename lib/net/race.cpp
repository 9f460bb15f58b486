#include "net/race.hpp"

#include <algorithm>
#include <utility>

namespace venice_keys::net {

namespace asio = boost::asio;

std::vector<asio::ip::tcp::endpoint> interleave(const std::vector<asio::ip::tcp::endpoint>& resolved)
{
    std::vector<asio::ip::tcp::endpoint> ordered = resolved;
    if (ordered.empty())
        return ordered;
    const bool first_is_v6 = ordered.front().address().is_v6();
    auto other = std::stable_partition(ordered.begin(), ordered.end(), [first_is_v6](const auto& each) {
        return each.address().is_v6() == first_is_v6;
    });
    // Rotate one of the second family in behind each of the first.
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

// How far an attempt got, as its failure tells it.
int progress_of(const connect_failure& how) noexcept
{
    if (how.next == outlook::permanent)
        return 2;
    return how.why.code == errc::tls_failed ? 1 : 0;
}

} // namespace

void race::failed(connect_failure how)
{
    if (failed_++ == 0 || progress_of(how) >= progress_of(verdict_))
        verdict_ = std::move(how);
}

} // namespace venice_keys::net
