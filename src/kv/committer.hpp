#pragma once

/// \file kv/committer.hpp  Gathers the commits that arrive while another group is written.
///
/// Likeness: a ferry. Who comes while it crosses waits on the quay; it takes all of them at once.
/// One group is written at a time, by one sync; commits of a group are decided in order of arrival,
/// each seeing the ones before it.
///
/// Concurrency: one event loop.

#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "io/task_group.hpp"
#include "io/wake.hpp"
#include "kv/store.hpp"

namespace disgrafs::kv {

inline constexpr std::size_t group_commits_max = 1024;
inline constexpr std::size_t group_bytes_max = 4U << 20U;

/// A batch on its way.
struct Pending {
    Batch batch;
    Result<Revision> answer = Revision{0};
};

/// Batches that are written together.
struct Group {
    explicit Group(boost::asio::any_io_executor executor) : settled(std::move(executor)) {}

    std::vector<Pending> commits;
    std::size_t bytes = 0;
    bool is_settled = false;  ///< All answers are in.
    Wake settled;
};

class Committer {
 public:
    /// Decides each commit of the group, writes what was accepted, and syncs. Its error is the
    /// answer to every commit of the group.
    using WriteGroup = std::function<Task<void>(Group&)>;

    Committer(boost::asio::any_io_executor executor, WriteGroup write);

    Task<Revision> commit(Batch batch);
    /// Writes what waits, refuses what comes later (cancelled).
    Task<void> stop();

 private:
    Task<void> run();
    std::shared_ptr<Group> new_group();

    boost::asio::any_io_executor executor_;
    WriteGroup write_;
    std::shared_ptr<Group> forming_;  ///< Shared with the commits that wait in it.
    Wake arrived_;
    bool is_stopping_ = false;
    TaskGroup tasks_;
};

}  // namespace disgrafs::kv
