// What JSON costs: writing requests and reading answers.
#include "harness.hpp"
#include "texts.hpp"

#include "codec/decode.hpp"
#include "codec/decode_refusal.hpp"
#include "codec/decode_update.hpp"
#include "codec/encode.hpp"

namespace vk = venice_keys;

namespace micro {

namespace {

constexpr std::size_t max_depth = 32;

struct encode_update {
    void operator()()
    {
        out.clear();
        vk::codec::encode_update(update, out);
        keep(out);
    }

    vk::key_update update = an_update();
    std::string out;
};

struct encode_creation {
    void operator()()
    {
        out.clear();
        vk::codec::encode_creation(key, out);
        keep(out);
    }

    vk::new_key key = vk::new_key{vk::key_type::inference, "tenant 42"}
                          .usd(50)
                          .diem(vk::clear)
                          .limit_period(vk::limit_period::month)
                          .expires_at("2027-01-31T00:00:00.000Z");
    std::string out;
};

struct decode_update {
    void operator()()
    {
        vk::api_key key;
        const auto why = decoder.decode(body, secret, key);
        require(!why && key.id == id, "the answer to an update was not decoded");
    }

    std::string body = an_updated_key();
    vk::secret secret{token};
    vk::codec::update_decoder decoder{max_depth};
};

// Reads an answer with `count` keys.
struct decode_list {
    explicit decode_list(std::size_t count) : keys(count)
    {
        for (std::size_t i = 0; i < count; ++i)
            body.append(i == 0 ? "" : ",")
                .append(an_open_key())
                .append(R"(,"usage":{"trailingSevenDays":{"usd":"10.2424","diem":"42.42"}}})");
        body += "]}";
    }
    void operator()()
    {
        const auto all = vk::codec::decode_list(body, secret, max_depth);
        require(all && all->size() == keys, "a list of keys was not decoded");
    }

    std::size_t keys;
    std::string body = R"({"object":"list","data":[)";
    vk::secret secret{token};
};

// The text of a refusal is redacted. That of a success is not, for it is not shown.
struct decode_refusal {
    void operator()()
    {
        const vk::error why = vk::codec::decode_refusal(400, body, secret, max_depth);
        require(why.issues.size() == 1, "a refusal was not decoded");
    }

    std::string body = R"({"error":"Invalid request parameters","details":{"_errors":[],)"
                       R"("description":{"_errors":["String must contain at most 64 characters"]}}})";
    vk::secret secret{token};
};

} // namespace

void add_codec(definitions& to)
{
    to.add<encode_update>("encode_update", {.rounds = 1'000});
    to.add<encode_creation>("encode_creation", {.rounds = 1'000});
    to.add<decode_update>("decode_update", {.rounds = 1'000});
    constexpr std::size_t keys = 500;
    to.add<decode_list>("decode_list/500", {.rounds = 5, .items = keys}, keys);
    to.add<decode_refusal>("decode_refusal", {.rounds = 500});
}

} // namespace micro
