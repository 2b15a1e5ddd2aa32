#pragma once

/// \file cluster/healing/pace.hpp  At most so many bytes a second, with no burst beyond one job.

#include <algorithm>
#include <cstdint>

#include "io/clock.hpp"

namespace disgrafs::cluster {

class Pace {
 public:
    Pace(Clock& clock, std::uint64_t bytes_per_s)
        : clock_(clock), bytes_per_s_(std::max<std::uint64_t>(bytes_per_s, 1)) {}

    /// Waits until `bytes` more may be moved. Errors: cancelled.
    Task<void> take(std::uint64_t bytes) {
        auto const now = clock_.steady();
        auto const begin = std::max(now, free_at_);
        auto const us = static_cast<double>(bytes) * 1e6 / static_cast<double>(bytes_per_s_);
        free_at_ = begin + Duration(static_cast<Duration::rep>(us));
        if (begin > now) co_return co_await clock_.sleep(begin - now);
        co_return Result<void>();
    }

 private:
    Clock& clock_;
    std::uint64_t bytes_per_s_;
    Duration free_at_{0};
};

}  // namespace disgrafs::cluster
