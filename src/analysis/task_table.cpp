#include "analysis/task_table.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "base/assert.hpp"

namespace disgrafs::analysis {

namespace {

constexpr std::uint64_t row_format = 2;
constexpr std::uint64_t row_format_without_since = 1;

}  // namespace

Bytes encode_queue_row(QueueRow const& row) {
    ByteWriter out;
    out.varint(row_format).varint(row.version).varint(row.attempts).varint(row.losses);
    out.u64(static_cast<std::uint64_t>(row.not_before.us));
    out.u64(static_cast<std::uint64_t>(row.since.us)).text(row.reason);
    return out.take();
}

Result<QueueRow> decode_queue_row(ByteView bytes) {
    ByteReader in(bytes);
    auto const format = in.varint();
    if (format != row_format && format != row_format_without_since) {
        return fail(Errc::corrupt, "queue row of format {}", format);
    }
    QueueRow row;
    row.version = in.varint();
    row.attempts = static_cast<std::uint32_t>(in.varint());
    row.losses = static_cast<std::uint32_t>(in.varint());
    row.not_before.us = static_cast<std::int64_t>(in.u64());
    if (format == row_format) row.since.us = static_cast<std::int64_t>(in.u64());
    row.reason = in.text();
    TRY_OK(in.finish("queue row"));
    return row;
}

void TaskTable::wait(NodeId file, Task const& task) {
    waiting_.insert({task.row.not_before, task.order, file});
    if (task.row.since != Timestamp()) since_.emplace(task.row.since, file);
}

void TaskTable::unwait(NodeId file, Task const& task) {
    waiting_.erase({task.row.not_before, task.order, file});
    since_.erase({task.row.since, file});
}

void TaskTable::put(NodeId file, QueueRow row) {
    remove(file);
    Task task{.row = std::move(row), .order = ++order_, .lease = 0};
    wait(file, task);
    tasks_.emplace(file, std::move(task));
}

void TaskTable::remove(NodeId file) {
    auto const found = tasks_.find(file);
    if (found == tasks_.end()) return;
    if (found->second.lease != 0) {
        leases_.erase(found->second.lease);
    } else {
        unwait(file, found->second);
    }
    tasks_.erase(found);
}

std::optional<NodeId> TaskTable::next(Timestamp now) const {
    if (waiting_.empty() || waiting_.begin()->not_before > now) return std::nullopt;
    return waiting_.begin()->file;
}

std::optional<Timestamp> TaskTable::next_time() const {
    if (waiting_.empty()) return std::nullopt;
    return waiting_.begin()->not_before;
}

std::optional<Timestamp> TaskTable::oldest() const {
    if (since_.empty()) return std::nullopt;
    return since_.begin()->first;
}

Lease const& TaskTable::lease(NodeId file, MemberId worker, Duration until) {
    auto& task = tasks_.at(file);
    DISGRAFS_ASSERT(task.lease == 0, "file {} is leased already", file.value);
    unwait(file, task);
    task.lease = ++last_lease_;
    auto const [place, is_new] =
        leases_.emplace(task.lease, Lease{task.lease, file, task.row.version, worker, until});
    DISGRAFS_ASSERT(is_new, "lease {} exists", task.lease);
    return place->second;
}

Lease const* TaskTable::find(std::uint64_t lease) const {
    auto const found = leases_.find(lease);
    return found == leases_.end() ? nullptr : &found->second;
}

QueueRow const* TaskTable::row(NodeId file) const {
    auto const found = tasks_.find(file);
    return found == tasks_.end() ? nullptr : &found->second.row;
}

void TaskTable::end_lease(std::uint64_t lease) {
    auto const found = leases_.find(lease);
    if (found == leases_.end()) return;
    auto const file = found->second.file;
    leases_.erase(found);
    auto& task = tasks_.at(file);
    task.lease = 0;
    wait(file, task);
}

std::vector<Lease> TaskTable::leases_of(MemberId worker) const {
    std::vector<Lease> out;
    for (auto const& [id, lease] : leases_) {
        if (lease.worker == worker) out.push_back(lease);
    }
    return out;
}

std::vector<Lease> TaskTable::leases_expired(Duration steady_now) const {
    std::vector<Lease> out;
    for (auto const& [id, lease] : leases_) {
        if (lease.until <= steady_now) out.push_back(lease);
    }
    return out;
}

}  // namespace disgrafs::analysis
