#include "demo_round.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <utility>

namespace demo {

namespace asio = boost::asio;
namespace vk = venice_keys;

namespace {

// The calls of one round, all on the one thread that runs the context.
class calls {
public:
    calls(vk::client& client, std::size_t count, terminal& out) : client_(client), bar_(out, count)
    {
        outcome_.answers.resize(count);
        outcome_.latencies.resize(count);
    }

    void start(const std::vector<planned_change>& plan)
    {
        begun_ = std::chrono::steady_clock::now();
        for (std::size_t i = 0; i != plan.size(); ++i) {
            const auto called = std::chrono::steady_clock::now();
            client_.update_key(plan[i].update, [this, i, called](vk::result<vk::api_key> key) {
                ended(i, std::chrono::steady_clock::now() - called, std::move(key));
            });
        }
    }

    [[nodiscard]] round_outcome take() { return std::move(outcome_); }

private:
    void ended(std::size_t which, duration latency, vk::result<vk::api_key> key)
    {
        outcome_.latencies[which] = latency;
        outcome_.answers[which] = std::move(key);
        if (++ended_ == outcome_.answers.size()) {
            outcome_.time = std::chrono::steady_clock::now() - begun_;
            outcome_.client = client_.stats();
            client_.close(std::chrono::seconds{5},
                          [](const vk::result<void>&) {}); // otherwise run() would wait for idle connections
        }
        bar_.advance();
    }

    vk::client& client_;
    progress_bar bar_;
    round_outcome outcome_;
    std::chrono::steady_clock::time_point begun_;
    std::size_t ended_ = 0;
};

} // namespace

round_outcome run_round(const vk::config& config, const vk::credentials& who, const std::vector<planned_change>& plan,
                        terminal& out)
{
    asio::io_context io{1};
    vk::client client{io.get_executor(), who, config};
    calls all{client, plan.size(), out};
    all.start(plan);
    io.run();
    round_outcome outcome = all.take();
    std::ranges::sort(outcome.latencies);
    return outcome;
}

} // namespace demo
