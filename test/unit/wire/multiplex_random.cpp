// HTTP/2 with a peer that does anything at all, in any order and cut anywhere: whatever comes, each request comes back
// once, and nothing is answered with what was sent for another.
#include "support/printing.hpp"
#include "unit/support/http2_talk.hpp"

#include <map>
#include <random>
#include <set>

BOOST_AUTO_TEST_SUITE(unit_wire_multiplex_random)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
using action = wire::conversation::action;

namespace {

class chaos {
public:
    explicit chaos(unsigned seed) : random_(seed)
    {
        wire::conversation_limits limits;
        limits.reply = {512, 20, 200};
        limits.streams = 1 + pick(12);
        talk_ = std::make_unique<http2_talk>(0, limits);
        bytes_ = pick(50) != 0 ? http2_peer::settings() : std::string();
    }

    void run()
    {
        for (; steps_ < 120 && !over_; ++steps_) {
            switch (pick(8)) {
            case 0:
                call();
                break;
            case 1:
                if (pick(4) == 0)
                    withdraw();
                break;
            case 2:
                write();
                break;
            case 3:
                now_ += std::chrono::milliseconds(pick(2'000));
                take(talk_->line.receive({}, now_));
                if (!over_ && talk_->line.tick(now_))
                    over_ = true;
                break;
            default:
                bytes_ += a_frame();
                feed(pick(4) == 0 ? bytes_.size() : pick(static_cast<unsigned>(bytes_.size()) + 1));
                break;
            }
            check();
        }
        end();
    }

    [[nodiscard]] std::uint64_t answers() const { return talk_->line.answers(); }
    [[nodiscard]] std::size_t steps() const { return steps_; }

private:
    unsigned pick(unsigned below) { return below == 0 ? 0 : static_cast<unsigned>(random_() % below); }

    void call()
    {
        const std::size_t made = pick(3) == 0 ? talk_->add("GET") : talk_->add("PATCH", "body", pick(5) == 0);
        talk_->line.stage((*talk_)[made]);
        ++in_;
    }

    void withdraw()
    {
        if (talk_->slots.empty())
            return;
        auto& which = *talk_->slots[pick(static_cast<unsigned>(talk_->slots.size()))];
        if (!which.is_linked() || which.where() == wire::slot::state::abandoned)
            return;
        if (talk_->line.withdraw(which, now_))
            ++back_[&which];
    }

    void write()
    {
        const std::size_t before = talk_->line.owed();
        const std::size_t count = talk_->line.sendable();
        std::vector<wire::slot*> sent;
        talk_->line.for_each_staged(count, [&sent](wire::slot& each) { sent.push_back(&each); });
        talk_->write(now_);
        BOOST_TEST(talk_->line.owed() == before + count);
        for (wire::slot* const each : sent) {
            BOOST_TEST(each->where() == wire::slot::state::written);
            streams_[static_cast<std::int32_t>(2 * written_++ + 1)] = each;
        }
        BOOST_TEST(talk_->peer.requests.size() == written_); // and no other
    }

    // Of a stream that waits for its answer, if there is one.
    std::int32_t a_stream()
    {
        std::vector<std::int32_t> waiting;
        for (const auto& [id, who] : streams_)
            if (who->is_linked() && !ended_.contains(id))
                waiting.push_back(id);
        return waiting.empty() ? 0 : waiting[pick(static_cast<unsigned>(waiting.size()))];
    }

    // Mostly one that may come now. The body of an answer names its stream.
    std::string a_frame()
    {
        http2_peer& peer = talk_->peer;
        if (pick(60) == 0)
            return a_wild_one(static_cast<std::int32_t>(pick(2 * static_cast<unsigned>(written_) + 3)));
        const std::int32_t id = a_stream();
        const std::string name = "#" + std::to_string(id) + ";";
        if (id == 0 || pick(5) == 0)
            switch (pick(4)) {
            case 0:
                return http2_peer::settings({{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 1 + pick(10)},
                                             {NGHTTP2_SETTINGS_HEADER_TABLE_SIZE, pick(5'000)}});
            case 1:
                return peer.window_update(id, 1 + pick(1'000));
            case 2:
                return http2_peer::frame(10 + pick(200), pick(256), id, std::string(pick(20), '?'));
            default:
                return peer.ping();
            }
        const bool last = pick(3) == 0;
        if (!begun_.contains(id)) {
            if (pick(10) == 0)
                return peer.head(id, "103");
            if (pick(25) == 0)
                return ended(id, peer.reset(id, pick(14)));
            if (pick(10) == 0)
                return ended(id, peer.head(id, "200", {{"x", std::string(pick(600), 'x')}}, 5));
            begun_.insert(id);
            return peer.head(id, pick(3) == 0 ? "404" : "200");
        }
        switch (pick(12)) {
        case 0:
            return ended(id, peer.reset(id, pick(14)));
        case 1:
            return ended(id, peer.headers(id, {{"trailer", "x"}}, 5));
        case 2:
            return peer.data(id, std::string(pick(150), 'b'), http2_peer::none);
        default:
            return last ? ended(id, peer.data(id, name)) : peer.data(id, name, http2_peer::none);
        }
    }

    std::string ended(std::int32_t id, std::string frame)
    {
        ended_.insert(id);
        return frame;
    }

    std::string a_wild_one(std::int32_t id)
    {
        http2_peer& peer = talk_->peer;
        switch (pick(8)) {
        case 0:
            return peer.goaway(id, pick(14), "why");
        case 1:
            return peer.head(id, std::to_string(pick(1'000)));
        case 2:
            return peer.data(id, "wild");
        case 3:
            return peer.reset(id, pick(14));
        case 4:
            return peer.head(id, "200", {{"content-length", "3"}}) + peer.data(id, "four");
        case 5:
            return peer.window_update(id, pick(3) == 0 ? 0x7FFF'FFFF : 1);
        case 6:
            return peer.headers(id, {{"connection", "close"}});
        default:
            return http2_peer::frame(pick(12), pick(256), id, std::string(pick(20), static_cast<char>(pick(256))));
        }
    }

    void feed(std::size_t count)
    {
        std::string_view rest = std::string_view(bytes_).substr(0, count);
        for (;;) {
            const auto step = talk_->line.receive(rest, now_);
            BOOST_TEST_REQUIRE(step.consumed <= rest.size());
            rest.remove_prefix(step.consumed);
            if (!take(step))
                break;
        }
        BOOST_TEST(rest.empty());
        bytes_.erase(0, count);
    }

    // False: it was the last for now.
    bool take(const wire::conversation::step& step)
    {
        switch (step.what) {
        case action::read:
            return false;
        case action::close:
        case action::fail:
            over_ = true;
            return false;
        case action::lost:
            BOOST_TEST(!talk_->line.why().detail.empty());
            ++back_[step.who];
            return true;
        case action::answer:
            ++back_[step.who];
            believe(*step.who, *step.answer);
            return true;
        }
        return false;
    }

    void believe(const wire::slot& who, const wire::reply& answer)
    {
        BOOST_TEST(answer.status >= 200u);
        BOOST_TEST(answer.body.size() <= 200u);
        const auto found = std::ranges::find(streams_, &who, [](const auto& each) { return each.second; });
        BOOST_TEST_REQUIRE((found != streams_.end()));
        for (std::size_t at = answer.body.find('#'); at != std::string::npos; at = answer.body.find('#', at + 1))
            BOOST_TEST(answer.body.substr(at, answer.body.find(';', at) - at) == "#" + std::to_string(found->first));
    }

    void check()
    {
        std::size_t out = 0;
        for (const auto& [who, times] : back_) {
            BOOST_TEST(times == 1u);
            BOOST_TEST(!who->is_linked());
            out += times;
        }
        BOOST_TEST(talk_->line.in_flight() == in_ - out);
        if (talk_->line.owed() == 0 && !talk_->line.ending())
            BOOST_TEST(talk_->line.deadline() == wire::time_point::max());
        if (talk_->line.ending())
            BOOST_TEST(talk_->line.capacity() == 0u);
    }

    void end()
    {
        if (pick(2) == 0) {
            for (;;)
                if (!take(talk_->line.end_of_stream(pick(2) == 0)))
                    break;
        }
        for (;;) {
            const auto refused = talk_->line.take_refused();
            if (refused.who == nullptr)
                break;
            BOOST_TEST(refused.answer->status >= 300u);
            ++back_[refused.who];
        }
        const auto note = [this](wire::slot_list rest) {
            while (!rest.empty()) {
                ++back_[&rest.front()];
                rest.pop_front();
            }
        };
        note(talk_->line.take_written());
        note(talk_->line.take_staged());
        BOOST_TEST(talk_->line.in_flight() == 0u);
        check();
        BOOST_TEST(back_.size() == in_);
    }

    std::mt19937 random_;
    std::unique_ptr<http2_talk> talk_;
    std::string bytes_;
    wire::time_point now_ = start_time;
    std::size_t in_ = 0;
    std::size_t written_ = 0;
    std::map<const wire::slot*, std::size_t> back_;
    std::map<std::int32_t, const wire::slot*> streams_;
    std::set<std::int32_t> begun_;
    std::set<std::int32_t> ended_; // by the frames that were made
    std::size_t steps_ = 0;
    bool over_ = false;
};

} // namespace

BOOST_AUTO_TEST_CASE(whatever_comes_each_request_comes_back_once)
{
    std::size_t answers = 0;
    std::size_t steps = 0;
    for (unsigned seed = 1; seed <= 1'500; ++seed)
        BOOST_TEST_CONTEXT("seed " << seed)
        {
            chaos one(seed);
            one.run();
            answers += one.answers();
            steps += one.steps();
        }
    // It is no use when it ends too soon.
    BOOST_TEST(answers > 5'000u);
    BOOST_TEST(steps > 50'000u);
}

BOOST_AUTO_TEST_SUITE_END()
