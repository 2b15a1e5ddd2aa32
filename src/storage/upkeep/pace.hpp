#pragma once

/// \file storage/upkeep/pace.hpp  Background work at no more than so many bytes a second.

#include <algorithm>
#include <cstdint>

#include "io/clock.hpp"
#include "io/task.hpp"

namespace disgrafs::storage {

class Pace {
 public:
    /// 0: without a limit.
    Pace(Clock& clock, std::uint64_t bytes_per_s) : clock_(clock), bytes_per_s_(bytes_per_s) {}

    /// Waits until `bytes` more may be moved. What was not used earlier is not saved up.
    Task<void> spend(std::uint64_t bytes) {
        if (bytes_per_s_ == 0) co_return co_await clock_.sleep(Duration(0));
        auto const now = clock_.steady();
        next_ = std::max(next_, now);
        auto const wait = next_ - now;
        next_ += Duration(static_cast<std::int64_t>(bytes * 1'000'000 / bytes_per_s_));
        co_return co_await clock_.sleep(wait);
    }

 private:
    Clock& clock_;
    std::uint64_t bytes_per_s_;
    Duration next_{0};
};

}  // namespace disgrafs::storage
