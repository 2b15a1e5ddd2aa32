#pragma once

/// \file base/time.hpp  Durations and points in time. Where "now" comes from: io/clock.hpp.

#include <chrono>
#include <cstdint>

namespace disgrafs {

using Duration = std::chrono::microseconds;

/// A wall-clock instant, µs since 1970-01-01T00:00Z. Never used to order versions.
struct Timestamp {
    std::int64_t us = 0;

    friend auto operator<=>(Timestamp const&, Timestamp const&) = default;
    friend Timestamp operator+(Timestamp t, Duration d) { return {t.us + d.count()}; }
    friend Duration operator-(Timestamp a, Timestamp b) { return Duration(a.us - b.us); }
    [[nodiscard]] double seconds() const { return static_cast<double>(us) * 1e-6; }
};

}  // namespace disgrafs
