// The floor: the least that any client spends. Raw OpenSSL over a blocking socket, requests that are bytes before the
// clock starts, no HTTP and no JSON. It takes all the answers that are there before it writes. It recognises the right
// answer by the id, at the place where the first answer had it, and the end of an answer by its length, which is that
// of the first. With `--lockstep` a new request waits until all that are in flight are answered, so that they share one
// write: that is cheaper still, but there are not always so many in flight.
#include "common.hpp"
#include "raw_tls.hpp"

#include <cstring>

namespace {

using peers::read_buffer;
using peers::settings;
using connection = peers::raw_tls;

std::vector<std::string> make_requests(const settings& wanted, const peers::key_ids& ids)
{
    std::vector<std::string> all;
    for (std::size_t i = 0; i != ids.size(); ++i) {
        const std::string body = peers::body_for(ids[i]);
        all.push_back(
            fmt::format("PATCH {} HTTP/1.1\r\nHost: {}:{}\r\nUser-Agent: floor/1.0\r\n"
                        "Accept: application/json\r\nAccept-Encoding: identity\r\nAuthorization: Bearer {}\r\n"
                        "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                        peers::target, wanted.host, wanted.port, peers::token, body.size(), body));
    }
    return all;
}

constexpr std::string_view good_status = "HTTP/1.1 200 ";
constexpr std::string_view last_chunk = "\r\n0\r\n\r\n";

// Where the id is in an answer, and how long an answer is.
struct form {
    std::size_t id_at = 0;
    std::size_t size = 0;
};

form form_of_an_answer(connection& server, const std::string& request, const std::string& id)
{
    server.write(request);
    std::string answer;
    std::array<char, 16 * 1024> part;
    while (!answer.ends_with(last_chunk))
        answer.append(part.data(), server.read(part.data(), part.size()));
    if (!answer.starts_with(good_status) || answer.find(id) == std::string::npos)
        throw std::runtime_error("not the answer that was expected");
    return {answer.find(id), answer.size()};
}

void check(const form& expected, const char* answer, std::string_view id)
{
    const auto has = [answer](std::string_view what, std::size_t at) {
        return std::memcmp(answer + at, what.data(), what.size()) == 0;
    };
    if (!has(good_status, 0) || !has(last_chunk, expected.size - last_chunk.size()))
        throw std::runtime_error("an answer is not 200, or not as long as the first");
    if (!has(id, expected.id_at))
        throw std::runtime_error("an answer is about another key than was asked for");
}

void run(const settings& wanted, peers::measurement& measured)
{
    const peers::key_ids ids(wanted);
    const std::vector<std::string> requests = make_requests(wanted, ids);
    connection server(wanted);
    const form answer = form_of_an_answer(server, requests[0], ids[0]);

    std::vector<char> input(4 * read_buffer);
    std::vector<peers::clock::time_point> asked_at(wanted.in_flight);
    std::string output;
    peers::warm_up_and_measure(wanted, measured, [&](std::size_t all) {
        std::size_t asked = 0;
        std::size_t ended = 0;
        std::size_t have = 0;
        while (ended != all) {
            std::size_t room = std::min(wanted.in_flight - (asked - ended), all - asked);
            if (wanted.lockstep && asked != ended)
                room = 0;
            if (room != 0) {
                output.clear();
                for (; room != 0; --room, ++asked) {
                    output += requests[asked % requests.size()];
                    asked_at[asked % wanted.in_flight] = peers::clock::now();
                }
                server.write(output);
            }
            have += server.read(input.data() + have, input.size() - have);
            std::size_t begin = 0;
            for (; have - begin >= answer.size; begin += answer.size, ++ended) {
                if (ended == asked)
                    throw std::runtime_error("an answer came that nothing had asked for");
                check(answer, input.data() + begin, ids[ended]);
                measured.answered(asked_at[ended % wanted.in_flight]);
            }
            std::memmove(input.data(), input.data() + begin, have - begin);
            have -= begin;
        }
    });
}

} // namespace

int main(int argc, char** argv)
{
    return peers::main_of(argc, argv, "floor", run);
}
