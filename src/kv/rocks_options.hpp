#pragma once

/// \file kv/rocks_options.hpp  RocksDB made small, strict and quiet.
///
/// Memory is bounded: one cache holds data, index and filter blocks; two write buffers for each
/// column family; few open files; two background jobs. A start replays at most
/// replay_bytes_max of log.

#include <vector>

#include <rocksdb/options.h>

#include "kv/rocks_store.hpp"

namespace disgrafs::kv {

inline constexpr std::uint64_t replay_bytes_max = 32ULL << 20U;

rocksdb::DBOptions database_options(RocksOptions const& options);
rocksdb::ColumnFamilyOptions family_options(
    RocksOptions const& options, std::shared_ptr<rocksdb::Cache> const& cache
);

}  // namespace disgrafs::kv
