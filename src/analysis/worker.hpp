#pragma once

/// \file analysis/worker.hpp  The worker process: leases files, has them analysed, gives findings
/// back.
///
/// Joins the cluster like any member, holds the member WebSocket, and keeps `processes` children
/// disgrafs-analyze warm while there is work (ended after 60 s idle). What kills or stalls a child
/// is reported as a failure with its reason. It keeps no state: kill -9 loses nothing. On its
/// listener it answers /metrics and /api/v1/health.

#include <memory>
#include <string>

#include "io/clock.hpp"
#include "io/disk.hpp"
#include "io/network.hpp"
#include "io/random.hpp"
#include "io/task.hpp"
#include "wire/tls.hpp"

namespace disgrafs::analysis {

struct WorkerConfig {
    std::string index_url;          ///< "http://127.0.0.1:8080"
    std::string index_fingerprint;  ///< Of an https index_url whose certificate nobody signed.
    std::string join_token;
    std::string name;             ///< Wished member name ("w1").
    std::string analyze_program;  ///< Path of disgrafs-analyze.
    std::size_t processes = 2;
};

struct WorkerParts {
    Disk* disk = nullptr;  ///< Its data folder: member id and key, mode 0600.
    Clock* clock = nullptr;
    Random* random = nullptr;
    Network* network = nullptr;
    Listener* listener = nullptr;  ///< For /metrics and health; nullptr: nobody may ask.
    boost::asio::any_io_executor executor;
    std::shared_ptr<wire::TlsContext const> tls = nullptr;  ///< For an https index_url.
};

class Worker {
 public:
    virtual ~Worker() = default;
    virtual Task<void> run() = 0;  ///< Until stop(); reconnects for ever, with growing pauses.
    virtual Task<void> stop() = 0;
};
std::unique_ptr<Worker> make_worker(WorkerParts parts, WorkerConfig config);

}  // namespace disgrafs::analysis
