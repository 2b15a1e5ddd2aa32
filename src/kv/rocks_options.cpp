#include "kv/rocks_options.hpp"

#include <memory>

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

namespace disgrafs::kv {

rocksdb::DBOptions database_options(RocksOptions const& options) {
    rocksdb::DBOptions database;
    if (options.env != nullptr) database.env = options.env;
    database.create_if_missing = true;
    database.create_missing_column_families = true;

    // A torn tail is what power loss leaves; anything else that is damaged must not be skipped.
    // (Recycled log files could not tell the two apart.)
    database.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    database.recycle_log_file_num = 0;
    database.track_and_verify_wals_in_manifest = true;
    database.paranoid_checks = true;
    // A failed write or sync is never tried again.
    database.max_bgerror_resume_count = 0;

    database.max_total_wal_size = replay_bytes_max;
    database.max_background_jobs = 2;
    database.max_open_files = 256;
    database.allow_concurrent_memtable_write = false;  // there is one writer
    database.enable_write_thread_adaptive_yield = false;
    database.bytes_per_sync = 1U << 20U;
    database.skip_stats_update_on_db_open = true;

    database.stats_dump_period_sec = 0;
    database.stats_persist_period_sec = 0;
    database.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
    database.keep_log_file_num = 2;
    database.max_log_file_size = 1U << 20U;
    return database;
}

rocksdb::ColumnFamilyOptions family_options(
    RocksOptions const& options, std::shared_ptr<rocksdb::Cache> const& cache
) {
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = cache;
    table.cache_index_and_filter_blocks = true;
    table.pin_l0_filter_and_index_blocks_in_cache = true;
    table.block_size = 8U << 10U;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.format_version = 5;

    rocksdb::ColumnFamilyOptions family;
    family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    family.write_buffer_size = options.write_buffer_bytes;
    family.max_write_buffer_number = 2;
    family.compression = rocksdb::kLZ4Compression;
    family.level_compaction_dynamic_level_bytes = true;
    family.max_bytes_for_level_base = 32U << 20U;
    family.target_file_size_base = 16U << 20U;
    return family;
}

}  // namespace disgrafs::kv
