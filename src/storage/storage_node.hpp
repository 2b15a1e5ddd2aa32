#pragma once

/// \file storage/storage_node.hpp  A storage node, put together: store, membership, one port.
///
///     port ─┬─ "DGF1…" ─ frames ───────────────────────────┐
///           └─ HTTP ─┬─ /shards/v1: frames over WebSocket ─┴─ ShardKeeper ─ ShardStore
///                    ├─ /metrics
///                    └─ /api/v1/health
///
/// All of the outside world comes in by StorageNodeParts, so it runs in SimWorld as it runs in
/// life. Concurrency: one event loop; the disk works on its pool.

#include <memory>
#include <string>

#include "io/clock.hpp"
#include "io/disk.hpp"
#include "io/network.hpp"
#include "io/random.hpp"
#include "io/task.hpp"
#include "storage/shard_store.hpp"
#include "wire/member_client.hpp"
#include "wire/tls.hpp"

namespace disgrafs::storage {

struct StorageNodeOptions {
    std::string data;  ///< The data folder; the program opens it as StorageNodeParts::disk.
    Address listen{"127.0.0.1", 0};  ///< Port 0: the one of the last start if it is free, else any.
    std::string advertise;           ///< "ip:port" told to the others; empty: what is listened on.
    std::string index_url;           ///< "http://10.0.0.1:8080"
    std::string index_fingerprint;   ///< Of an https index_url whose certificate nobody signed.
    std::string join_token;          ///< Needed the first time only.
    std::string name;                ///< Wished name; empty: the index server chooses.
    ShardStoreOptions store;         ///< capacity_bytes …
    Duration stop_grace = std::chrono::seconds(3);  ///< For requests that run when it is stopped.
    std::size_t connections_max = 4096;             ///< Above: closed at once.
    Duration first_bytes_max = std::chrono::seconds(30);  ///< A connection must say what it speaks.
};

struct StorageNodeParts {
    Disk* disk = nullptr;
    Clock* clock = nullptr;
    Random* random = nullptr;
    Network* network = nullptr;
    boost::asio::any_io_executor executor;
    std::shared_ptr<wire::TlsContext const> tls = nullptr;  ///< For an https index_url.
};

class StorageNode {
 public:
    virtual ~StorageNode() = default;

    /// Where it serves; known from the opening on.
    [[nodiscard]] virtual Address address() const = 0;
    [[nodiscard]] virtual wire::MemberClient const& member() const = 0;
    virtual ShardStore& store() = 0;

    /// Serve, be a member, keep house; until stop(), or until one of these cannot go on: denied or
    /// conflict, when the cluster does not take this node.
    virtual Task<void> run() = 0;
    /// Accept no more, let running requests end for up to stop_grace, write a checkpoint.
    virtual Task<void> stop() = 0;
};

/// Opens the store and the port. Errors: those of open_shard_store; conflict (port in use),
/// invalid.
Task<std::unique_ptr<StorageNode>> open_storage_node(
    StorageNodeParts parts, StorageNodeOptions options
);

}  // namespace disgrafs::storage
