#include "contest.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include <time.h>

namespace disgrafs::erasure::bench {
namespace {

constexpr double round_ns = 3e6;

double now_ns(bool is_wall_time) {
    timespec time{};
    clock_gettime(is_wall_time ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

double time_of(Contestant const& contestant, Contest const& contest) {
    std::size_t done = 0;
    std::size_t batch = 1;
    auto const start = now_ns(contest.is_wall_time);
    double took = 0;
    while (done < contest.turns || took < round_ns) {
        for (std::size_t i = 0; i < batch; ++i) {
            contestant.work(done++ % contest.turns);
        }
        took = now_ns(contest.is_wall_time) - start;
        batch = took < round_ns / 16 ? batch * 2 : batch;  // Asking the clock costs, too.
    }
    return took / static_cast<double>(done * contest.works);
}

}  // namespace

std::size_t Request::number(std::string const& name, std::size_t otherwise) const {
    auto const found = numbers.find(name);
    return found == numbers.end() ? otherwise : found->second;
}

std::vector<double> run_round(Contest const& contest) {
    std::vector<double> times;
    times.reserve(contest.contestants.size());
    for (auto const& contestant : contest.contestants) {
        times.push_back(time_of(contestant, contest));
    }
    return times;
}

}  // namespace disgrafs::erasure::bench
