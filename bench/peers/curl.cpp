// libcurl's multi interface: easy handles that are used again, and curl_multi_poll. With HTTP/1.1 a connection for each
// update in flight, for libcurl does not pipeline; with `--http2` one connection for all of them.
#include "common.hpp"

#include <curl/curl.h>

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

// One of those that are in flight at the same time.
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

    // Returns when it was asked.
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

void run(const peers::settings& wanted, peers::measurement& measured)
{
    check(curl_global_init(CURL_GLOBAL_DEFAULT));
    const peers::key_ids ids(wanted.in_flight);
    const field_list fields = make_fields();
    std::deque<transfer> transfers;
    const std::unique_ptr<CURLM, free_multi> multi(curl_multi_init());
    const auto connections = static_cast<long>(wanted.http2 ? 1 : wanted.in_flight);
    curl_multi_setopt(multi.get(), CURLMOPT_PIPELINING, wanted.http2 ? CURLPIPE_MULTIPLEX : CURLPIPE_NOTHING);
    curl_multi_setopt(multi.get(), CURLMOPT_MAX_HOST_CONNECTIONS, connections);
    curl_multi_setopt(multi.get(), CURLMOPT_MAX_CONCURRENT_STREAMS, static_cast<long>(wanted.in_flight));
    curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, connections);

    std::size_t asked = 0;
    for (std::size_t i = 0; i != wanted.in_flight && asked != wanted.all(); ++i)
        transfers.emplace_back(wanted, fields.get()).start(multi.get(), ids[asked++]);
    int running = 0;
    while (!measured.done()) {
        check(curl_multi_perform(multi.get(), &running));
        int left = 0;
        bool any = false;
        while (const CURLMsg* const message = curl_multi_info_read(multi.get(), &left)) {
            transfer* which = nullptr;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &which);
            measured.answered(which->end(multi.get(), message->data.result));
            if (asked != wanted.all())
                which->start(multi.get(), ids[asked++]);
            any = true;
        }
        if (!any && !measured.done())
            check(curl_multi_poll(multi.get(), nullptr, 0, 1'000, nullptr));
    }
}

} // namespace

int main(int argc, char** argv)
{
    return peers::main_of(argc, argv, "curl", run);
}
