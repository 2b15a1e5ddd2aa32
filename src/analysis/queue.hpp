#pragma once

/// \file analysis/queue.hpp  Files that wait to be understood, in the store, with leases.
///
/// A new version adds its row in the very commit that makes the version exist, so none is
/// forgotten. A worker leases tasks; what it does not answer in time returns to the queue; after
/// attempts_max tries the file is marked failed with the last reason and left alone. Findings
/// become one commit (analysis/tagging.hpp); findings for a version that is no longer current are
/// dropped.
///
/// Rows (key space Q): Q file version → attempts, not_before, reason. Leases live in RAM: after a
/// restart of the index server every row is free again.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "graph/graph.hpp"
#include "io/clock.hpp"
#include "io/task.hpp"
#include "wire/work_service.hpp"

namespace disgrafs::analysis {

struct Findings;  // analysis/findings.hpp

struct QueueOptions {
    Duration lease_time = std::chrono::minutes(2);
    std::uint32_t attempts_max = 3;
    std::size_t tags_max = 12;    ///< Keyphrase tags per file.
    std::size_t similar_max = 8;  ///< SIMILAR edges per file.
    double similar_least = 0.15;  ///< Cosine below this is no edge.
};

struct QueueStatus {
    std::uint64_t queued = 0;  ///< Without those under way.
    std::uint64_t running = 0;
    std::uint64_t failed = 0;  ///< Files marked failed.
};

class Queue {
 public:
    virtual ~Queue() = default;

    /// Adds the row to the caller's transaction, which also sets the file's `analysed: "queued"`.
    virtual void add(graph::Transaction& transaction, NodeId file, std::uint64_t version) = 0;

    /// Up to `count` tasks; waits up to `wait` when there are none. `worker` loses them when it is
    /// gone: release(worker), which
    /// also ends its calls under way with none.
    virtual Task<std::vector<wire::WorkTask>> lease(
        MemberId worker, std::size_t count, Duration wait
    ) = 0;
    virtual void release(MemberId worker) = 0;
    /// The task under a lease. Errors: not_found (expired, answered).
    virtual Result<wire::WorkTask> task(std::uint64_t lease) const = 0;

    /// The answer of disgrafs-analyze: untrusted, so checked and limited. Commits tags, properties,
    /// text, similar files. Errors: not_found (lease), invalid.
    virtual Task<void> finish(std::uint64_t lease, Findings findings) = 0;
    virtual Task<void> report_failure(std::uint64_t lease, std::string reason) = 0;

    [[nodiscard]] virtual QueueStatus status() const = 0;
    /// Called on the loop when status() changed.
    virtual std::shared_ptr<void> listen(std::function<void()> listener) = 0;

    virtual Task<void> run() = 0;
    virtual Task<void> stop() = 0;
};

struct QueueParts {
    graph::Graph* graph = nullptr;
    Clock* clock = nullptr;
    boost::asio::any_io_executor executor;
};
/// Loads queue rows and the vectors of files (key space S) from the store.
Task<std::unique_ptr<Queue>> open_queue(QueueParts parts, QueueOptions options);

}  // namespace disgrafs::analysis
