// What HTTP/2 takes of the system's memory: nothing for a request once it is warm, and its state is whole when there is
// none. In a program of its own, whose operator new counts, and fails when it is told to.
#include "unit/support/http2_talk.hpp"

#include "support/printing.hpp"
#include "wire/nghttp2_memory.hpp"

#include <cstdlib>
#include <limits>
#include <new>

namespace unit_wire_nghttp2_memory {

std::size_t allocations = 0;
std::size_t allowed = std::numeric_limits<std::size_t>::max();

} // namespace unit_wire_nghttp2_memory

void* operator new(std::size_t size)
{
    using namespace unit_wire_nghttp2_memory;
    ++allocations;
    if (allowed == 0)
        throw std::bad_alloc{};
    if (allowed != std::numeric_limits<std::size_t>::max())
        --allowed;
    if (void* const block = std::malloc(size == 0 ? 1 : size))
        return block;
    throw std::bad_alloc{};
}

void* operator new(std::size_t size, const std::nothrow_t& /*unused*/) noexcept
{
    try {
        return operator new(size);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void operator delete(void* block) noexcept
{
    std::free(block);
}

void operator delete(void* block, std::size_t) noexcept
{
    std::free(block);
}

BOOST_AUTO_TEST_SUITE(unit_wire_nghttp2_memory)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
using action = wire::conversation::action;

BOOST_AUTO_TEST_CASE(a_warm_connection_allocates_nothing_for_a_request)
{
    constexpr std::size_t depth = 32;
    constexpr std::size_t rounds = 60;
    http2_talk talk(depth);
    std::vector<std::string> answers(rounds);
    std::int32_t id = 1;
    for (std::string& each : answers) {
        if (id == 1)
            each = http2_peer::settings() + http2_peer::settings_ack();
        for (std::size_t i = 0; i < depth; ++i, id += 2)
            each += talk.peer.answer(id, std::string(300, 'b'), "200",
                                     {{"date", "Mon, 23 Nov 2026 12:00:00 GMT"},
                                      {"content-length", "300"},
                                      {"cf-ray", "8f1c2d3e4f5a6b7c-" + std::to_string(id)},
                                      {"x-ratelimit-remaining-requests", std::to_string(id)}});
    }
    secret_bytes out;
    out.reserve(100'000);
    std::size_t answered = 0;
    std::size_t before = 0;
    for (std::size_t round = 0; round < rounds; ++round) {
        if (round == rounds / 2)
            before = allocations;
        for (const auto& each : talk.slots)
            talk.line.stage(*each);
        out.clear();
        talk.line.gather(out, start_time);
        std::string_view bytes = answers[round];
        for (;;) {
            const auto step = talk.line.receive(bytes, start_time);
            bytes.remove_prefix(step.consumed);
            if (step.what != action::answer)
                break;
            ++answered;
            step.who->reset();
        }
    }
    const std::size_t after = allocations;
    BOOST_TEST(answered == depth * rounds);
    BOOST_TEST(after - before == 0u);
}

// Whatever is the first allocation to fail, each request comes back once, and nothing is done with them after that.
BOOST_AUTO_TEST_CASE(without_memory_each_request_is_still_there_once)
{
    std::size_t failures = 0;
    for (std::size_t count = 0;; ++count) {
        http2_peer peer;
        std::vector<std::unique_ptr<http2_slot>> slots;
        for (std::size_t i = 0; i < 5; ++i)
            slots.push_back(std::make_unique<http2_slot>(i, i == 4 ? "GET" : "PATCH", "request"));
        std::string bytes = http2_peer::settings() + http2_peer::settings_ack();
        bytes += peer.answer(1, std::string(100, 'b'), "200", {{"date", std::string(40, 'd')}});
        bytes += peer.reset(3, NGHTTP2_REFUSED_STREAM) + peer.head(5, "404") + peer.ping();
        bytes += peer.goaway(5, NGHTTP2_INTERNAL_ERROR, "a long text that says why it goes away");

        std::unique_ptr<wire::conversation> line;
        std::vector<wire::slot*> back;
        back.reserve(slots.size());
        secret_bytes out;
        bool failed = false;
        allowed = count;
        try {
            line = wire::make_conversation("h2", {});
            for (const auto& each : slots)
                line->stage(*each);
            line->gather(out, start_time);
            (void)line->withdraw(*slots[4], start_time);
            for (std::string_view rest = bytes;;) {
                const auto step = line->receive(rest, start_time);
                rest.remove_prefix(step.consumed);
                if (step.who == nullptr)
                    break;
                back.push_back(step.who);
            }
            line->gather(out, start_time);
            (void)line->tick(start_time + std::chrono::seconds(5));
            line->gather(out, start_time);
        } catch (const std::bad_alloc&) {
            failed = true;
        }
        allowed = std::numeric_limits<std::size_t>::max();
        if (failed) {
            ++failures;
            if (line) {
                out.clear();
                line->gather(out, start_time); // has nothing more to say
                for (;;) {
                    const auto step = line->receive({}, start_time);
                    if (step.who == nullptr)
                        break;
                    back.push_back(step.who);
                }
            }
        }
        if (line) {
            for (;;) {
                const auto refused = line->take_refused();
                if (refused.who == nullptr)
                    break;
                back.push_back(refused.who);
            }
            const auto note = [&back](wire::slot_list rest) {
                while (!rest.empty()) {
                    back.push_back(&rest.front());
                    rest.pop_front();
                }
            };
            note(line->take_written());
            note(line->take_staged());
            std::ranges::sort(back);
            BOOST_TEST((std::ranges::adjacent_find(back) == back.end()));
            BOOST_TEST(back.size() == 5u, "after " << count << " allocations");
        }
        if (!failed)
            break;
    }
    BOOST_TEST(failures > 20u);
}

BOOST_AUTO_TEST_CASE(memory_that_is_freed_is_cleansed_and_used_again)
{
    wire::nghttp2_memory memory;
    for (const std::size_t size : {1u, 64u, 65u, 1'000u, 16'000u, 1'048'576u}) {
        auto* const block = static_cast<char*>(memory.allocate(size));
        BOOST_TEST_REQUIRE(block != nullptr);
        BOOST_TEST(reinterpret_cast<std::uintptr_t>(block) % alignof(std::max_align_t) == 0u);
        std::fill_n(block, size, 's');
        memory.release(block);
        BOOST_TEST(std::all_of(block, block + size, [](char each) { return each == '\0'; }), "of " << size);
        const std::size_t before = allocations;
        void* const again = memory.allocate(size);
        BOOST_TEST(again == block);
        BOOST_TEST(allocations == before);
        memory.release(again);
    }
    memory.release(nullptr);
    BOOST_TEST(memory.allocate(1'048'577) == nullptr); // nothing that nghttp2 would ask for
}

BOOST_AUTO_TEST_CASE(memory_grows_with_what_was_in_it_and_leaves_nothing_behind)
{
    wire::nghttp2_memory memory;
    auto* const small = static_cast<char*>(memory.resize(nullptr, 10));
    std::fill_n(small, 10, 's');
    BOOST_TEST(memory.resize(small, 60) == small); // there is room
    auto* const large = static_cast<char*>(memory.resize(small, 1'000));
    BOOST_TEST(std::all_of(large, large + 10, [](char each) { return each == 's'; }));
    BOOST_TEST(std::all_of(small, small + 60, [](char each) { return each == '\0'; }));
    auto* const less = static_cast<char*>(memory.resize(large, 5));
    BOOST_TEST(std::all_of(less, less + 5, [](char each) { return each == 's'; }));
    memory.release(less);
}

BOOST_AUTO_TEST_CASE(memory_for_many_is_zero_and_its_size_can_not_wrap)
{
    wire::nghttp2_memory memory;
    auto* const first = static_cast<char*>(memory.allocate(100));
    std::fill_n(first, 100, 's');
    memory.release(first);
    auto* const zeros = static_cast<char*>(memory.allocate_zeros(10, 10));
    BOOST_TEST(std::all_of(zeros, zeros + 100, [](char each) { return each == '\0'; }));
    memory.release(zeros);
    constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
    BOOST_TEST(memory.allocate_zeros(most / 2, 3) == nullptr);
    BOOST_TEST(memory.allocate(most) == nullptr);
    allowed = 0;
    void* const none = memory.allocate(100'000);
    allowed = most;
    BOOST_TEST(none == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
