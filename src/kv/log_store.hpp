#pragma once

/// \file kv/log_store.hpp  The store as a log on an io::Disk and a map in RAM: for simulation.
///
/// It keeps the promises of kv/store.hpp without a thread of its own, so a run on simulated disk
/// and time repeats exactly. All keys and all kept events are in RAM.
///
///     log-<first revision>       groups of events; a new log begins after each snapshot
///     snapshot-<revision>        all keys as of that revision; the newest is read when opening
///
/// Format, and how a torn tail differs from corruption: kv/log_format.hpp.

#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "kv/store.hpp"

namespace disgrafs {
class Disk;
}

namespace disgrafs::kv {

struct LogOptions {
    std::uint64_t events_kept = 1'000'000;      ///< At least so many of the last events are kept.
    std::uint64_t log_bytes_max = 4ULL << 20U;  ///< Then a snapshot is written and a new log begun.
};

/// Opens the store in `folder` of `disk`, which outlives it; made when absent.
/// Errors: conflict (open elsewhere), corrupt, io.
Task<std::unique_ptr<Store>> open_log_store(
    Disk& disk, boost::asio::any_io_executor executor, std::string folder, LogOptions options
);

}  // namespace disgrafs::kv
