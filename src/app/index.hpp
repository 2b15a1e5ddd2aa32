#pragma once

/// \file app/index.hpp  The index server: the one place where its parts are put together.

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "cluster/cluster.hpp"

namespace disgrafs::app {

struct IndexConfig {
    std::string data;  ///< Folder of the store.
    std::string listen = "127.0.0.1:8080";
    std::string name = "index";
    std::string admin_password_file;  ///< Empty: DATA/admin-password.
    cluster::ClusterOptions cluster;
};

/// Serves until SIGINT or SIGTERM. On the first start it makes the store, the administrator
/// (password in admin_password_file, 0600, until it is changed) and the join token
/// (DATA/join-token, 0600). Errors: conflict (port or data folder in use), corrupt, io, invalid.
Result<void> run_index(IndexConfig config);

}  // namespace disgrafs::app
