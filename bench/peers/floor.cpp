// The floor: the least that any client spends. Raw OpenSSL over a blocking socket, requests that are bytes before the
// clock starts, no HTTP and no JSON. It takes all the answers that are there before it writes. That an answer is the
// right one is seen by its id, at the place where the first answer had it; where an answer ends, by its length, which
// is that of the first. With `--lockstep` a new request waits until all that are in flight are answered, so that they
// share one write: cheaper still, but not always so many in flight.
#include "common.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <memory>

namespace {

using peers::settings;

constexpr std::size_t read_buffer = 64 * 1024;

struct free_context {
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
struct free_ssl {
    void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
};

[[noreturn]] void fail(const char* what)
{
    const unsigned long code = ERR_get_error();
    throw std::runtime_error(std::string(what) + (code == 0 ? "" : ": " + std::string(ERR_reason_error_string(code))));
}

class connection {
public:
    explicit connection(const settings& wanted)
    {
        addrinfo hints{};
        hints.ai_family = AF_INET;
        hints.ai_socktype = SOCK_STREAM;
        addrinfo* found = nullptr;
        if (getaddrinfo(wanted.host.c_str(), std::to_string(wanted.port).c_str(), &hints, &found) != 0)
            fail("the host can't be resolved");
        socket_ = socket(found->ai_family, found->ai_socktype, 0);
        const bool connected = connect(socket_, found->ai_addr, found->ai_addrlen) == 0;
        freeaddrinfo(found);
        if (!connected)
            fail("the server can't be reached");
        const int on = 1;
        setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);

        context_.reset(SSL_CTX_new(TLS_client_method()));
        SSL_CTX_set_min_proto_version(context_.get(), TLS1_3_VERSION);
        SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
        if (SSL_CTX_load_verify_file(context_.get(), wanted.ca_file.c_str()) != 1)
            fail("the certificates can't be read");
        ssl_.reset(SSL_new(context_.get()));
        SSL_set_fd(ssl_.get(), socket_);
        SSL_set1_host(ssl_.get(), wanted.host.c_str());
        SSL_set_tlsext_host_name(ssl_.get(), wanted.host.c_str());
        // One system call for all the records that are there, not two for each.
        SSL_set_read_ahead(ssl_.get(), 1);
        SSL_set_default_read_buffer_len(ssl_.get(), read_buffer);
        if (SSL_connect(ssl_.get()) != 1)
            fail("the handshake failed");
    }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection() { close(socket_); }

    void write(std::string_view bytes)
    {
        if (SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0)
            fail("a write failed");
    }
    // Waits for a record, and takes all that have come with it.
    std::size_t read(char* to, std::size_t room)
    {
        std::size_t all = 0;
        do {
            const int got = SSL_read(ssl_.get(), to + all, static_cast<int>(room - all));
            if (got <= 0)
                fail("the connection ended");
            all += static_cast<std::size_t>(got);
        } while (all != room && SSL_has_pending(ssl_.get()) == 1); // of a part of a record the rest is on its way
        return all;
    }

private:
    int socket_ = -1;
    std::unique_ptr<SSL_CTX, free_context> context_;
    std::unique_ptr<SSL, free_ssl> ssl_;
};

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
    std::size_t asked = 0;
    std::size_t have = 0;
    while (!measured.done()) {
        const std::size_t owed = asked - measured.ended();
        std::size_t room = std::min(wanted.in_flight - owed, wanted.all() - asked);
        if (wanted.lockstep && owed != 0)
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
        for (; have - begin >= answer.size; begin += answer.size) {
            if (measured.ended() == asked)
                throw std::runtime_error("an answer came that nothing had asked for");
            check(answer, input.data() + begin, ids[measured.ended()]);
            measured.answered(asked_at[measured.ended() % wanted.in_flight]);
        }
        std::memmove(input.data(), input.data() + begin, have - begin);
        have -= begin;
    }
}

} // namespace

int main(int argc, char** argv)
{
    return peers::main_of(argc, argv, "floor", run);
}
