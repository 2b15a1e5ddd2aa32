#pragma once

/// \file app/storage.hpp  One storage node as a program.

#include "base/result.hpp"
#include "storage/storage_node.hpp"

namespace disgrafs::app {

/// Serves until SIGINT or SIGTERM, or until the cluster does not take it. options.data is made when
/// absent. Errors: conflict (port, data folder or disk in use; another cluster's disk), denied
/// (join token), io.
Result<void> run_storage(storage::StorageNodeOptions options);

}  // namespace disgrafs::app
