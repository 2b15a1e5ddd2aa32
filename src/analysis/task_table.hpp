#pragma once

/// \file analysis/task_table.hpp  The queue rows in RAM: who waits, who is under way.
///
/// Follows the rows Q of the store: a commit that puts one makes a task wait, one that removes it
/// ends it. A newer version of a file under way takes the lease away; its findings are dropped.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

namespace disgrafs::analysis {

/// Row Q: varint format 2 | varint version | varint attempts | varint losses | u64 not before (µs)
/// | u64 since (µs) | text reason. Format 1 had no `since`.
struct QueueRow {
    std::uint64_t version = 0;
    std::uint32_t attempts = 0;  ///< Ended in a failure.
    std::uint32_t losses = 0;    ///< Ended because the worker went away.
    Timestamp not_before;
    Timestamp since;     ///< When this version came in; 0: not known (a row of format 1).
    std::string reason;  ///< Of the last failure.
};
Bytes encode_queue_row(QueueRow const& row);
Result<QueueRow> decode_queue_row(ByteView bytes);

struct Lease {
    std::uint64_t id = 0;
    NodeId file;
    std::uint64_t version = 0;
    MemberId worker;
    Duration until{0};  ///< On the steady clock.
};

class TaskTable {
 public:
    void put(NodeId file, QueueRow row);
    void remove(NodeId file);

    /// The task that waits longest and may run at `now`; nullopt when there is none.
    std::optional<NodeId> next(Timestamp now) const;
    /// When the next waiting task may run; nullopt when none waits.
    std::optional<Timestamp> next_time() const;

    /// Since when the one that waits longest waits, of those whose time is known.
    [[nodiscard]] std::optional<Timestamp> oldest() const;

    Lease const& lease(NodeId file, MemberId worker, Duration until);
    [[nodiscard]] Lease const* find(std::uint64_t lease) const;
    [[nodiscard]] QueueRow const* row(NodeId file) const;
    /// Back to those that wait (its row decides when).
    void end_lease(std::uint64_t lease);
    [[nodiscard]] std::vector<Lease> leases_of(MemberId worker) const;
    [[nodiscard]] std::vector<Lease> leases_expired(Duration steady_now) const;

    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
    [[nodiscard]] std::size_t running() const { return leases_.size(); }

 private:
    struct Place {
        Timestamp not_before;
        std::uint64_t order = 0;
        NodeId file;
        friend auto operator<=>(Place const&, Place const&) = default;
    };
    struct Task {
        QueueRow row;
        std::uint64_t order = 0;
        std::uint64_t lease = 0;
    };

    void wait(NodeId file, Task const& task);
    void unwait(NodeId file, Task const& task);

    std::map<NodeId, Task> tasks_;
    std::set<Place> waiting_;
    std::set<std::pair<Timestamp, NodeId>> since_;  ///< Of those that wait and know it.
    std::map<std::uint64_t, Lease> leases_;
    std::uint64_t order_ = 0;
    std::uint64_t last_lease_ = 0;
};

}  // namespace disgrafs::analysis
