/// \file sim/main.cpp  disgrafs_sim --seeds A-B [--twice] | --canary

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "sim/scenario.hpp"

namespace {

using disgrafs::parse_number;
using disgrafs::sim::run_scenario;

constexpr std::uint64_t canary_seeds = 50;

/// `is_twice`: the seed runs again, and must do the same.
disgrafs::Result<disgrafs::sim::Report> run_seed(std::uint64_t seed, bool is_twice) {
    auto const report = run_scenario(seed, false);
    if (!is_twice || !report) return report;
    TRY(auto const again, run_scenario(seed, false));
    if (again.fingerprint == report->fingerprint) return report;
    return disgrafs::fail(
        disgrafs::Errc::corrupt,
        "two runs differ: fingerprint {:016x}, then {:016x}",
        report->fingerprint,
        again.fingerprint
    );
}

int run_seeds(std::uint64_t first, std::uint64_t last, bool is_twice) {
    disgrafs::sim::Report sum;
    std::uint64_t failed = 0;
    for (auto seed = first; seed <= last; ++seed) {
        auto const report = run_seed(seed, is_twice);
        if (!report) {
            ++failed;
            fmt::print("seed {} FAILED: {}\n", seed, report.error().message);
            fmt::print("  again: ./dev sim --seeds {}-{}\n", seed, seed);
            std::fflush(stdout);
            continue;
        }
        sum.puts += report->puts;
        sum.reads += report->reads;
        sum.crashes += report->crashes;
        sum.refused += report->refused;
        sum.rots += report->rots;
        if (first == last) fmt::print("fingerprint {:016x}\n", report->fingerprint);
    }
    fmt::print(
        "{} seeds: {} puts, {} reads, {} crashes, {} pieces of damage, {} calls refused\n",
        last - first + 1,
        sum.puts,
        sum.reads,
        sum.crashes,
        sum.rots,
        sum.refused
    );
    if (is_twice) fmt::print("each seed ran twice and did the same, but for those that failed\n");
    fmt::print("{} passed, {} failed\n", last - first + 1 - failed, failed);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
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

}  // namespace

int main(int count, char** words) {
    disgrafs::start_log(disgrafs::LogLevel::off, "sim");
    std::string_view const first = count > 1 ? words[1] : "";
    if (first == "--canary") return run_canary();
    std::string_view const range = count > 2 ? words[2] : "";
    auto const dash = range.find('-');
    auto const from = parse_number(range.substr(0, dash));
    auto const to = dash == std::string_view::npos ? from : parse_number(range.substr(dash + 1));
    std::string_view const option = count > 3 ? words[3] : "";
    bool const is_twice = option == "--twice";
    bool const is_known = is_twice || option.empty();
    if (first != "--seeds" || !from || !to || *to < *from || !is_known || count > 4) {
        fmt::print(stderr, "usage: disgrafs_sim --seeds A-B [--twice] | --canary\n");
        return 2;
    }
    return run_seeds(*from, *to, is_twice);
}
