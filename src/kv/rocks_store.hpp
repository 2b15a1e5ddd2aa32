#pragma once

/// \file kv/rocks_store.hpp  The store on RocksDB: what a real index server uses.
///
/// A key's value lies in the column family "default" as revision u64 | value; each event lies in
/// "log" under its revision. Both are in one write batch and one synced write of the log of
/// RocksDB, so they cannot drift. Formats: docs/formats/keys.md, docs/formats/events.md.
///
/// A torn tail of that log (power loss in the middle of a write) is cut off when opening; damage
/// before the tail is corrupt and refuses to open.

#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "kv/store.hpp"

namespace rocksdb {
class Env;
}

namespace disgrafs {
class Pool;
}

namespace disgrafs::kv {

struct RocksOptions {
    std::uint64_t events_kept = 1'000'000;  ///< At least so many of the last events can be read.
    std::size_t cache_bytes = 16U << 20U;   ///< Blocks, indexes and filters of files, in RAM.
    std::size_t write_buffer_bytes = 8U << 20U;   ///< Of each of the two column families.
    std::uint64_t free_bytes_min = 32ULL << 20U;  ///< Less free on the disk: commits are exhausted.
    rocksdb::Env* env = nullptr;                  ///< Tests: a faulty one. nullptr: the system.
};

/// Opens the store in folder `path`, made with its parents when absent. Blocking work runs on
/// `pool` (at least one thread; it outlives the store), all else on `executor`, the loop.
/// Errors: conflict (another process has it open), corrupt, io.
Task<std::unique_ptr<Store>> open_rocks_store(
    Pool& pool, boost::asio::any_io_executor executor, std::string path, RocksOptions options
);

}  // namespace disgrafs::kv
