// libcurl's multi interface with epoll, as it is meant to be used for many transfers; easy handles are reused. With
// HTTP/1.1 it has a connection for each update in flight, for libcurl does not pipeline. With `--http2` it has one
// connection for all of them, or up to `--connections` when the streams of one are in use.
#include "common.hpp"

#include <curl/curl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <deque>
#include <memory>

namespace {

void check(CURLcode code)
{
    if (code != CURLE_OK)
        throw std::runtime_error(curl_easy_strerror(code));
}

void check(CURLMcode code)
{
    if (code != CURLM_OK)
        throw std::runtime_error(curl_multi_strerror(code));
}

struct free_easy {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct free_multi {
    void operator()(CURLM* handle) const noexcept { curl_multi_cleanup(handle); }
};
struct free_list {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

using field_list = std::unique_ptr<curl_slist, free_list>;

field_list make_fields()
{
    curl_slist* all = nullptr;
    for (const std::string& each :
         {std::string("Accept: application/json"), "Authorization: Bearer " + std::string(peers::token),
          std::string("Content-Type: application/json")})
        all = curl_slist_append(all, each.c_str());
    return field_list(all);
}

// One of the transfers that are in flight at the same time.
class transfer {
public:
    transfer(const peers::settings& wanted, curl_slist* fields) : handle_(curl_easy_init())
    {
        const std::string url = fmt::format("https://{}:{}{}", wanted.host, wanted.port, peers::target);
        set(CURLOPT_URL, url.c_str());
        set(CURLOPT_CUSTOMREQUEST, "PATCH");
        set(CURLOPT_HTTPHEADER, fields);
        set(CURLOPT_USERAGENT, "curl");
        set(CURLOPT_CAINFO, wanted.ca_file.c_str());
        set(CURLOPT_HTTP_VERSION, wanted.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1);
        set(CURLOPT_PIPEWAIT, wanted.http2 ? 1L : 0L);
        set(CURLOPT_TCP_NODELAY, 1L);
        set(CURLOPT_TIMEOUT_MS, 30'000L);
        set(CURLOPT_PRIVATE, this);
        set(CURLOPT_WRITEDATA, &answer_);
        set(
            CURLOPT_WRITEFUNCTION, +[](char* bytes, std::size_t size, std::size_t count, void* to) {
                static_cast<std::string*>(to)->append(bytes, size * count);
                return size * count;
            });
    }

    void start(CURLM* multi, const std::string& id)
    {
        id_ = &id;
        body_ = peers::body_for(id);
        answer_.clear();
        asked_at_ = peers::clock::now();
        set(CURLOPT_POSTFIELDSIZE, static_cast<long>(body_.size()));
        set(CURLOPT_POSTFIELDS, body_.c_str());
        check(curl_multi_add_handle(multi, handle_.get()));
    }

    // Returns when the request was made.
    peers::clock::time_point end(CURLM* multi, CURLcode how)
    {
        check(how);
        check(curl_multi_remove_handle(multi, handle_.get()));
        long status = 0;
        curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
        if (status != 200)
            throw std::runtime_error("status " + std::to_string(status));
        if (peers::read_key(answer_).id != *id_)
            throw std::runtime_error("an answer is about another key than was asked for");
        return asked_at_;
    }

private:
    template <class Value>
    void set(CURLoption what, Value value)
    {
        check(curl_easy_setopt(handle_.get(), what, value));
    }

    std::unique_ptr<CURL, free_easy> handle_;
    const std::string* id_ = nullptr;
    std::string body_;
    std::string answer_;
    peers::clock::time_point asked_at_;
};

// Drives the transfers by what epoll reports of their sockets.
class event_loop {
public:
    event_loop() : multi_(curl_multi_init()), epoll_(epoll_create1(EPOLL_CLOEXEC))
    {
        set(CURLMOPT_SOCKETFUNCTION, &event_loop::watch);
        set(CURLMOPT_SOCKETDATA, this);
        set(CURLMOPT_TIMERFUNCTION, &event_loop::wake_after);
        set(CURLMOPT_TIMERDATA, this);
    }
    event_loop(const event_loop&) = delete;
    event_loop& operator=(const event_loop&) = delete;
    ~event_loop()
    {
        multi_.reset(); // before epoll_ closes: it still reports its sockets meanwhile
        close(epoll_);
    }

    [[nodiscard]] CURLM* native() const noexcept { return multi_.get(); }

    template <class Value>
    void set(CURLMoption what, Value value)
    {
        check(curl_multi_setopt(multi_.get(), what, value));
    }

    void run_once()
    {
        std::array<epoll_event, 64> ready;
        int running = 0;
        const int count =
            epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), static_cast<int>(timeout_ms_));
        if (count == 0) {
            timeout_ms_ = -1;
            check(curl_multi_socket_action(multi_.get(), CURL_SOCKET_TIMEOUT, 0, &running));
        }
        for (int i = 0; i < count; ++i) {
            const epoll_event& each = ready[static_cast<std::size_t>(i)];
            const int what = ((each.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                             ((each.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                             ((each.events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
            check(curl_multi_socket_action(multi_.get(), each.data.fd, what, &running));
        }
    }

private:
    static int watch(CURL* /*transfer*/, curl_socket_t socket, int what, void* self, void* known)
    {
        auto& loop = *static_cast<event_loop*>(self);
        if (what == CURL_POLL_REMOVE) {
            epoll_ctl(loop.epoll_, EPOLL_CTL_DEL, socket, nullptr);
            return 0;
        }
        epoll_event wanted{};
        wanted.events = ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0U) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0U);
        wanted.data.fd = socket;
        epoll_ctl(loop.epoll_, known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &wanted);
        curl_multi_assign(loop.multi_.get(), socket, self); // marks the socket as known
        return 0;
    }
    static int wake_after(CURLM* /*multi*/, long milliseconds, void* self)
    {
        static_cast<event_loop*>(self)->timeout_ms_ = milliseconds;
        return 0;
    }

    std::unique_ptr<CURLM, free_multi> multi_;
    int epoll_;
    long timeout_ms_ = -1; // for ever
};

void run(const peers::settings& wanted, peers::measurement& measured)
{
    check(curl_global_init(CURL_GLOBAL_DEFAULT));
    const peers::key_ids ids(wanted);
    const field_list fields = make_fields();
    std::deque<transfer> transfers;
    event_loop loop;
    const std::size_t own_choice = wanted.http2 ? 1 : wanted.in_flight;
    const auto connections = static_cast<long>(wanted.connections == 0 ? own_choice : wanted.connections);
    loop.set(CURLMOPT_PIPELINING, wanted.http2 ? CURLPIPE_MULTIPLEX : CURLPIPE_NOTHING);
    loop.set(CURLMOPT_MAX_HOST_CONNECTIONS, connections);
    loop.set(CURLMOPT_MAX_CONCURRENT_STREAMS, static_cast<long>(wanted.in_flight));
    loop.set(CURLMOPT_MAXCONNECTS, connections);

    for (std::size_t i = 0; i != wanted.in_flight; ++i)
        transfers.emplace_back(wanted, fields.get());
    peers::warm_up_and_measure(wanted, measured, [&](std::size_t all) {
        std::size_t asked = 0;
        std::size_t ended = 0;
        for (transfer& each : transfers)
            if (asked != all)
                each.start(loop.native(), ids[asked++]);
        while (ended != all) {
            loop.run_once();
            int left = 0;
            while (const CURLMsg* const message = curl_multi_info_read(loop.native(), &left)) {
                const CURLcode how = message->data.result; // the message is gone once its transfer is removed
                transfer* which = nullptr;
                curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &which);
                measured.answered(which->end(loop.native(), how));
                ++ended;
                if (asked != all)
                    which->start(loop.native(), ids[asked++]);
            }
        }
    });
}

} // namespace

int main(int argc, char** argv)
{
    return peers::main_of(argc, argv, "curl", run);
}
