// What a micro benchmark is, defined once for two uses: Google Benchmark measures its time (main.cpp), and bench/check
// counts its instructions (count_rounds). Nothing is measured here.
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace micro {

// The round that is repeated, with everything it needs.
class body {
public:
    body() = default;
    body(const body&) = delete;
    body& operator=(const body&) = delete;
    virtual ~body() = default;

    virtual void run(std::size_t rounds) = 0;
};

struct sizes {
    std::size_t rounds;    // when instructions are counted
    std::size_t items = 1; // how many a round deals with; results are given for one of them
};

struct definition {
    std::string name; // the baseline of bench/check refers to it
    sizes how_many;
    std::function<std::unique_ptr<body>()> make;
};

// The benchmarks, in the order in which they were added.
class definitions {
public:
    // `Round` is constructed from the arguments, and called without any, once for each round.
    template <class Round, class... Arguments>
    void add(std::string name, sizes how_many, Arguments... arguments)
    {
        all_.push_back({std::move(name), how_many, [arguments...]() -> std::unique_ptr<body> {
                            return std::make_unique<rounds_of<Round>>(arguments...);
                        }});
    }

    // Null when there is no benchmark of this name.
    [[nodiscard]] const definition* find(std::string_view name) const noexcept
    {
        for (const definition& each : all_)
            if (each.name == name)
                return &each;
        return nullptr;
    }

    [[nodiscard]] auto begin() const noexcept { return all_.begin(); }
    [[nodiscard]] auto end() const noexcept { return all_.end(); }

private:
    // The loop is compiled together with what it repeats, so that one virtual call pays for many rounds.
    template <class Round>
    class rounds_of final : public body {
    public:
        template <class... Arguments>
        explicit rounds_of(const Arguments&... arguments) : round_(arguments...)
        {
        }
        void run(std::size_t rounds) override
        {
            for (; rounds != 0; --rounds)
                round_();
        }

    private:
        Round round_;
    };

    std::vector<definition> all_;
};

// Keeps the compiler from leaving out what made this value.
template <class T>
void keep(const T& value)
{
    asm volatile("" : : "g"(&value) : "memory");
}

// A benchmark that does not do what it says must not be measured.
inline void require(bool condition, const char* what)
{
    if (condition) [[likely]]
        return;
    std::fprintf(stderr, "micro: %s\n", what);
    std::exit(1);
}

// Each is defined in a file of its own.
void add_codec(definitions& to);
void add_wire(definitions& to);
void add_policy(definitions& to);

// What decides how many instructions the same source takes: architecture, compiler, and the libraries that are compiled
// in or called.
[[nodiscard]] std::string platform();

// Whether this program was built with optimization.
[[nodiscard]] bool is_optimized() noexcept;

// Sets up one benchmark, lets it run for a while, and then runs its rounds inside micro_counted_rounds(), the only
// function in which bench/check has instructions counted.
void count_rounds(const definition& which, std::size_t rounds);

} // namespace micro
