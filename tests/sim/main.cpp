/// \file sim/main.cpp  disgrafs_sim --seeds A-B [--twice] [--jobs N] | --canary
///
/// Seeds know nothing of each other, so N processes take turns: what a seed does is the same.

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "sim/scenario.hpp"

namespace {

using disgrafs::Errc;
using disgrafs::fail;
using disgrafs::parse_number;
using disgrafs::Result;
using disgrafs::sim::Report;
using disgrafs::sim::run_scenario;

constexpr std::uint64_t canary_seeds = 50;
constexpr std::uint64_t jobs_max = 256;
constexpr auto usage = "usage: disgrafs_sim --seeds A-B [--twice] [--jobs N] | --canary\n";

struct Order {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::uint64_t jobs = 1;
    bool is_twice = false;  ///< Each seed runs again, and must do the same.
};

struct Sum {
    Report reports;
    std::uint64_t failed = 0;

    void add(Report const& report) {
        reports.puts += report.puts;
        reports.reads += report.reads;
        reports.crashes += report.crashes;
        reports.refused += report.refused;
        reports.rots += report.rots;
    }
};

Result<Report> run_seed(std::uint64_t seed, bool is_twice) {
    auto const report = run_scenario(seed, false);
    if (!is_twice || !report) return report;
    TRY(auto const again, run_scenario(seed, false));
    if (again.fingerprint == report->fingerprint) return report;
    return fail(
        Errc::corrupt,
        "two runs differ: fingerprint {:016x}, then {:016x}",
        report->fingerprint,
        again.fingerprint
    );
}

/// Every `order.jobs`th seed from `first` on.
Sum run_some(Order const& order, std::uint64_t first) {
    Sum sum;
    for (auto seed = first; seed <= order.last; seed += order.jobs) {
        auto const report = run_seed(seed, order.is_twice);
        if (report) {
            sum.add(*report);
            if (order.first == order.last) fmt::print("fingerprint {:016x}\n", report->fingerprint);
            continue;
        }
        ++sum.failed;
        auto const& why = report.error().message;
        fmt::print("seed {} FAILED: {}\n  again: ./dev sim --seeds {}-{}\n", seed, why, seed, seed);
        std::fflush(stdout);
    }
    return sum;
}

/// run_some() in a process of its own; the descriptor from which its sum can be read.
std::optional<int> start(Order const& order, std::uint64_t first) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) return std::nullopt;
    std::fflush(stdout);
    auto const child = fork();
    if (child < 0) return std::nullopt;
    if (child == 0) {
        auto const sum = run_some(order, first);
        std::fflush(stdout);
        auto const written = write(ends[1], &sum, sizeof sum);
        _exit(written == sizeof sum ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    close(ends[1]);
    return ends[0];
}

Sum run_jobs(Order const& order) {
    Sum all;
    std::vector<int> jobs;
    for (std::uint64_t job = 0; job < order.jobs; ++job) {
        auto const started = start(order, order.first + job);
        if (started) jobs.push_back(*started);
        if (!started) ++all.failed;
    }
    for (auto const job : jobs) {
        Sum sum;
        if (read(job, &sum, sizeof sum) != sizeof sum) {
            fmt::print("a process ended before its seeds did\n");
            sum = {.reports = {}, .failed = 1};
        }
        close(job);
        (void)wait(nullptr);
        all.add(sum.reports);
        all.failed += sum.failed;
    }
    return all;
}

int run_seeds(Order const& order) {
    auto const sum = order.jobs == 1 ? run_some(order, order.first) : run_jobs(order);
    auto const seeds = order.last - order.first + 1;
    auto const& did = sum.reports;
    fmt::print("{} seeds: {} puts, {} reads, ", seeds, did.puts, did.reads);
    fmt::print("{} crashes, {} pieces of silent damage, ", did.crashes, did.rots);
    fmt::print("{} calls refused\n", did.refused);
    if (order.is_twice) fmt::print("each seed ran twice, and two runs must be alike\n");
    fmt::print("{} passed, {} failed\n", seeds - std::min(seeds, sum.failed), sum.failed);
    return sum.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int run_canary() {
    for (std::uint64_t seed = 1; seed <= canary_seeds; ++seed) {
        auto const report = run_scenario(seed, true);
        if (report) continue;
        fmt::print("canary caught by seed {}\n  {}\n", seed, report.error().message);
        return EXIT_FAILURE;
    }
    fmt::print("the canary was missed by {} seeds\n", canary_seeds);
    return EXIT_SUCCESS;
}

/// Nullopt: not understood.
std::optional<Order> parse(std::span<char*> words) {
    if (words.size() < 2 || std::string_view(words[0]) != "--seeds") return std::nullopt;
    std::string_view const range = words[1];
    auto const dash = range.find('-');
    auto const first = parse_number(range.substr(0, dash));
    auto const last = dash == std::string_view::npos ? first : parse_number(range.substr(dash + 1));
    if (!first || !last || *last < *first) return std::nullopt;
    Order order{.first = *first, .last = *last};
    for (std::size_t at = 2; at < words.size(); ++at) {
        std::string_view const word = words[at];
        order.is_twice |= word == "--twice";
        if (word == "--twice") continue;
        auto const jobs =
            at + 1 < words.size() ? parse_number(words[++at]) : fail(Errc::invalid, "");
        if (word != "--jobs" || !jobs || *jobs == 0 || *jobs > jobs_max) return std::nullopt;
        order.jobs = std::min(*jobs, *last - *first + 1);
    }
    return order;
}

}  // namespace

int main(int count, char** values) {
    disgrafs::start_log(disgrafs::LogLevel::off, "sim");
    auto const words = std::span(values, static_cast<std::size_t>(count)).subspan(1);
    if (words.size() == 1 && std::string_view(words[0]) == "--canary") return run_canary();
    auto const order = parse(words);
    if (!order) {
        fmt::print(stderr, usage);
        return 2;
    }
    return run_seeds(*order);
}
